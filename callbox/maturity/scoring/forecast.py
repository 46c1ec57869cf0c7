"""Levels that decay, and the warning that comes first: when each practice falls if nothing more is recorded, and what holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from callbox.core.measure import Measure
from callbox.maturity.model.practices import Model
from callbox.maturity.scoring import score as scoring
from callbox.maturity.scoring.evidence import Standing
from callbox.maturity.scoring.profile import Outcome, PracticeResult, Profile

#: How far the forecast looks, in days: the longest window of everyday measures.
HORIZON_DAYS = 90
#: A warning stands this many days before the level falls.
WARNING_DAYS = 30
#: Days at which the future is looked at first; a fall between two of them is then narrowed down to its day.
_GRID = (1, 3, 7, 14, 21, 30, 45, 60, 75, HORIZON_DAYS)


@dataclass(frozen=True, slots=True)
class Fall:
    """One practice that will fall.

    on: the first day on which it stands at `to` instead of `level`.  conditions: ids of those that will not be met any more;
    meeting them again before that day holds the level.
    """

    practice: str
    level: int
    to: int
    on: date
    conditions: tuple[str, ...]

    @property
    def warn_from(self) -> date:
        """The day from which the warning is shown."""
        return self.on - timedelta(days=WARNING_DAYS)


def falls(
    profile: Profile, model: Model, standing: Standing, measured_at: Callable[[datetime], Mapping[str, Measure]]
) -> tuple[Fall, ...]:
    """Return what falls within the horizon, soonest first.

    measured_at: the measures of the same record as they would read at a later moment, with nothing added to it.
    """
    seen: dict[int, Mapping[str, PracticeResult]] = {}

    def at(day: int) -> Mapping[str, PracticeResult]:
        if day not in seen:
            moment = profile.as_of + timedelta(days=day)
            later = scoring.score(model, measured_at(moment), standing, agency=profile.agency, as_of=moment)
            seen[day] = {practice.id: practice for practice in later.practices}
        return seen[day]

    today = {practice.id: practice for practice in profile.practices}
    found = [
        _fall(profile.as_of, practice, day, at(day)[practice.id])
        for practice in today.values()
        if practice.shown
        for day in [_first_day(practice, at, _days(profile.as_of, standing))]
        if day is not None
    ]
    return tuple(sorted(found, key=lambda fall: (fall.on, fall.practice)))


def _days(as_of: datetime, standing: Standing) -> list[int]:
    """Return the days to look at: the grid, and the day after every stated end of an attestation or exemption."""
    ends: Iterable[date | None] = (
        *(attestation.ends for attestation in standing.attestations),
        *(exemption.ends for exemption in standing.exemptions),
    )
    stated = {(end - as_of.date()).days + 1 for end in ends if end is not None}
    return sorted({*_GRID, *(day for day in stated if 0 < day <= HORIZON_DAYS)})


def _first_day(
    practice: PracticeResult, at: Callable[[int], Mapping[str, PracticeResult]], days: list[int]
) -> int | None:
    def fallen(day: int) -> bool:
        later = at(day)[practice.id].shown
        return later is not None and later < (practice.shown or 0)

    before = 0
    for day in days:
        if fallen(day):
            low, high = before, day
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (low, middle) if fallen(middle) else (middle, high)
            return high
        before = day
    return None


def _fall(as_of: datetime, practice: PracticeResult, day: int, later: PracticeResult) -> Fall:
    met_now = {one.id for one in practice.conditions if one.outcome is Outcome.MET}
    lost = tuple(
        one.id
        for one in later.conditions
        if one.id in met_now and one.outcome not in {Outcome.MET, Outcome.NOT_APPLICABLE}
        and one.level <= (practice.shown or 0)
    )  # fmt: skip
    return Fall(practice.id, practice.shown or 0, later.shown or 0, as_of.date() + timedelta(days=day), lost)
