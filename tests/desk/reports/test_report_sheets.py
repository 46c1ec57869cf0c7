"""The reports in a real browser: on one sheet, with their numbers on paper, clean for axe, without script. Needs Chromium."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from callbox.maturity import peers
from callbox.maturity.models import Assessment
from callbox.maturity.report.inputs import BenchmarkRow
from callbox.maturity.services import assessments, measuring
from tests.desk.assessments.conftest import posts
from tests.desk.test_accessibility import chromium
from tests.people import Cast, make_cast, signed_in

PLACES = ("", "{pk}/chief/", "{pk}/full/")


@pytest.fixture
def measured(
    live_server: LiveServer, settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Cast, Assessment]:
    """Harbour's record, measured, with an earlier assessment for the trend, and others to compare with."""
    rows = tuple(
        BenchmarkRow(name, 1, 1, 2, 3, 7, date(2026, 3, 1), peers.SOURCE)
        for name in ("Voice", "Trust", "Collaboration", "Intelligence", "Operations")
    )
    monkeypatch.setattr(peers, "reported", lambda *_: rows)
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    cache.clear()
    cast = make_cast()
    assessment = assessments.start_from_files(
        agency=cast.agency, title="Spring", files=[assessments.Incoming("harbour.csv", [posts()])], by=cast.alice
    )
    measuring.measure_waiting()
    newest = Assessment.objects.get(pk=assessment.pk)
    assert newest.as_of is not None, newest.why
    earlier = Assessment.objects.get(pk=assessment.pk)
    earlier.pk, earlier.title, earlier.as_of = None, "Autumn", newest.as_of - timedelta(days=180)
    earlier._state.adding = True
    earlier.save()
    return cast, newest


def printed(page: Page) -> list[str]:
    """Return the text of each sheet of paper."""
    made = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert all((round(sheet.mediabox.width), round(sheet.mediabox.height)) == (595, 842) for sheet in made.pages)
    return [" ".join(sheet.extract_text().split()) for sheet in made.pages]


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize(
    ("width", "scheme", "script"), [(1280, "light", True), (390, "dark", True), (390, "light", False)]
)
def test_reports_are_readable_by_everyone_on_screen_and_on_paper(
    live_server: LiveServer, measured: tuple[Cast, Assessment], width: int, scheme: str, script: bool
) -> None:
    cast, assessment = measured
    cookie = {"name": "callbox", "value": signed_in(cast.alice).cookies["callbox"].value, "url": live_server.url}
    found: list[str] = []
    sheets: dict[str, list[str]] = {}
    with chromium() as browser:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=script,
        )
        context.add_cookies([cookie])  # type: ignore[list-item]
        for place in PLACES:
            page = context.new_page()
            page.goto(f"{live_server.url}/a/harbour/reports/{place.format(pk=assessment.pk)}")
            if script:
                found += [
                    f"{place}: {one['id']} {one['nodes'][0]['html']}" for one in Axe().run(page).response["violations"]
                ]
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append(f"{place}: sticks out at {width} px")
            sheets[place] = printed(page)
        browser.close()
    assert found == []
    chief, full = sheets["{pk}/chief/"], " ".join(sheets["{pk}/full/"])
    assert len(chief) == 1
    for told in (
        "Where we stand",
        "Trend",
        "Compared with other agencies",
        "n = 7",
        "harbour.csv",
        "There is no overall mark",
        "Made with Callbox",
    ):
        assert told in chief[0]
    for told in (
        "Week from",
        "Monday Tuesday Wednesday",
        "V1 Purpose",
        "Annex: method",
    ):  # closed on screen, open on paper
        assert told in full
