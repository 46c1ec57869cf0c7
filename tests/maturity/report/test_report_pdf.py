"""The printed reports: PDF/UA-1 as the compiler checks it, tagged, titled, in a language, whatever people are called."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbox.core.text import Reason
from callbox.maturity.model import loader
from callbox.maturity.model.wording import words_of
from callbox.maturity.report import pdf
from callbox.maturity.report.canvas import Sheet
from callbox.maturity.report.inputs import ReportInput
from callbox.maturity.report.page import page_data
from callbox.maturity.report.table import Table
from callbox.maturity.scoring import score as scoring
from callbox.maturity.scoring.evidence import Standing
from tests.maturity.report import sample

REPORTS: dict[str, Callable[[], ReportInput]] = {
    "everything": sample.full,
    "all unknown": lambda: sample.full(sample.unknown()),
    "not applicable": lambda: sample.full(sample.without_intelligence()),
    "nothing but a profile": lambda: ReportInput(sample.profile(), sample.WORDS),
    "at the top": lambda: ReportInput(sample.profile(shown=5, at_most=5), sample.WORDS),
}
MAKERS = {"one page": pdf.one_page, "full": pdf.full}


def opened(made: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(made), strict=True)


def text(reader: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def flat(outline: Any) -> list[str]:
    """The titles of all bookmarks."""
    return [title for entry in outline for title in (flat(entry) if isinstance(entry, list) else [entry["/Title"]])]


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("kind", REPORTS)
def test_the_pdf_is_tagged_and_has_language_title_and_headings(kind: str, maker: str) -> None:
    reader = opened(MAKERS[maker](REPORTS[kind]()))
    root = reader.root_object
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]) == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    assert reader.metadata is not None
    assert reader.metadata.title == "Social media maturity of Riverton Police"
    assert b"pdfuaid" in root["/Metadata"].get_data()  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", REPORTS)
def test_the_page_for_the_chief_is_one_page(kind: str) -> None:
    assert len(opened(pdf.one_page(REPORTS[kind]())).pages) == 1


@pytest.mark.parametrize("make", [pdf.one_page, pdf.full])
def test_a_record_taken_at_any_instant_makes_a_report(make: Callable[[ReportInput], bytes]) -> None:
    report = sample.full()
    finer = report.profile.as_of.replace(microsecond=123_456)  # what Callbox itself recorded is read at any instant
    assert opened(make(dataclasses.replace(report, profile=dataclasses.replace(report.profile, as_of=finer)))).pages


def test_five_comparisons_and_long_files_still_fit_one_page() -> None:
    report = sample.full()
    row = dataclasses.replace(report.benchmark[0], source="levels shared by agencies of the same size, as signed files")
    files = [{"name": f"archive-of-a-network-{n}-2026-11-22-riverton.zip", "kept": 1296} for n in range(6)]
    report = dataclasses.replace(
        report,
        benchmark=(row,) * 5,
        profile=dataclasses.replace(report.profile, record={"files": files}, remarks=(Reason("band_unknown"),)),
    )
    assert len(opened(pdf.one_page(report)).pages) == 1


def test_the_one_page_holds_what_a_chief_asks() -> None:
    told = text(opened(pdf.one_page(sample.full())))
    for asked in (
        "As of 3 April 2026",
        "model v1",
        "weakest link",
        "What we found",
        "What to do next",
        "Trend",
        "n = 7",
    ):
        assert asked in told


def test_the_full_report_says_why_a_figure_is_not_shown_and_prints_n_window_and_basis() -> None:
    reader = opened(pdf.full(sample.full()))
    told = " ".join(" ".join(page.extract_text().split()) for page in reader.pages[6:12])  # voice and trust
    assert "this record holds no replies to others" in told
    assert "n = 27, 3 January 2026 to 3 April 2026" in told
    assert "basis: expert" in told
    titles = flat(reader.outline)
    assert {"The profile", "Voice", "Gaps", "Roadmap", "Annex: evidence", "Annex: the record", "Annex: method"} <= set(
        titles
    )


def test_a_profile_of_the_real_model_prints() -> None:
    model = loader.load()
    profile = scoring.score(model, {}, Standing(), agency="Riverton", as_of=sample.AS_OF)
    report = ReportInput(profile, words_of(model))
    assert len(opened(pdf.one_page(report)).pages) == 1
    titles = flat(opened(pdf.full(report)).outline)
    assert all(f"{practice.id} {practice.name}" in titles for practice in model.practices)


@pytest.mark.parametrize("name", sample.HOSTILE)
def test_what_people_are_called_is_never_run(name: str) -> None:
    made = opened(pdf.one_page(sample.hostile(name)))
    assert made.metadata is not None
    assert (made.metadata.title or "").startswith("Social media maturity of ")


def test_markup_is_printed_as_it_was_typed() -> None:
    assert "#panic() $x$ *b* _i_ `r` <l> @ref" in text(opened(pdf.one_page(sample.hostile(sample.HOSTILE[0]))))


@pytest.mark.parametrize("name", sample.HOSTILE[4:9])
def test_the_full_report_bears_any_text(name: str) -> None:
    assert len(opened(pdf.full(sample.hostile(name))).pages) > 5


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40))
@settings(deadline=None, max_examples=15)
def test_any_text_can_be_set_and_drawn(words: str) -> None:
    sheet = Sheet(400, 40)
    sheet.text(0, 20, words)
    chart = sheet.chart("c", title=words, description=words, table=Table("t", "T", (), ()))
    report = ReportInput(dataclasses.replace(sample.unknown(), practices=(), areas=(), agency=words), sample.WORDS)
    files = pdf.files("one_page.typ", report, page_data(report)) | {"profile.svg": pdf.picture(chart).encode()}
    assert pdf.compiled(files, at=sample.AS_OF).startswith(b"%PDF")


def test_the_same_report_is_the_same_file() -> None:
    assert pdf.one_page(sample.full()) == pdf.one_page(sample.full())


def test_arabic_and_hebrew_names_are_set_in_a_font_that_knows_them() -> None:
    report = dataclasses.replace(sample.full(sample.profile(agency="شرطة المدينة")), benchmark=())
    title = opened(pdf.one_page(report)).metadata
    assert title is not None
    assert title.title == "Social media maturity of شرطة المدينة"
