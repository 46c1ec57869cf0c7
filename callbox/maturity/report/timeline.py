"""The picture of a plan: its steps along the calendar. Solid is work, hatched is the time the record needs to show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from callbox.maturity.report import words as say
from callbox.maturity.report.canvas import Chart, Sheet
from callbox.maturity.report.roads import PlanLine, plan_table
from callbox.maturity.report.svg import Ink

_PITCH, _HEAD = 25.0, 26.0


def timeline(lines: Sequence[PlanLine], *, width: float = 640) -> Chart | None:
    """Draw the steps in their order, one a row. None without a step."""
    if not lines:
        return None
    left, right = 206.0, width - 14
    begins = min(line.begins for line in lines)
    days = max((max(line.shows for line in lines) - begins).days, 28)
    bottom = _HEAD + _PITCH * len(lines)
    sheet = Sheet(width, bottom + 34)

    def across(day: date) -> float:
        return left + (day - begins).days / days * (right - left)

    for month, named in _months(begins, begins + timedelta(days=days)):
        sheet.line([(across(month), _HEAD - 6), (across(month), bottom)], ink=Ink.GRID)
        if named:
            sheet.text(across(month) + 2, _HEAD - 10, f"{month:%b %Y}", size=10.5, ink=Ink.MUTED)
    for row, line in enumerate(lines):
        _row(sheet, line, _HEAD + row * _PITCH, across(line.begins), across(line.ends), across(line.shows), left)
    _legend(sheet, bottom + 16)
    last = max(lines, key=lambda line: line.shows)
    return sheet.chart(
        "timeline",
        title="The plan along the calendar",
        description=f"{len(lines)} steps from {say.day(begins)}; the last is made on {say.day(lines[-1].ends)}, and the record can "
        f"show everything from {say.day(last.shows)}.",
        table=plan_table(lines),
    )


def _row(sheet: Sheet, line: PlanLine, y: float, begins: float, ends: float, shows: float, left: float) -> None:
    sheet.text(0, y + 14, f"{line.practice} to {line.level}", size=12, strong=True, room=70)
    sheet.text(60, y + 14, line.name, size=11, ink=Ink.MUTED, room=left - 70)
    bar = max(ends - begins, 3.0)
    sheet.bar(begins, y + 4, bar, 13, ink=Ink.ACCENT)
    if shows - ends > 2:
        sheet.hatched(begins + bar, y + 4, max(shows - begins - bar, 1.0), 13, ink=Ink.ACCENT)
    if line.done:
        sheet.mark(begins - 7, y + 10.5, size=6)


def _legend(sheet: Sheet, y: float) -> None:
    sheet.bar(0, y, 22, 11, ink=Ink.ACCENT)
    sheet.text(28, y + 10, "work", size=11)
    sheet.hatched(80, y, 22, 11, ink=Ink.ACCENT)
    sheet.text(108, y + 10, "until the record can show it", size=11)
    sheet.mark(276, y + 5.5, size=6)
    sheet.text(286, y + 10, "done", size=11)


def _months(first: date, last: date) -> Iterator[tuple[date, bool]]:
    """Yield the first day of every month in the span, and whether it is named: about six names fit."""
    months = []
    year, month = first.year + first.month // 12, first.month % 12 + 1
    while (day := date(year, month, 1)) <= last:
        months.append(day)
        year, month = year + month // 12, month % 12 + 1
    every = max(1, -(-len(months) // 6))
    for place, day in enumerate(months):
        yield day, place % every == 0 and (last - day).days > (last - first).days * 0.12
