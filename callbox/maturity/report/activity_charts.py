"""The charts of an agency's posting: posts a week with the longest gap, and the hours of the week."""

from __future__ import annotations

import bisect
from datetime import datetime, time, timedelta

from callbox.maturity.report import words as say
from callbox.maturity.report.canvas import Chart, Sheet
from callbox.maturity.report.inputs import Activity
from callbox.maturity.report.svg import Ink
from callbox.maturity.report.table import Column, Table

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: Five greys are told apart in print; more are not.
_GREYS = (0.14, 0.32, 0.52, 0.74, 1.0)


def cadence(activity: Activity, *, width: float = 520) -> Chart | None:
    """Draw posts a week over time, the longest gap marked. None without a week."""
    weeks = activity.weeks
    if not weeks:
        return None
    left, right, top, bottom = 34.0, width - 8, 30.0, 150.0
    sheet = Sheet(width, 186)
    most = max(posts for _, posts in weeks)
    ceiling = max(1, most)
    step = (right - left) / len(weeks)
    for value in sorted({0, ceiling // 2, ceiling}):
        y = bottom - value / ceiling * (bottom - top)
        sheet.line([(left, y), (right, y)], ink=Ink.GRID)
        sheet.text(left - 6, y + 4, str(value), size=11, ink=Ink.MUTED, align="right")
    for place, (_, posts) in enumerate(weeks):
        height = posts / ceiling * (bottom - top)
        if posts:
            sheet.bar(left + place * step, bottom - height, step * 0.8, height, ink=Ink.ACCENT)
    sheet.text(left, bottom + 16, say.day(weeks[0][0]), size=11, ink=Ink.MUTED)
    sheet.text(right, bottom + 16, say.day(weeks[-1][0]), size=11, ink=Ink.MUTED, align="right")
    sheet.text(0, 12, "posts a week, on all channels", size=11, ink=Ink.MUTED)
    gap = _mark_gap(sheet, activity, left, step, bottom)
    total = sum(posts for _, posts in weeks)
    said = f"{say.count(total, 'post')} on all channels in {say.count(len(weeks), 'week')}, at most {most} in one week. {gap}".strip()
    return sheet.chart("cadence", title="Posts a week on all channels", description=said, table=weeks_table(activity))


def weeks_table(activity: Activity | None) -> Table:
    """Return the posts of each week; no row without a week."""
    weeks = activity.weeks if activity else ()
    return Table(
        "cadence", "Posts a week on all channels", (Column("week", "Week from"), Column("posts", "Posts")), weeks
    )


def _mark_gap(sheet: Sheet, activity: Activity, left: float, step: float, bottom: float) -> str:
    """Draw the longest gap as a bracket under the bars, and return the sentence about it."""
    if activity.gap is None:
        return ""
    begins, ends = activity.gap
    first = datetime.combine(activity.weeks[0][0], time(), begins.tzinfo)
    last = left + step * len(activity.weeks)

    def across(moment: datetime) -> float:
        return min(max(left + (moment - first) / timedelta(weeks=1) * step, left), last)

    y = bottom + 4
    sheet.line([(across(begins), y - 3), (across(begins), y), (across(ends), y), (across(ends), y - 3)], width=1.6)
    told = f"Longest gap between two posts: {say.figure(round((ends - begins) / timedelta(days=1), 1), 'days')}"
    middle = (across(begins) + across(ends)) / 2
    align, x = ("left", across(begins)) if middle < last / 2 else ("right", across(ends))
    sheet.text(x, bottom + 32, told, size=11.5, align="left" if align == "left" else "right", strong=True)
    return f"{told}, from {say.day(begins)} to {say.day(ends)}."


def hours(activity: Activity, *, width: float = 520) -> Chart | None:
    """Draw the posts of each hour of the week in five greys. None without a post."""
    grid = activity.hours
    peak = max((posts for row in grid for posts in row), default=0)
    if not peak:
        return None
    left, top = 76.0, 8.0
    cell = (width - left - 4) / 24
    tall = min(cell, 20.0)
    sheet = Sheet(width, top + 7 * tall + 56)
    limits = sorted({max(1, round(peak * share)) for share in (0.2, 0.4, 0.6, 0.8, 1.0)})
    greys = _GREYS[-len(limits) :]
    for day, row in enumerate(grid):
        y = top + day * tall
        sheet.text(0, y + tall * 0.7, DAYS[day], size=11.5)
        for hour, posts in enumerate(row):
            if posts:
                shade = greys[bisect.bisect_left(limits, posts)]
                sheet.bar(left + hour * cell, y, cell - 1.5, tall - 1.5, opacity=shade)
            else:
                sheet.outline(left + hour * cell, y, cell - 1.5, tall - 1.5)
    for hour in range(0, 24, 6):
        sheet.text(left + hour * cell, top + 7 * tall + 14, f"{hour:02}:00", size=11, ink=Ink.MUTED)
    _key(sheet, left, top + 7 * tall + 30, limits, greys)
    total = sum(map(sum, grid))
    busiest = max(((posts, -day, -hour) for day, row in enumerate(grid) for hour, posts in enumerate(row)))
    said = (
        f"{say.count(total, 'post')} by hour of the week, in the time zone {activity.zone}; most on {DAYS[-busiest[1]]} "
        f"from {-busiest[2]:02}:00, {say.count(busiest[0], 'post')}."
    )
    return sheet.chart("hours", title="Posts by hour of the week", description=said, table=hours_table(activity))


def hours_table(activity: Activity | None) -> Table:
    """Return the posts of each hour of the week, a row an hour; no row without a post."""
    grid = activity.hours if activity else ()
    return Table(
        "hours",
        "Posts by hour of the week",
        (Column("hour", "Hour"), *(Column(name.lower(), name) for name in DAYS)),
        tuple((f"{hour:02}:00", *(row[hour] for row in grid)) for hour in range(24)) if any(map(any, grid)) else (),
    )


def _key(sheet: Sheet, left: float, y: float, limits: list[int], greys: tuple[float, ...]) -> None:
    x, before = left, 0
    for limit, shade in zip(limits, greys, strict=True):
        label = str(limit) if limit == before + 1 else f"{before + 1}–{limit}"
        sheet.bar(x, y, 14, 12, opacity=shade)
        sheet.text(x + 19, y + 10.5, label, size=11)
        x, before = x + 34 + len(label) * 6.5, limit
    sheet.text(x + 4, y + 10.5, "posts", size=11)
