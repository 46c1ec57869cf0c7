"""What changed between two assessments: through the agency, and through the model alone (model rule 11). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from callbox.maturity import scoring
from callbox.maturity.evidence import Standing
from callbox.maturity.practices import Model
from callbox.maturity.profile import AreaResult, PracticeResult, Profile


@dataclass(frozen=True, slots=True)
class Change:
    """One area or practice. before, after: (shown, at most); rebased: the earlier one as the later model judges it."""

    id: str
    before: tuple[int | None, int | None]
    rebased: tuple[int | None, int | None]
    after: tuple[int | None, int | None]

    @property
    def by_model(self) -> bool:
        """Whether the model alone moved it."""
        return self.before != self.rebased

    @property
    def by_agency(self) -> bool:
        """Whether the agency, or its record, moved it."""
        return self.rebased != self.after

    @property
    def moved(self) -> bool:
        """Whether anything did, even where both cancel out."""
        return self.by_model or self.by_agency


@dataclass(frozen=True, slots=True)
class Changes:
    """Every area and practice of two assessments."""

    areas: tuple[Change, ...]
    practices: tuple[Change, ...]


def changes(before: Profile, standing: Standing, after: Profile, model: Model) -> Changes:
    """Compare two profiles. standing: what the earlier one was scored with; model: the one of the later profile.

    The earlier record is scored anew with the later model: what that alone changes is the model's doing, the rest is the agency's.
    """
    rebased = before
    if before.model != after.model:
        rebased = scoring.score(
            model, before.measures, standing, agency=before.agency, as_of=before.as_of, record=before.record
        )
    return Changes(
        _compared(before.areas, rebased.areas, after.areas),
        _compared(before.practices, rebased.practices, after.practices),
    )


def _compared(*every: tuple[AreaResult | PracticeResult, ...]) -> tuple[Change, ...]:
    levels = [{each.id: (each.shown, each.at_most) for each in results} for results in every]
    ids = dict.fromkeys(each.id for results in reversed(every) for each in results)
    return tuple(Change(each, *(found.get(each, (None, None)) for found in levels)) for each in ids)
