"""The trend over every assessment: what moved between neighbours, through the agency and through the model."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from callbox.core.plain import from_plain
from callbox.maturity.model import loader
from callbox.maturity.models import Assessment
from callbox.maturity.report.inputs import ReportInput, TrendPoint
from callbox.maturity.report.roads import Passage
from callbox.maturity.scoring.evidence import Standing
from callbox.maturity.scoring.profile import AreaResult
from callbox.maturity.scoring.rebase import rebase
from callbox.people.models import Agency

type _Levels = dict[str, tuple[int | None, int | None]]


def measured(agency: Agency) -> list[Assessment]:
    """Return the summaries of every assessment that measured something, oldest first."""
    rows = Assessment.objects.of(agency).scored().exclude(source=Assessment.Source.QUICK_CHECK).light()
    return list(rows.select_related("agency"))[::-1]


def whole(report: ReportInput, rows: list[Assessment]) -> ReportInput:
    """Return `report` with all of `rows` before it as its trend."""
    points = (
        TrendPoint(row.as_of, row.model_version, tuple(AreaResult(name, *levels) for name, levels in row.areas.items()))
        for row in rows
        if row.as_of is not None and row.as_of < report.profile.as_of
    )
    return replace(report, earlier=tuple(points))


def passages(rows: list[Assessment], names: dict[str, str]) -> list[Passage]:
    """Return what moved between neighbours, newest first. Only where the model changed in between is the earlier one judged anew.

    names: of the areas.
    """
    found = []
    for earlier, later in pairwise(rows):
        if earlier.as_of is None or later.as_of is None:
            continue
        before, after = _levels(earlier), _levels(later)
        rebased = before if earlier.model_version == later.model_version else _rebased(earlier, later.model_version)
        found += [
            Passage(
                earlier.as_of.date(),
                later.as_of.date(),
                earlier.model_version,
                later.model_version,
                names.get(area, area),
                *(levels.get(area, (None, None))[0] for levels in (before, rebased, after)),
            )
            for area in after
            if not before.get(area, (None, None))[0] == rebased.get(area, (None, None))[0] == after[area][0]
        ]
    return found[::-1]


def _levels(row: Assessment) -> _Levels:
    return {area: (shown, at_most) for area, (shown, at_most) in row.areas.items()}


def _rebased(earlier: Assessment, version: str) -> _Levels:
    whole_row = Assessment.objects.get(pk=earlier.pk)
    profile = whole_row.profile
    if profile is None:  # `measured` leaves those out
        return {}
    standing = from_plain(Standing, whole_row.standing_json) if whole_row.standing_json else Standing()
    anew = rebase(profile, standing, loader.load(profile.model), loader.load(version)).profile
    return {area.id: (area.shown, area.at_most) for area in anew.areas}
