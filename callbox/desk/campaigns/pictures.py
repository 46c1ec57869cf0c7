"""The picture of a campaign: the four counts as bars, and where counted, the interval on a scale of ratios; the same as a table."""

from __future__ import annotations

import math
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from callbox.maturity.queries import Picture, drawn
from callbox.maturity.report.canvas import Chart, Sheet
from callbox.maturity.report.svg import Ink
from callbox.maturity.report.table import Column, Table
from callbox.voice.effect import Effect, judge
from callbox.voice.models import Campaign
from callbox.voice.services.campaigns import counts_of

WIDTH: Final = 420.0
LEFT, RIGHT = 92.0, 370.0
PITCH: Final = 24.0
#: The scale of ratios: from a quarter to four times, in steps of two.
SCALE: Final = (0.25, 0.5, 1.0, 2.0, 4.0)
#: Where the bars begin, how far the place's name stands over them, and how high they are together.
HEAD, BARS = 26.0, 150.0


def campaign_picture(campaign: Campaign) -> Picture:
    """Return the picture of one campaign, drawn once for the same counts and language."""
    content = [
        get_language(),
        campaign.measure,
        campaign.comparison,
        [campaign.baseline, campaign.count, campaign.comparison_baseline, campaign.comparison_count],
    ]
    return drawn("campaign", content, lambda: _chart(campaign))


def _chart(campaign: Campaign) -> Chart:
    counts = counts_of(campaign)
    effect = judge(counts) if counts else None
    sheet = Sheet(WIDTH, BARS + (100 if effect else 4))
    places = (
        (_("Where the messages go"), campaign.baseline, campaign.count),
        (_("Compared with"), campaign.comparison_baseline, campaign.comparison_count),
    )
    most = max(1, *(value or 0 for _name, *values in places for value in values))
    for number, (name, before, within) in enumerate(places):
        top = number * (BARS / 2)
        sheet.text(0, top + 14, name, size=12.5, strong=True)
        _bar(sheet, top + HEAD, _("before"), before, most, hatched=True)
        _bar(sheet, top + HEAD + PITCH, _("in the span"), within, most, hatched=False)
    if effect:
        _interval(sheet, effect, BARS + 50)
    return sheet.chart(
        "campaign",
        title=_("The four counts"),
        description=_(
            "%(measure)s, before and in the span, where the messages go and in the comparison (%(comparison)s)."
        )
        % {"measure": campaign.measure, "comparison": campaign.comparison},
        table=_table(campaign),
    )


def _bar(sheet: Sheet, y: float, name: str, value: int | None, most: int, *, hatched: bool) -> None:
    sheet.text(LEFT - 10, y + 13, name, size=12, ink=Ink.MUTED, align="right")
    if value is None:
        sheet.text(LEFT, y + 13, _("not counted yet"), size=12, ink=Ink.MUTED)
        return
    width = max(value / most * (RIGHT - LEFT), 1.5)
    (sheet.hatched if hatched else sheet.bar)(LEFT, y, width, 17, ink=Ink.ACCENT)
    sheet.text(LEFT + width + 8, y + 13, number_format(value), size=12)


def _interval(sheet: Sheet, effect: Effect, y: float) -> None:
    """Draw the rate ratio with its interval; an end beyond the scale is drawn to its edge."""
    span = math.log(SCALE[-1] / SCALE[0])

    def across(ratio: float) -> float:
        held = min(max(ratio, SCALE[0]), SCALE[-1])
        return LEFT + math.log(held / SCALE[0]) / span * (RIGHT - LEFT)

    sheet.text(0, y - 24, _("Against the comparison"), size=12.5, strong=True)
    names = (_("a quarter"), _("half"), _("alike"), _("double"), _("four times"))
    for tick, name in zip(SCALE, names, strict=True):
        alike = tick == 1
        sheet.line([(across(tick), y - 14), (across(tick), y + 16)], ink=Ink.INK if alike else Ink.GRID, dashed=alike)
        sheet.text(across(tick), y + 32, name, size=11, ink=Ink.MUTED, align="center")
    sheet.line([(across(effect.lower), y), (across(effect.upper), y)], ink=Ink.ACCENT, width=2.5)
    if effect.ratio is not None and SCALE[0] <= effect.ratio <= SCALE[-1]:
        sheet.mark(across(effect.ratio), y, shape="D", size=8, ink=Ink.ACCENT)


def _table(campaign: Campaign) -> Table:
    columns = (Column("place", _("Place or group")), Column("before", _("Before")), Column("within", _("In the span")))
    rows = (
        (_("Where the messages go"), campaign.baseline, campaign.count),
        (campaign.comparison, campaign.comparison_baseline, campaign.comparison_count),
    )
    return Table("campaign", _("The four counts"), columns, rows)
