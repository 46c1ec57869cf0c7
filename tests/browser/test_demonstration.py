"""Every page of the demonstration agency in a real browser: axe finds nothing, nothing sticks out, nothing is broken.

Each kind of page is opened once for each role that sees it differently, and looked at in both widths and both colour schemes as it stands.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve, reverse
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as WaitedTooLong

from callbox.people.roles import Role
from tests.browser.site import browser, chromium, demonstration, signed_in
from tests.desk.test_matrix import ARGUMENTS, OF_AGENCY
from tests.portal import matrix as portal

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine"),
]
#: What a page is looked at in, one after the other: both widths and both colour schemes in two looks.
LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1280, "light"), (390, "dark"))
#: More pages than this means that the crawl runs in circles.
MOST = 2500
#: Pages whose addresses differ in the number only are looked at this often.
EACH_KIND = 2
#: Who walks through the desk, in this order; whoever comes later looks only at kinds of pages that nobody before has seen.
WALKERS = {
    Role.CHIEF: "chief@riverton.example",
    Role.PRESS_OFFICER: "news@riverton.example",
    Role.ANALYST: "analyst@riverton.example",
    Role.RECORDS_OFFICER: "keeper@riverton.example",
    Role.ADMINISTRATOR: "admin@riverton.example",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with demonstration(tmp_path_factory.mktemp("demonstration")) as found:
        yield found


@pytest.fixture(scope="module")
def machine() -> Iterator[Browser]:
    with browser() as found:
        yield found


def _kind(path: str) -> str:
    """What a page is: the name of its address on the desk; on the portal the address without numbers and secrets."""
    if path.startswith(("/a/", "/account/")):
        return resolve(path).view_name
    return "/".join("*" if any(c.isdigit() for c in part) else part for part in path.split("/"))


def _links(page: Page, address: str) -> list[str]:
    found = page.eval_on_selector_all(
        "a[href]", "links => links.filter(a => !a.hasAttribute('download')).map(a => a.href)"
    )
    inside = [urlsplit(link) for link in found if link.startswith(address)]
    return [link.path for link in inside]


def crawl(page: Page, address: str, *, starts: list[str], seen: dict[str, int], within: str) -> Iterator[str]:
    """Visit every page below `within` that links lead to, each kind of address a few times, and yield its path while it is open.

    seen: how often each kind was looked at so far; counted on, so that several walkers share it.
    """
    waiting, known = list(starts), set(starts)
    while waiting:
        path = waiting.pop(0)
        if seen.get(_kind(path), 0) >= EACH_KIND:
            continue
        seen[_kind(path)] = seen.get(_kind(path), 0) + 1
        answer = page.request.get(address + path)
        assert answer.status == 200, f"{path} answers {answer.status}"
        if "text/html" not in answer.headers["content-type"]:
            continue
        page.goto(address + path)
        yield path
        links = dict.fromkeys(_links(page, address))
        new = [link for link in links if link not in known and re.match(within, link)]
        known.update(new)
        waiting += new
        assert len(known) < MOST


def _look(page: Page, path: str) -> Iterator[str]:
    """Look at a page as it stands; yield what is wrong."""
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        # Without motion: axe would measure colours in the middle of their change.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for one in Axe().run(page).response["violations"]:
            yield f"{path} at {width} px, {scheme}: {one['id']} {one['nodes'][0]['html']}"
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            yield f"{path}: sticks out at {width} px"


def _listening(page: Page) -> list[str]:
    """Return the list into which everything goes that the browser complains of."""
    found: list[str] = []
    page.on("console", lambda message: found.append(f"{page.url}: {message.text}") if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(f"{page.url}: {error}"))
    return found


def _addresses(role: Role) -> list[str]:
    """Return the pages of the agency that a role opens and whose address needs no more than the agency."""
    rows = [name for name, (methods, roles) in OF_AGENCY.items() if "GET" in methods and role in roles]
    return [reverse(name, kwargs={"agency": "riverton"}) for name in rows if name not in ARGUMENTS]


def test_every_page_of_the_desk_passes_axe_and_fits(machine: Browser, address: str) -> None:
    wrong: list[str] = []
    seen: dict[str, int] = {}
    visited = 0
    for role, who in WALKERS.items():
        context = signed_in(machine, address, who=who)
        page = context.new_page()
        complaints = _listening(page)
        starts = ["/a/riverton/profile/", *_addresses(role)]
        for path in crawl(page, address, starts=starts, seen=seen, within="/a/riverton/|/account/$"):
            visited += 1
            wrong += _look(page, path)
        wrong += complaints
        context.close()
    print(f"\n{visited} pages of the desk, {len(seen)} kinds")
    assert wrong == []
    assert visited > 60


def test_every_page_of_the_portal_passes_axe_and_fits(machine: Browser, address: str) -> None:
    """In English and in Arabic, whose pages run from right to left; every one opens without script and sets no cookie."""
    context = machine.new_context()
    page = context.new_page()
    wrong, seen, visited = _listening(page), dict[str, int](), 0
    plain = machine.new_context(java_script_enabled=False)
    rows = [name for name, (methods, _kept) in portal.OF_AGENCY.items() if "GET" in methods]
    known = [
        reverse(name, urlconf="callbox.portal.urls", kwargs={"agency": "riverton"})
        for name in rows
        if name not in portal.ARGUMENTS
    ]
    for start in ("", "/ar"):
        starts = [f"{start}{path}" for path in known]
        for path in crawl(page, address, starts=starts, seen=seen, within=f"{start}/p/riverton/"):
            visited += 1
            wrong += _look(page, path)
            bare = plain.new_page()
            bare.goto(address + path)
            assert bare.locator("h1").count() == 1, path
            bare.close()
    assert context.cookies() == plain.cookies() == []
    context.close()
    plain.close()
    print(f"\n{visited} pages of the portal")
    assert wrong == []
    assert visited > 20


@pytest.mark.parametrize("wide", [1280, 390])
def test_residents_ask_subscribe_and_send_a_tip_without_script(machine: Browser, address: str, wide: int) -> None:
    """T-16: each task from its page to its end, with a browser that runs no script and keeps nothing."""
    context = machine.new_context(java_script_enabled=False, viewport={"width": wide, "height": 800})
    page = context.new_page()
    page.goto(f"{address}/p/riverton/tip/")
    page.get_by_label("What do you know?").fill("The stolen bicycles stand behind the old mill.")
    page.get_by_role("button", name="Send the tip").click()
    words = " ".join(page.locator("ol.words li").all_inner_texts())
    assert len(words.split()) == 9
    page.goto(f"{address}/p/riverton/tip/again/")
    page.get_by_label("Your nine words").fill(words)
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_text("It has arrived.")).to_be_visible()
    page.get_by_label("Write again").fill("Four of them.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Your letter is sealed and stored.")).to_be_visible()

    page.goto(f"{address}/p/riverton/ask/")
    page.get_by_label("Your question").fill("Is the footbridge open on Sunday?")
    page.get_by_role("button", name="Send the question").click()
    expect(page.get_by_text("Is the footbridge open on Sunday?")).to_be_visible()
    page.goto(f"{address}/p/riverton/subscribe/")
    page.get_by_label("Your e-mail address").fill(f"resident-{wide}@town.example")
    page.get_by_role("button", name="Send me a letter to confirm").click()
    expect(page.get_by_label("Your e-mail address")).to_have_count(0)
    assert context.cookies() == []
    context.close()


def test_the_tour_signs_in_and_a_resident_answers_within_seconds(machine: Browser, address: str) -> None:
    context = machine.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    wrong = _listening(page)
    page.goto(f"{address}/tour/")
    wrong += _look(page, "/tour/")
    page.get_by_role("button", name="A resident answers").click()
    expect(page.locator("#messages")).to_contain_text("A resident has answered")
    page.get_by_role("button", name="Go as Luis Ferro").click()
    expect(page.get_by_role("heading", name="Inbox", exact=True)).to_be_visible()

    _until_it_shows(page, "Until when exactly?")
    page.get_by_text("Until when exactly?").first.click()
    expect(page.get_by_role("button", name="Claim it")).to_be_visible()
    context.close()
    assert wrong == []


def _until_it_shows(page: Page, words: str) -> None:
    """Open the page again until the words stand there; the worker takes a few seconds, more on a busy machine."""
    for _attempt in range(30):
        with contextlib.suppress(WaitedTooLong):
            page.get_by_text(words).first.wait_for(timeout=2000)
            return
        page.reload()
    pytest.fail(f"{page.url} did not show “{words}” within a minute")


def test_every_page_opens_without_script(machine: Browser, address: str) -> None:
    context = signed_in(machine, address, java_script_enabled=False)
    page = context.new_page()
    found = crawl(page, address, starts=["/a/riverton/profile/"], seen={}, within="/a/riverton/")
    assert sum(bool(page.locator("h1").count()) for _path in found) > 15
    context.close()


def test_a_stranger_of_another_agency_finds_nothing(machine: Browser, address: str, tmp_path: Path) -> None:
    context = signed_in(machine, address, who="chief@lakeside.example")
    page = context.new_page()
    assert page.request.get(f"{address}/a/riverton/profile/").status == 404
    context.close()
