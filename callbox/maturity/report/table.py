"""One table, and its two written forms. Every table of Callbox leaves by this door. Pure."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import dataclass
from datetime import date
from typing import Any

from callbox.maturity.report import words as say

type Cell = str | int | float | bool | date | None

#: A spreadsheet reads a cell that begins with one of these as a formula (OWASP, "CSV Injection"), full-width forms included.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in JSON and its heading for people."""

    key: str
    heading: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table. name: of its file, without ending; title: its caption; rows: as wide as `columns`.

    Raises:
        ValueError: a row is not as wide as the columns.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"a row of {self.name} is not as wide as its columns")

    @property
    def header(self) -> tuple[str, ...]:
        """The headings."""
        return tuple(column.heading for column in self.columns)

    def csv(self) -> bytes:
        """Return the table as CSV: UTF-8 without a byte order mark, RFC 4180 line ends, cells that no spreadsheet runs as a formula."""
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow([column.key for column in self.columns])
        writer.writerows([_csv_cell(cell) for cell in row] for row in self.rows)
        return out.getvalue().encode(errors="replace")

    def plain(self) -> list[dict[str, Any]]:
        """Return the rows as plain JSON objects; dates as ISO 8601, infinity as the text "Infinity"."""
        keys = [column.key for column in self.columns]
        return [dict(zip(keys, map(_plain_cell, row), strict=True)) for row in self.rows]

    def json(self) -> bytes:
        """Return the rows as JSON, in UTF-8."""
        return json.dumps(self.plain(), ensure_ascii=False, indent=1, allow_nan=False).encode(errors="replace")


def _plain_cell(cell: Cell) -> str | int | float | bool | None:
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and not math.isfinite(cell):
        return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(cell)
    return cell


def _csv_cell(cell: Cell) -> str:
    plain = _plain_cell(cell)
    match plain:
        case None:
            return ""
        case bool():
            return "true" if plain else "false"
        case int() | float():
            return str(plain)
    text = plain.replace("\0", "")  # no reader of CSV agrees on it
    return f"'{text}" if text.startswith(_FORMULA) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text)) and text == text.strip()
    except ValueError:
        return False


def readable(table: Table) -> tuple[tuple[str, ...], ...]:
    """Return the rows as people read them: figures with their unit, dates in words, yes and no, a dash for what is not known."""
    keys = [column.key for column in table.columns]
    unit = keys.index("unit") if "unit" in keys else None
    with_unit = {"value", "bound", "threshold", "own", "lower", "median", "upper"}
    return tuple(
        tuple(
            _text(cell, str(row[unit]) if unit is not None and key in with_unit else None)
            for key, cell in zip(keys, row, strict=True)
        )
        for row in table.rows
    )


def _text(cell: Cell, unit: str | None) -> str:
    match cell:
        case None | "":
            return "–"
        case bool():
            return "yes" if cell else "no"
        case int() | float():
            return say.figure(cell, unit) if unit else say.number(cell)
        case str():
            return cell
    return say.short_day(cell)
