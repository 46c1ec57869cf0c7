"""The charts of the model: profile, practices, trend, comparison. Each is readable in black and white and has its table.

Solid is shown by evidence, hatched is possible, outlined is out of reach; colour only helps.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

from callbox.maturity.report import tables
from callbox.maturity.report import words as say
from callbox.maturity.report.canvas import Chart, Sheet
from callbox.maturity.report.inputs import BenchmarkRow, ReportInput, TrendPoint
from callbox.maturity.report.svg import Ink
from callbox.maturity.scoring.profile import AreaResult, PracticeResult

_TOP = 5


def profile(report: ReportInput, *, width: float = 520) -> Chart:
    """Draw the five areas as ranges on the scale of levels 0 to 5."""
    words, areas = report.words, report.profile.areas
    left, right, pitch = 132.0, width - 30, 38.0
    bottom = 8 + pitch * len(areas)
    sheet = Sheet(width, bottom + 66)
    step = (right - left) / _TOP
    _grid(sheet, left, step, 4, bottom)
    for level, name in enumerate(words.levels):
        sheet.text(left + level * step, bottom + 15, str(level), size=12, align="center")
        if level:
            sheet.text(left + level * step, bottom + 29, name, size=10.5, ink=Ink.MUTED, align="center", room=step)
        else:  # the longest name: it may lean out to the left, under the names of the areas
            sheet.text(left + step * 0.42, bottom + 29, name, size=10.5, ink=Ink.MUTED, align="right", room=left)
    for row, area in enumerate(areas):
        y = 8 + row * pitch
        sheet.text(0, y + 14, words.area(area.id), size=13.5, strong=True, room=left)
        sheet.text(0, y + 28, say.level_range(area.shown, area.at_most), size=11.5, ink=Ink.MUTED)
        _range(sheet, area, left, y + 6, step, 18)
    _legend(sheet, left if width > _PHONE else 0, bottom + 47)
    return sheet.chart(
        "profile", title="The profile: five areas", description=_said_profile(report), table=tables.areas(report)
    )


def practices(report: ReportInput, *, width: float = 520) -> Chart:
    """Draw every practice as a range, grouped by area, gates and declared levels marked."""
    words = report.words
    groups = [(area, list(members)) for area, members in groupby(report.profile.practices, key=lambda p: p.area)]
    left, right, pitch, head = width * 0.56, width - 12, 19.0, 26.0
    height = sum(head + pitch * len(members) for _, members in groups)
    sheet = Sheet(width, height + 62)
    step = (right - left) / _TOP
    y = 0.0
    for area, members in groups:
        sheet.text(0, y + 18, words.area(area), size=13, strong=True)
        y += head
        _grid(sheet, left, step, y, y + pitch * len(members) - 3)
        for practice in members:
            _practice(sheet, practice, words.practice(practice.id), left, y, step)
            y += pitch
    for level in range(_TOP + 1):
        sheet.text(left + level * step, y + 12, str(level), size=11, align="center", ink=Ink.MUTED)
    _legend(sheet, 0, y + 30)
    sheet.mark(6, y + 52, shape="D", filled=False)
    sheet.text(18, y + 56, "declared by the agency", size=11)
    sheet.text(left, y + 56, "G: a gate, which caps its area", size=11)
    return sheet.chart(
        "practices",
        title="Practices",
        description="Each practice with the level shown by evidence and the level possible at most; the table beside says the same.",
        table=tables.practices(report),
    )


def _practice(sheet: Sheet, practice: PracticeResult, name: str, left: float, y: float, step: float) -> None:
    sheet.text(0, y + 11, practice.id, size=11, ink=Ink.MUTED)
    sheet.text(26, y + 11, name, size=11.5, room=left - 46)
    if practice.gate:
        sheet.text(left - 9, y + 11, "G", size=11, align="right", strong=True)
    _range(sheet, practice, left, y + 2, step, 11)
    if practice.declared is not None and practice.shown is not None:
        sheet.mark(left + practice.declared * step, y + 7.5, shape="D", size=6.5, filled=False)


def _grid(sheet: Sheet, left: float, step: float, top: float, bottom: float) -> None:
    for level in range(_TOP + 1):
        sheet.line([(left + level * step, top), (left + level * step, bottom)], ink=Ink.GRID)


def _range(
    sheet: Sheet, result: AreaResult | PracticeResult, left: float, y: float, step: float, height: float
) -> None:
    """Draw one range; level 0 is a thin upright, so that nothing shown is not nothing drawn."""
    if result.shown is None or result.at_most is None:
        sheet.line([(left, y + height / 2), (left + _TOP * step, y + height / 2)], ink=Ink.MUTED, dashed=True)
        sheet.text(left + 6, y + height / 2 - 3, "does not apply", size=10.5, ink=Ink.MUTED)
        return
    solid = result.shown * step
    if result.at_most > result.shown:
        sheet.hatched(left + solid, y, (result.at_most - result.shown) * step, height, ink=Ink.ACCENT)
    sheet.bar(left, y, solid or 3.5, height, ink=Ink.ACCENT)


def _legend(sheet: Sheet, left: float, y: float) -> None:
    sheet.bar(left, y, 22, 11, ink=Ink.ACCENT)
    sheet.text(left + 28, y + 10, "shown by evidence", size=11)
    sheet.hatched(left + 146, y, 22, 11, ink=Ink.ACCENT)
    sheet.text(left + 174, y + 10, "possible, not shown yet", size=11)


def _said_profile(report: ReportInput) -> str:
    ranges = (f"{report.words.area(a.id)}: {say.level_range(a.shown, a.at_most)}" for a in report.profile.areas)
    return f"Levels from 0 to {_TOP}. {'; '.join(ranges)}."


#: A picture this narrow is read on a phone.
_PHONE = 420.0
#: One area of the trend needs this width, and takes this height.
_PANEL, _PANEL_HIGH = 104.0, 140.0


def trend(report: ReportInput, *, width: float = 520) -> Chart | None:
    """Draw each area over the assessments, oldest first; a dotted upright marks a change of the model. None without earlier ones."""
    if not report.earlier:
        return None
    points = sorted((*report.earlier, TrendPoint.of(report.profile)), key=lambda point: point.as_of)
    areas = report.profile.areas
    beside = max(1, min(len(areas), int(width // _PANEL)))
    room, rows = width / beside, -(-len(areas) // beside)
    y = rows * _PANEL_HIGH + 11
    sheet = Sheet(width, y + 15)
    for place, area in enumerate(areas):
        row, column = divmod(place, beside)
        corner = column * room + 14, row * _PANEL_HIGH
        _trend_panel(sheet, report.words.area(area.id), area.id, points, corner=corner, width=room - 26)
    sheet.line([(14, y), (36, y)], ink=Ink.ACCENT, width=2)
    sheet.mark(25, y, ink=Ink.ACCENT)
    sheet.text(42, y + 4, "shown by evidence", size=11)
    sheet.line([(160, y), (182, y)], ink=Ink.ACCENT, dashed=True)
    sheet.mark(171, y, ink=Ink.ACCENT, filled=False)
    sheet.text(188, y + 4, "possible", size=11)
    changes = [f"{say.day(new.as_of)} ({new.model})" for old, new in pairwise(points) if old.model != new.model]
    if changes:
        sheet.line([(258, y - 7), (258, y + 7)], ink=Ink.INK, width=1.3, dashed=True)
        sheet.text(266, y + 4, "the model changed", size=11)
    said = f"{len(points)} assessments from {say.day(points[0].as_of)} to {say.day(points[-1].as_of)}."
    changed = f" The model changed with the assessment of {say.listing(changes)}." if changes else ""
    return sheet.chart("trend", title="Trend over assessments", description=said + changed, table=tables.trend(report))


def _trend_panel(
    sheet: Sheet, name: str, area: str, points: Sequence[TrendPoint], *, corner: tuple[float, float], width: float
) -> None:
    left, head = corner
    top, bottom = head + 26.0, head + 116.0
    begins, ends = points[0].as_of, points[-1].as_of
    span = (ends - begins).total_seconds() or 1.0

    def across(point: TrendPoint) -> float:
        return left + (point.as_of - begins).total_seconds() / span * width

    def up(level: int) -> float:
        return bottom - level * (bottom - top) / _TOP

    small = 11.0 if width > 100 else 9.5
    sheet.text(left - 6, head + 14, name, size=small + 2 if width > 70 else 10.5, strong=True, room=width + 22)
    for level in range(_TOP + 1):
        sheet.line([(left, up(level)), (left + width, up(level))], ink=Ink.GRID)
        sheet.text(left - 5, up(level) + 3.5, str(level), size=small, ink=Ink.MUTED, align="right")
    for old, new in pairwise(points):
        if old.model != new.model:
            sheet.line([(across(new), top - 4), (across(new), bottom + 4)], width=1.3, dashed=True)
    found = [(across(p), a) for p in points for a in p.areas if a.id == area]
    most = [(x, up(a.at_most)) for x, a in found if a.at_most is not None]
    shown = [(x, up(a.shown)) for x, a in found if a.shown is not None]
    for series, dashed in ((most, True), (shown, False)):
        if len(series) > 1:
            sheet.line(series, ink=Ink.ACCENT, width=1.2 if dashed else 2, dashed=dashed)
        for x, y in series:
            sheet.mark(x, y, ink=Ink.ACCENT, filled=not dashed, size=5.5)
    sheet.text(left - 4, bottom + 17, f"{begins:%b %y}", size=small, ink=Ink.MUTED)
    sheet.text(left + width + 4, bottom + 17, f"{ends:%b %y}", size=small, ink=Ink.MUTED, align="right")


def benchmark(report: ReportInput, *, width: float = 520) -> Chart | None:
    """Draw the agency's own figure against median and quartiles of others, with n. None without a benchmark."""
    rows = report.benchmark
    if not rows:
        return None
    left, right, pitch = width * 0.36, width - 58, 40.0
    sheet = Sheet(width, 12 + pitch * len(rows) + 42)
    for place, row in enumerate(rows):
        _comparison(sheet, row, 10 + place * pitch, left, right)
    y = 12 + pitch * len(rows) + 12
    sheet.mark(8, y - 4, shape="D", size=7)
    sheet.text(18, y, "this agency", size=11)
    sheet.bar(0, y + 9, 26, 10, ink=Ink.MUTED, opacity=0.4)
    sheet.line([(13, y + 7), (13, y + 21)], width=2)
    sheet.text(34, y + 18, "the middle half of the others, and their median", size=11)
    return sheet.chart(
        "benchmark",
        title="Compared with other agencies",
        description=" ".join(_said_comparison(row) for row in rows),
        table=tables.benchmark(report),
    )


def _comparison(sheet: Sheet, row: BenchmarkRow, y: float, left: float, right: float) -> None:
    top = _TOP if row.unit == "level" else max(row.upper, row.own or 0.0) * 1.15 or 1.0

    def across(value: float) -> float:
        return left + min(value, top) / top * (right - left)

    sheet.text(0, y + 9, row.label, size=12.5, room=left - 12)
    sheet.text(0, y + 24, f"{_own(row)}, median {say.figure(row.median, row.unit)}", size=11.5, ink=Ink.MUTED)
    sheet.line([(left, y + 9), (right, y + 9)], ink=Ink.GRID)
    sheet.bar(across(row.lower), y + 3, max(across(row.upper) - across(row.lower), 2), 12, ink=Ink.MUTED, opacity=0.4)
    sheet.line([(across(row.median), y), (across(row.median), y + 18)], width=2)
    if row.own is not None:
        sheet.mark(across(row.own), y + 9, shape="D", size=8)
    sheet.text(right + 14, y + 13, f"n = {row.n}", size=11, ink=Ink.MUTED)


def _own(row: BenchmarkRow) -> str:
    return "not shown" if row.own is None else f"own {say.figure(row.own, row.unit)}"


def _said_comparison(row: BenchmarkRow) -> str:
    lower, median, upper = (say.figure(value, row.unit) for value in (row.lower, row.median, row.upper))
    return f"{row.label}: {_own(row)}; median {median}, middle half {lower} to {upper}, n = {row.n} ({row.source}, {say.day(row.as_of)})."
