"""The path's dates: its steps in a lawful order, one after the other, within the hours a month allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from callbox.maturity.model.practices import Model
from callbox.maturity.roadmap.path import NoPathError, Path
from callbox.maturity.roadmap.steps import Effort, Step, applicable, days_until_shown, efforts, open_conditions
from callbox.maturity.scoring.profile import Profile

#: Mean length of a month in days (Gregorian calendar).
MONTH_DAYS = 365.2425 / 12
#: What takes longer is no plan.
LONGEST_YEARS = 10


@dataclass(frozen=True, slots=True)
class Planned:
    """One step with its dates. shows: first day on which the record can show it, after the window its measures read.

    todo: ids of the conditions that are still to be met.
    """

    step: Step
    effort: Effort
    begins: date
    ends: date
    shows: date
    todo: tuple[str, ...]


def order(model: Model, profile: Profile, path: Path, *, costs: Mapping[Step, Effort] | None = None) -> list[Step]:
    """Return the steps in the order they should be made.

    A practice climbs level by level; intelligence reaches a level only after trust and collaboration have made their steps up to
    one level below it (rule 5); lower levels come first, then gates, then what costs less.
    """
    areas = {practice.id: practice.area for practice in profile.practices}
    place = {area.id: number for number, area in enumerate(model.areas)}
    gates = {practice.id for practice in profile.practices if practice.gate}
    known = costs or efforts()

    def rank(step: Step) -> tuple[float, int, int, float, Step]:
        # A step of the dependent area counts as later than all steps of what it waits for: level + 1/2 sorts it after level.
        waits = areas[step.practice] == model.dependency.area
        return (
            step.level + (0.5 if waits else 0.0),
            step.practice not in gates,
            place[areas[step.practice]],
            known[step].hours if step in known else 0.0,
            step,
        )

    return sorted(path.steps, key=rank)


def plan(
    model: Model,
    profile: Profile,
    path: Path,
    *,
    begins: date,
    monthly_budget: float,
    costs: Mapping[Step, Effort] | None = None,
) -> tuple[Planned, ...]:
    """Return the steps with their dates, one after the other; the upkeep of finished steps lowers the hours left for the next.

    Raises:
        NoPathError: `too_long`, it would take more than `LONGEST_YEARS`.
        ValueError: the upkeep eats the whole budget (`cheapest` never returns such a path for the same budget).
    """
    known = costs or efforts()
    levels = {identifier: practice.shown or 0 for identifier, practice in applicable(profile).items()}
    day, upkeep, planned = 0.0, 0.0, []
    for step in order(model, profile, path, costs=known):
        if step.level <= levels[step.practice]:
            continue
        free = monthly_budget - upkeep
        if free <= 0:
            raise ValueError("the upkeep of the path leaves no hours to finish it")
        effort = known[step]
        start, day = day, day + effort.hours / free * MONTH_DAYS
        if day > LONGEST_YEARS * 12 * MONTH_DAYS:
            raise NoPathError("too_long")
        upkeep += effort.monthly
        conditions = open_conditions(model, profile, step)
        ends = begins + timedelta(days=int(day))
        planned.append(
            Planned(
                step=step,
                effort=effort,
                begins=begins + timedelta(days=int(start)),
                ends=ends,
                shows=ends + timedelta(days=days_until_shown(conditions)),
                todo=tuple(condition.id for condition in conditions),
            )
        )
    return tuple(planned)
