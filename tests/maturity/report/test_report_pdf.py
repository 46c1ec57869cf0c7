"""The printed reports: PDF/UA-1 as the compiler checks it, tagged, titled, in a language, whatever people are called."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable

import pypdf
import pytest

from callbox.maturity import loader, scoring
from callbox.maturity.evidence import Standing
from callbox.maturity.report import pdf
from callbox.maturity.report.inputs import ReportInput
from callbox.maturity.wording import words_of
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
    told = text(reader)
    assert "this record holds no replies to others" in told
    assert "n = 27, 3 January 2026 to 3 April 2026" in told
    assert "basis: expert" in told
    titles = [entry["/Title"] for entry in reader.outline if isinstance(entry, dict)]
    assert {"The profile", "Voice", "Gaps", "Roadmap", "Annex: evidence", "Annex: the record", "Annex: method"} <= set(
        titles
    )


def test_a_profile_of_the_real_model_prints() -> None:
    model = loader.load()
    profile = scoring.score(model, {}, Standing(), agency="Riverton", as_of=sample.AS_OF)
    report = ReportInput(profile, words_of(model))
    assert len(opened(pdf.one_page(report)).pages) == 1
    told = text(opened(pdf.full(report)))
    assert all(practice.name.split()[0] in told for practice in model.practices)


@pytest.mark.parametrize("name", sample.HOSTILE)
def test_what_people_are_called_is_never_run(name: str) -> None:
    made = opened(pdf.one_page(sample.hostile(name)))
    assert made.metadata is not None
    assert (made.metadata.title or "").startswith("Social media maturity of ")


def test_markup_is_printed_as_it_was_typed() -> None:
    told = text(opened(pdf.full(sample.hostile(sample.HOSTILE[0]))))
    assert "#panic() $x$ *b* _i_ `r` <l> @ref" in told


@pytest.mark.parametrize("name", sample.HOSTILE[4:9])
def test_the_full_report_bears_any_text(name: str) -> None:
    assert len(opened(pdf.full(sample.hostile(name))).pages) > 5


def test_the_same_report_is_the_same_file() -> None:
    assert pdf.one_page(sample.full()) == pdf.one_page(sample.full())


def test_arabic_and_hebrew_names_are_set_in_a_font_that_knows_them() -> None:
    report = dataclasses.replace(sample.full(sample.profile(agency="شرطة المدينة")), benchmark=())
    title = opened(pdf.one_page(report)).metadata
    assert title is not None
    assert title.title == "Social media maturity of شرطة المدينة"
