"""A picture of how long each step took from the beginning, with its table: for incidents and for drills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from callbox.maturity.queries import Picture, drawn
from callbox.maturity.report.canvas import Chart, Sheet
from callbox.maturity.report.svg import Ink
from callbox.maturity.report.table import Column, Table

WIDTH: Final = 460.0
LEFT, RIGHT = 170.0, 380.0
PITCH, THICK = 30.0, 14.0


@dataclass(frozen=True, slots=True)
class Step:
    """One step. label: its name.  minutes: from the beginning on, None where it never came."""

    label: str
    minutes: float | None


def step(label: str, begins: datetime, at: datetime | None) -> Step:
    """Return a step that came at `at`, counted from `begins`; what came before counts as nought."""
    return Step(label, None if at is None else max(0.0, (at - begins) / timedelta(minutes=1)))


def steps_picture(title: str, description: str, steps: Sequence[Step]) -> Picture:
    """Return the picture, drawn once for the same steps and language."""
    content = [get_language(), title, description, [[each.label, each.minutes] for each in steps]]
    return drawn("steps", content, lambda: _chart(title, description, steps))


def _chart(title: str, description: str, steps: Sequence[Step]) -> Chart:
    sheet = Sheet(WIDTH, len(steps) * PITCH + 12)
    most = max([each.minutes for each in steps if each.minutes is not None], default=0.0) or 1.0
    sheet.line([(LEFT, 4), (LEFT, len(steps) * PITCH + 4)], ink=Ink.GRID)
    for number, each in enumerate(steps):
        top = number * PITCH + 10
        sheet.text(LEFT - 10, top + 11, each.label, size=12, align="right")
        if each.minutes is None:
            sheet.text(LEFT + 8, top + 11, _("not yet"), size=12, ink=Ink.MUTED)
            continue
        end = LEFT + each.minutes / most * (RIGHT - LEFT)
        sheet.bar(LEFT, top, max(end - LEFT, 1.5), THICK, ink=Ink.ACCENT)
        sheet.text(end + 8, top + 11, _minutes(each.minutes), size=12)
    rows = tuple((each.label, _("not yet") if each.minutes is None else _minutes(each.minutes)) for each in steps)
    columns = (Column("step", _("Step")), Column("after", _("After")))
    return sheet.chart("steps", title=title, description=description, table=Table("steps", title, columns, rows))


def _minutes(value: float) -> str:
    if value < 1:
        return _("%(n)s s") % {"n": number_format(round(value * 60))}
    whole = value >= 10 or value == round(value)
    return _("%(n)s min") % {"n": number_format(round(value) if whole else round(value, 1))}
