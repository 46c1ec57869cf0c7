"""Every table leaves by one door, as CSV that no spreadsheet runs and as JSON with the same rows."""

from __future__ import annotations

import csv
import io
import json
import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.maturity.report.inputs import ReportInput
from callbox.maturity.report.page import page_data
from callbox.maturity.report.table import Cell, Column, Table
from callbox.maturity.report.tables import tables
from tests.maturity.report import sample


def one(cell: Cell) -> Table:
    return Table("t", "T", (Column("a", "A"),), ((cell,),))


def read(table: Table) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table.csv().decode(), newline="")))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_a_cell_a_spreadsheet_would_run_gets_an_apostrophe(start: str) -> None:
    assert read(one(f"{start}HYPERLINK(1)"))[1] == [f"'{start}HYPERLINK(1)"]


@pytest.mark.parametrize(("cell", "written"), [(-3, "-3"), (-0.5, "-0.5"), ("-12.5", "-12.5"), ("+4", "+4")])
def test_numbers_stay_numbers(cell: Cell, written: str) -> None:
    assert read(one(cell))[1] == [written]


@pytest.mark.parametrize("cell", ["-inf", "+nan", "-1 +cmd", "-"])
def test_what_only_looks_like_a_number_is_no_number(cell: str) -> None:
    assert read(one(cell))[1] == [f"'{cell}"]


@given(st.text())
def test_any_text_reads_back_and_never_begins_a_formula(text: str) -> None:
    back = read(one(text))[1:]
    kept = text.replace("\0", "").encode(errors="replace").decode()
    assert back in ([[kept]], [["'" + kept]], [[]] if not kept else [])


def test_missing_is_empty_and_truth_is_a_word() -> None:
    assert one(None).csv() == b'a\r\n""\r\n'
    assert read(one(True))[1] == ["true"]
    assert read(one(date(2026, 4, 3)))[1] == ["2026-04-03"]


def test_csv_has_no_byte_order_mark_and_the_same_columns_as_json() -> None:
    made = tables(sample.full())
    assert len(made) == 15
    for table in made.values():
        rows = json.loads(table.json())
        assert not table.csv().startswith(b"\xef\xbb\xbf")
        assert read(table)[0] == list(rows[0]) == [column.key for column in table.columns]
        assert len(read(table)) == len(rows) + 1


def test_infinity_is_written_as_a_word_in_json() -> None:
    assert json.loads(one(math.inf).json()) == [{"a": "Infinity"}]
    assert json.loads(one(math.nan).json()) == [{"a": None}]


def test_a_row_of_another_width_is_refused() -> None:
    with pytest.raises(ValueError, match="not as wide"):
        Table("t", "T", (Column("a", "A"),), ((1, 2),))


def test_a_figure_that_is_not_shown_says_why_in_the_table() -> None:
    figures = tables(sample.full())["figures"].plain()
    hidden = next(row for row in figures if row["key"] == "two_way_share")
    assert hidden["value"] is None
    assert hidden["why"] == "this record holds no replies to others"
    assert figures[-1] is hidden


def test_page_data_is_plain_json_and_repeats_exactly() -> None:
    for report in (sample.full(), ReportInput(sample.unknown(), sample.WORDS), sample.hostile(sample.HOSTILE[0])):
        written = json.dumps(page_data(report), allow_nan=False)
        assert written == json.dumps(page_data(report), allow_nan=False)
        assert json.loads(written) == page_data(report)


def test_gaps_come_widest_first_and_a_reached_target_has_none() -> None:
    assert [(row["practice"], row["gap"]) for row in tables(sample.full())["gaps"].plain()] == [("V3", 2), ("T2", 0)]
