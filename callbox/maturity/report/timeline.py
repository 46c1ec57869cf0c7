"""The picture of a plan: its steps along the calendar. Solid is work, hatched is the time the record needs to show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from callbox.maturity.report import words as say
from callbox.maturity.report.canvas import Chart, Sheet
from callbox.maturity.report.roads import PlanLine, plan_table
from callbox.maturity.report.svg import Ink

_PITCH, _HEAD = 42.0, 26.0


def timeline(lines: Sequence[PlanLine], *, width: float = 400) -> Chart | None:
    """Draw the steps in their order, each under its name: narrow enough to be read on a phone. None without a step."""
    if not lines:
        return None
    left, right = 8.0, width - 8
    begins = min(line.begins for line in lines)
    days = max((max(line.shows for line in lines) - begins).days, 28)
    bottom = _HEAD + _PITCH * len(lines)
    sheet = Sheet(width, bottom + 54)

    def across(day: date) -> float:
        return left + (day - begins).days / days * (right - left)

    for month, named in _months(begins, begins + timedelta(days=days)):
        sheet.line([(across(month), _HEAD - 6), (across(month), bottom)], ink=Ink.GRID)
        if named:
            sheet.text(across(month) + 2, _HEAD - 10, f"{month:%b %Y}", size=11.5, ink=Ink.MUTED)
    for row, line in enumerate(lines):
        _row(sheet, line, _HEAD + row * _PITCH, across(line.begins), across(line.ends), across(line.shows))
    _legend(sheet, bottom + 14, left)
    last = max(lines, key=lambda line: line.shows)
    return sheet.chart(
        "timeline",
        title="The plan along the calendar",
        description=f"{len(lines)} steps from {say.day(begins)}; the last is made on {say.day(lines[-1].ends)}, and the record can "
        f"show everything from {say.day(last.shows)}.",
        table=plan_table(lines),
    )


def _row(sheet: Sheet, line: PlanLine, y: float, begins: float, ends: float, shows: float) -> None:
    step = f"{line.practice} to {line.level}"
    # The lines of the months must not run through the words.
    sheet.bar(0, y + 1, sheet.width, 17, ink=Ink.PAPER)
    sheet.text(8, y + 14, step, size=14, strong=True)
    sheet.text(76, y + 14, line.name, size=13, ink=Ink.MUTED, room=sheet.width - 84 - (58 if line.done else 0))
    if line.done:
        sheet.text(sheet.width - 8, y + 14, "done", size=13, align="right")
        sheet.mark(sheet.width - 52, y + 10, size=6)
    bar = max(ends - begins, 3.0)
    sheet.bar(begins, y + 20, bar, 13, ink=Ink.ACCENT)
    if shows - ends > 2:
        sheet.hatched(begins + bar, y + 20, max(shows - begins - bar, 1.0), 13, ink=Ink.ACCENT)


def _legend(sheet: Sheet, y: float, left: float) -> None:
    sheet.bar(left, y, 22, 11, ink=Ink.ACCENT)
    sheet.text(left + 28, y + 10, "work", size=13)
    sheet.hatched(left, y + 20, 22, 11, ink=Ink.ACCENT)
    sheet.text(left + 28, y + 30, "until the record can show it", size=13)


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
