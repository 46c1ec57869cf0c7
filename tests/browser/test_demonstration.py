"""Every page of the demonstration agency in a real browser: axe finds nothing, nothing sticks out, nothing is broken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.site import browser, chromium, demonstration, signed_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine"),
]
#: Both widths and both colour schemes in two rounds.
LOOKS = [(1280, "light"), (390, "dark")]
#: More pages than this means that the crawl runs in circles.
MOST = 250
#: Pages whose addresses differ in the number only are looked at this often.
EACH_KIND = 2


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with demonstration(tmp_path_factory.mktemp("demonstration")) as found:
        yield found


@pytest.fixture(scope="module")
def machine() -> Iterator[Browser]:
    with browser() as found:
        yield found


def _kind(path: str) -> str:
    """An address with its practice ids, condition ids and numbers left out."""
    return "/".join("*" if any(c.isdigit() for c in part) else part for part in path.split("/"))


def _links(page: Page, address: str) -> list[str]:
    found = page.eval_on_selector_all(
        "a[href]", "links => links.filter(a => !a.hasAttribute('download')).map(a => a.href)"
    )
    inside = [urlsplit(link) for link in found if link.startswith(address)]
    return [link.path for link in inside]


def crawl(page: Page, address: str, *, start: str = "/a/riverton/profile/") -> Iterator[str]:
    """Visit every page that links lead to, each kind of address a few times, and yield its path while it is open."""
    waiting, seen, kinds = [start], {start}, dict[str, int]()
    while waiting:
        path = waiting.pop(0)
        kinds[_kind(path)] = kinds.get(_kind(path), 0) + 1
        if kinds[_kind(path)] > EACH_KIND:
            continue
        answer = page.request.get(address + path)
        assert answer.status == 200, f"{path} answers {answer.status}"
        if "text/html" not in answer.headers["content-type"]:
            continue
        page.goto(address + path)
        yield path
        new = [link for link in _links(page, address) if link not in seen and "logout" not in link]
        seen.update(new)
        waiting += new
        assert len(seen) < MOST * 10


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_and_nothing_sticks_out(machine: Browser, address: str, width: int, scheme: str) -> None:
    context = signed_in(machine, address, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    found: list[str] = []
    page.on("console", lambda message: found.append(f"{page.url}: {message.text}") if message.type == "error" else None)
    visited = 0
    for path in crawl(page, address):
        visited += 1
        found += [f"{path}: {one['id']} {one['nodes'][0]['html']}" for one in Axe().run(page).response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{path}: sticks out at {width} px")
    context.close()
    assert found == []
    assert visited > 15


def test_every_page_opens_without_script(machine: Browser, address: str) -> None:
    context = signed_in(machine, address, java_script_enabled=False)
    page = context.new_page()
    assert sum(bool(page.locator("h1").count()) for _path in crawl(page, address)) > 15
    context.close()


def test_a_stranger_of_another_agency_finds_nothing(machine: Browser, address: str, tmp_path: Path) -> None:
    context = signed_in(machine, address, who="chief@lakeside.example")
    page = context.new_page()
    assert page.request.get(f"{address}/a/riverton/profile/").status == 404
    context.close()
