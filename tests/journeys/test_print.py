"""On paper and in forced colours nothing is lost, and nothing is there that belongs to a screen alone."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator

import pypdf
import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from callbox.maturity.services import assessments, measuring, statements
from tests.desk.assessments.conftest import posts
from tests.journeys.hands import Window, window
from tests.people import make_cast

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAGES = [
    "profile/",
    "practices/",
    "practices/V3/",
    "assessments/{pk}/",
    "assessments/{pk}/export/",
    "reports/{pk}/chief/",
    "reports/{pk}/full/",
    "roadmap/",
    "evidence/",
]
#: What a reader of paper cannot press.
SCREEN_ONLY = ("Skip to the content", "As the device", "Sign out", "Menu")
#: What is folded away on the screen; the page for the chief keeps to one sheet by leaving its pictures' tables to the full report.
FOLDED = "main details:not(:has(form), .one-page .picture *) :is(li, td, p, dd)"
HIDDEN = "all => all.filter(one => !one.checkVisibility()).map(one => one.textContent)"
CONTRAST = """([front, back]) => {
  const light = text => { const [r, g, b] = text.match(/[\\d.]+/g).map(Number).map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
  const [one, two] = [light(front), light(back)].sort((a, b) => b - a); return (one + .05) / (two + .05); }"""


@pytest.fixture
def printer(machine: Browser, live_server: LiveServer) -> Iterator[tuple[Window, list[str]]]:
    cast = make_cast()
    started = assessments.start_from_files(
        agency=cast.agency, title="Spring", files=[assessments.Incoming("harbour.csv", [posts()])], by=cast.alice
    )
    measuring.measure_waiting()
    statements.declare(agency=cast.agency, levels={"V3": 5, "T1": 3}, by=cast.alice)
    with window(machine, live_server, who=cast.alice) as opened:
        yield opened, [f"/a/harbour/{path.format(pk=started.pk)}" for path in PAGES]


def _squeezed(text: str) -> str:
    """Return a text without spaces and without the joined letters of print."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def test_printed_pages_keep_every_heading_and_every_folded_answer(printer: tuple[Window, list[str]]) -> None:
    missing = []
    seen, pages = printer
    for path in pages:
        seen.open(path)
        wanted = seen.page.locator("main :is(h1, h2, h3):not(form *)").all_inner_texts()
        seen.page.emulate_media(media="print")
        folded = seen.page.eval_on_selector_all(FOLDED, HIDDEN)
        missing += [f"{path} folds away: {text}" for text in folded]
        paper = pypdf.PdfReader(io.BytesIO(seen.page.pdf(format="A4", prefer_css_page_size=True)))
        printed = _squeezed("".join(sheet.extract_text() for sheet in paper.pages))
        missing += [f"{path} loses: {text}" for text in wanted if _squeezed(text) not in printed]
        if path.endswith("/chief/") and len(paper.pages) != 1:
            missing.append(f"{path} takes {len(paper.pages)} sheets")
        missing += [f"{path} prints: {text}" for text in SCREEN_ONLY if _squeezed(text) in printed]
        for part in (".places", ".top-tools", ".crumbs", ".theme"):
            assert not any(each.is_visible() for each in seen.page.locator(part).all()), f"{path} prints {part}"
        seen.page.emulate_media(media="screen")
    assert "\n".join(missing) == ""


def test_range_bars_stay_readable_in_forced_colours(printer: tuple[Window, list[str]]) -> None:
    seen, _pages = printer
    for scheme in ("light", "dark"):
        seen.page.emulate_media(forced_colors="active", color_scheme=scheme)
        seen.open("/a/harbour/practices/")
        seen.look(f"forced-{scheme}")
        paper = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
        shown = seen.page.locator(".range-shown").first.evaluate("bar => getComputedStyle(bar).fill")
        edge = seen.page.locator(".range-maybe").first.evaluate("bar => getComputedStyle(bar).stroke")
        assert seen.page.evaluate(CONTRAST, [shown, paper]) > 3
        assert seen.page.evaluate(CONTRAST, [edge, paper]) > 3
        assert re.search("[1-5] of 5", seen.text), "the figure stands beside the bar"
