"""The picture of a goal: from the baseline to the target over time, each look a dot; and the same as a table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from callbox.maturity.queries import Picture, drawn
from callbox.maturity.report.canvas import Chart, Sheet
from callbox.maturity.report.svg import Ink
from callbox.maturity.report.table import Column, Table
from callbox.voice.models import Goal

WIDTH, HEIGHT = 420.0, 190.0
LEFT, RIGHT, TOP, BOTTOM = 64.0, 408.0, 22.0, 142.0


def figure(value: Decimal | float) -> str:
    """Return a figure without idle zeros, in the language of the reader."""
    return number_format(Decimal(value).quantize(Decimal("0.01")).normalize(), use_l10n=True, force_grouping=True)


def goal_picture(goal: Goal) -> Picture:
    """Return the picture of one goal, drawn once for the same figures and language."""
    looks = [(timezone.localdate(look.at), look.value, look.note) for look in reversed(goal.reviews.all())]
    content = [
        get_language(),
        goal.says,
        goal.unit,
        [str(value) for value in (goal.baseline, goal.target, timezone.localdate(goal.at), goal.by_when)],
        [[str(cell) for cell in look] for look in looks],
    ]
    return drawn("goal", content, lambda: _chart(goal, looks))


def _chart(goal: Goal, looks: list[tuple[date, Decimal, str]]) -> Chart:
    sheet = Sheet(WIDTH, HEIGHT)
    begins = timezone.localdate(goal.at)
    last = max([goal.by_when, *(day for day, _value, _note in looks)])
    values = [goal.baseline, goal.target, *(value for _day, value, _note in looks)]
    least, most = float(min(values)), float(max(values))
    span, days = (most - least) or 1.0, (last - begins).days or 1

    def across(day: date) -> float:
        return LEFT + max((day - begins).days, 0) / days * (RIGHT - LEFT)

    def up(value: Decimal | float) -> float:
        return BOTTOM - (float(value) - least) / span * (BOTTOM - TOP)

    for value, name in ((goal.baseline, _("start")), (goal.target, _("target"))):
        sheet.line([(LEFT, up(value)), (RIGHT, up(value))], ink=Ink.MUTED, dashed=value == goal.target)
        sheet.text(LEFT - 8, up(value) + 4, figure(value), size=12, align="right")
        sheet.text(RIGHT, up(value) - 5, name, size=11, ink=Ink.MUTED, align="right")
    points = [(across(begins), up(goal.baseline)), *((across(day), up(value)) for day, value, _note in looks)]
    if len(points) > 1:
        sheet.line(points, ink=Ink.ACCENT, width=2)
    for x, y in points:
        sheet.mark(x, y, ink=Ink.ACCENT, size=7)
    sheet.line([(across(goal.by_when), TOP - 6), (across(goal.by_when), BOTTOM + 6)], ink=Ink.GRID)
    sheet.text(LEFT, BOTTOM + 22, date_format(begins, "j M Y"), size=11, ink=Ink.MUTED)
    sheet.text(
        across(goal.by_when), BOTTOM + 22, date_format(goal.by_when, "j M Y"), size=11, ink=Ink.MUTED, align="right"
    )
    sheet.text(LEFT, BOTTOM + 40, f"{goal.measure}, {goal.unit}", size=11, ink=Ink.MUTED, room=RIGHT - LEFT)
    rows = [(date_format(begins, "j M Y"), figure(goal.baseline), _("where it started"))]
    rows += [(date_format(day, "j M Y"), figure(value), note) for day, value, note in looks]
    rows.append((date_format(goal.by_when, "j M Y"), figure(goal.target), _("where it should stand")))
    columns = (Column("day", _("Day")), Column("figure", _("Figure")), Column("note", _("What was changed")))
    return sheet.chart(
        "goal",
        title=_("The way to the target"),
        description=_("%(measure)s, %(unit)s: from %(baseline)s to %(target)s by %(day)s; %(n)d looks so far.")
        % {
            "measure": goal.measure,
            "unit": goal.unit,
            "baseline": figure(goal.baseline),
            "target": figure(goal.target),
            "day": date_format(goal.by_when, "j F Y"),
            "n": len(looks),
        },
        table=Table("goal", _("The way to the target"), columns, tuple(rows)),
    )
