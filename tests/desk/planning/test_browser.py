"""States of these pages that no link leads to, in a real browser: axe finds nothing, nothing sticks out, what-if answers at once."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from callbox.config.demo import peers
from callbox.maturity.roadmap.path import Wish
from callbox.maturity.scoring.evidence import Band
from callbox.maturity.services import comparing, planning
from tests.desk.planning.conftest import Make
from tests.desk.test_accessibility import LOOKS, chromium
from tests.people import Cast, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
STATES = (
    "roadmap/",
    "roadmap/way/?up=1&budget=120",
    "roadmap/way/?trust=4&budget=2",
    "roadmap/way/?trust=9&budget=x",
    "what-if/?step=V5:3&step=T1:2",
    "compare/",
    "compare/share/?country=NO",
    "compare/share/?country=Norway",
    "trend/",
    "roadmap/hours/V5/",
)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_in_any_state(
    live_server: LiveServer, cast: Cast, make: Make, width: int, scheme: str
) -> None:
    make(90, V1=2, V2=2)
    newest, today = make(), timezone.localdate()
    planning.choose(assessment=newest, wish=Wish({"intelligence": 3}), budget=150, begins=today, by=cast.bob)
    comparing.receive(agency=cast.agency, incoming=peers.files(band=Band.FROM_100, now=timezone.now()), by=cast.bob)
    cookie = {"name": "callbox", "value": signed_in(cast.bob).cookies["callbox"].value, "url": live_server.url}
    found: list[str] = []
    with chromium() as browser:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        for state in STATES:
            page.goto(f"{live_server.url}/a/harbour/{state}")
            found += [
                f"{state}: {one['id']} {one['nodes'][0]['html']}" for one in Axe().run(page).response["violations"]
            ]
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append(f"{state}: sticks out at {width} px")
        browser.close()
    assert found == []


@pytest.mark.parametrize("script", [True, False])
def test_ticking_shows_what_changes_with_and_without_script(
    live_server: LiveServer, cast: Cast, make: Make, *, script: bool
) -> None:
    make()
    cookie = {"name": "callbox", "value": signed_in(cast.bob).cookies["callbox"].value, "url": live_server.url}
    with chromium() as browser:
        context = browser.new_context(java_script_enabled=script)
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(f"{live_server.url}/a/harbour/what-if/")
        page.locator("input[value='V3:2']").check()
        if not script:
            page.get_by_role("button", name="Show what changes").first.click()
        expect(page.locator("#then h2")).to_contain_text("One step")
        assert "step=V3%3A2" in page.url
        assert page.locator("input[value='V3:2']").is_checked()
        browser.close()
