"""A real browser opens the desk's own pages: axe finds nothing, nothing sticks out at phone width, the console stays quiet.

Needs Chromium: the one of the system, or the one Playwright brought.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from callbox.governance import members
from callbox.people.roles import Role
from tests.people import make_cast, person, signed_in

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
OUTSIDE = [
    "/account/login/",
    "/account/closed/",
    "/account/password/forgotten/",
    "/welcome/nothing/",
    "/account/password/forgotten/sent/",
]
INSIDE = [
    "/a/harbour/people/",
    "/a/harbour/people/invite/",
    "/a/harbour/settings/",
    "/a/harbour/audit/",
    "/a/harbour/accounts/",
    "/a/harbour/accounts/state/",
    "/a/harbour/accounts/connected/",
    "/a/harbour/accounts/connected/new/",
    "/a/harbour/accounts/connected/new/mastodon/",
    "/a/harbour/accounts/connected/new/newsroom/",
    "/a/harbour/messages/",
    "/account/",
    "/account/second-factor/",
    "/account/confirm/",
    "/account/password/",
    "/account/logout/",
    "/account/factors/",
    "/account/factors/webauthn/",
    "/a/nowhere/",
]
LOOKS = [(1280, "light"), (390, "dark")]  # both widths and both colour schemes in two rounds


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            yield playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        except Error as error:
            if "Executable doesn't exist" in str(error):
                pytest.skip("no Chromium on this machine")
            raise


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_and_nothing_sticks_out(live_server: LiveServer, width: int, scheme: str) -> None:
    cast = make_cast()
    members.invite(agency=cast.agency, email="grace@harbour.example", name="Grace", role=Role.REVIEWER, by=cast.erin)
    newcomer = person("Newcomer", cast.agency, Role.VIEWER, second_factor=False)
    cookies = {
        user.pk: {"name": "callbox", "value": signed_in(user).cookies["callbox"].value, "url": live_server.url}
        for user in (cast.erin, newcomer)
    }
    visits = (
        [(path, None) for path in OUTSIDE]
        + [(path, cast.erin.pk) for path in INSIDE]
        + [("/account/second-factor/", newcomer.pk)]
    )
    found: list[str] = []
    with chromium() as browser:
        for path, who in visits:
            context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
            if who is not None:
                context.add_cookies([cookies[who]])  # type: ignore[list-item]
            page = context.new_page()
            said = _listen(page)
            page.goto(live_server.url + path)
            found += [
                f"{path}: {one['id']} {one['nodes'][0]['html']}" for one in Axe().run(page).response["violations"]
            ]
            found += [f"{path}: {text}" for text in said if _bad(text)]
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append(f"{path}: sticks out at {width} px")
            context.close()
        browser.close()
    assert found == []


def _listen(page: Page) -> list[str]:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    return said


def _bad(text: str) -> bool:
    return "Content Security Policy" in text or "Refused" in text or "Uncaught" in text


@pytest.mark.browser
@pytest.mark.slow
def test_the_menu_opens_without_script_at_phone_width(live_server: LiveServer) -> None:
    cast = make_cast()
    cookie = {"name": "callbox", "value": signed_in(cast.erin).cookies["callbox"].value, "url": live_server.url}
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=False)
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(f"{live_server.url}/a/harbour/people/")
        assert not page.get_by_role("link", name="Audit").is_visible()
        page.get_by_role("link", name="Menu", exact=True).click()
        page.get_by_role("link", name="Audit").click()
        assert page.url.endswith("/a/harbour/audit/")
        page.get_by_role("button", name="Dark").click()
        assert page.locator("html").get_attribute("data-bs-theme") == "dark"
        browser.close()
