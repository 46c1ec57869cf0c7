"""The picture of a mean week: for each hour what arrives, and whether enough people are there; the same as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from callbox.maturity.queries import Picture, drawn
from callbox.maturity.report.canvas import Chart, Sheet
from callbox.maturity.report.svg import Ink
from callbox.maturity.report.table import Column, Table
from callbox.operations.services.roster import Week
from callbox.operations.staffing import MOST

WIDTH: Final = 410.0
LEFT: Final = 44.0
HEAD: Final = 22.0
#: One hour, in the units of the picture.
WIDE, HIGH = 15.0, 24.0


def week_picture(week: Week) -> Picture:
    """Return the picture, drawn once for the same figures and language."""
    content = [get_language(), [round(each, 3) for each in (*week.arrivals, *week.there)], list(week.needed)]
    return drawn("roster", content, lambda: _chart(week))


def _chart(week: Week) -> Chart:
    sheet = Sheet(WIDTH, HEAD + 7 * HIGH + 60)
    for hour in range(0, 24, 3):
        sheet.text(LEFT + hour * WIDE, HEAD - 8, f"{hour:02}", size=11, ink=Ink.MUTED)
    most = max(*week.arrivals, 1e-9)
    for day in range(7):
        top = HEAD + day * HIGH
        sheet.text(0, top + 16, str(WEEKDAYS_ABBR[day]), size=12, ink=Ink.MUTED)
        for hour in range(24):
            _hour(sheet, week, day * 24 + hour, LEFT + hour * WIDE, top, most)
    _key(sheet, HEAD + 7 * HIGH + 18)
    return sheet.chart(
        "roster",
        title=_("The mean week"),
        description=_(
            "For each hour of the week: how much arrives, and whether as many people are there as are needed."
        ),
        table=hours_table(week),
    )


def _hour(sheet: Sheet, week: Week, hour: int, x: float, y: float, most: float) -> None:
    """Draw what arrives as the height of a bar: filled where enough people are there, hatched where some are missing."""
    sheet.line([(x, y + HIGH - 3), (x + WIDE - 2, y + HIGH - 3)], ink=Ink.GRID)
    arrives = week.arrivals[hour]
    if arrives:
        high = max(2.0, (HIGH - 6) * arrives / most)
        enough = week.there[hour] >= week.needed[hour]
        (sheet.bar if enough else sheet.hatched)(x + 1, y + HIGH - 3 - high, WIDE - 4, high, ink=Ink.ACCENT)


def _key(sheet: Sheet, y: float) -> None:
    sheet.bar(LEFT, y, 18, 12, ink=Ink.ACCENT)
    sheet.text(LEFT + 24, y + 11, _("arrives while enough people are there"), size=12, ink=Ink.MUTED)
    sheet.hatched(LEFT, y + 20, 18, 12, ink=Ink.ACCENT)
    sheet.text(LEFT + 24, y + 31, _("arrives while too few are"), size=12, ink=Ink.MUTED)


def hours_table(week: Week) -> Table:
    """Return the week as a table, one row for each hour in which anything arrives or anybody is there."""
    columns = (
        Column("hour", _("Hour")),
        Column("arrivals", _("Items an hour")),
        Column("needed", _("People needed")),
        Column("there", _("People there")),
        Column("on_call", _("On call")),
    )
    return Table("roster", _("The mean week"), columns, tuple(_rows(week)))


def _rows(week: Week) -> Iterator[tuple[str, float, int | str, float, float]]:
    for hour, (arrives, there, call) in enumerate(zip(week.arrivals, week.there, week.on_call, strict=True)):
        if arrives or there or call:
            yield name_of(hour), round(arrives, 2), people(week.needed[hour]), round(there, 2), round(call, 2)


def people(needed: int) -> int | str:
    """Return how many people are needed, as it is shown."""
    return needed if needed <= MOST else _("more than %(most)d") % {"most": MOST}


def name_of(hour: int) -> str:
    """Return an hour of the week as people say it."""
    return _("%(day)s, %(hour)s:00") % {"day": WEEKDAYS[hour // 24], "hour": f"{hour % 24:02}"}
