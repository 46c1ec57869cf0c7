"""The cheapest path: the least-effort set of steps that reaches a chosen profile, by integer programming (HiGHS)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import highspy

from callbox.maturity.model.practices import Model
from callbox.maturity.roadmap.steps import TOP, Effort, Step, applicable, efforts
from callbox.maturity.scoring.profile import Profile

#: Months of upkeep that are weighed against hours spent once: a step that is cheap to make and dear to hold is not cheap.
HORIZON_MONTHS = 12
#: The upkeep of a whole path may take this share of the monthly budget at most: the rest is what finishes its steps.
UPKEEP_SHARE = 0.9


class NoPathError(ValueError):
    """The wish cannot be reached. `code` says why: `area_not_applicable`, `held_by_exemption`, `no_steps_known`,
    `budget_too_small` or `too_long`."""

    def __init__(self, code: str, subject: str = "") -> None:
        super().__init__(f"{code}: {subject}" if subject else code)
        self.code = code
        self.subject = subject


@dataclass(frozen=True, slots=True)
class Wish:
    """A chosen profile: levels by area and by practice. What is not named may stay where it is."""

    areas: Mapping[str, int] = field(default_factory=dict)
    practices: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Path:
    """A set of steps, in no order yet. hours: once.  monthly: upkeep a month when all are made."""

    steps: frozenset[Step]
    hours: float
    monthly: float


@dataclass(frozen=True, slots=True)
class Need:
    """At least `count` of `steps` must be made (or have been made)."""

    steps: tuple[Step, ...]
    count: int


def needs(model: Model, profile: Profile, wish: Wish) -> tuple[Need, ...]:
    """Translate a wish into needs, after rules 4, 5 and 9 of the model.

    Raises:
        NoPathError: an area has nothing that applies, or an exemption holds it below the wish.
    """
    levels = {identifier: practice.shown or 0 for identifier, practice in applicable(profile).items()}
    found = [
        Need((Step(identifier, level),), 1)
        for identifier, level in wish.practices.items()
        if identifier in levels and level > levels[identifier]
    ]
    for area, level in _with_dependency(model, wish.areas).items():
        found += _area_needs(model, profile, levels, area, level)
    return tuple(found)


def _with_dependency(model: Model, areas: Mapping[str, int]) -> dict[str, int]:
    """Intelligence may lead trust and collaboration by one level: wishing it means wishing them."""
    wished = dict(areas)
    dependency = model.dependency
    for needed in dependency.on:
        wished[needed] = max(wished.get(needed, 0), wished.get(dependency.area, 0) - dependency.lead)
    return {area: level for area, level in wished.items() if level > 0}


def _area_needs(model: Model, profile: Profile, levels: Mapping[str, int], area: str, level: int) -> list[Need]:
    members = [one for one in profile.practices if one.area == area and one.id in levels]
    if not members:
        raise NoPathError("area_not_applicable", area)
    for one in profile.practices:
        if one.area == area and one.last_measured is not None and one.last_measured < level:
            raise NoPathError("held_by_exemption", one.id)
    gates = [Need((Step(one.id, level),), 1) for one in members if one.gate and levels[one.id] < level]
    rank = math.ceil(round(model.weakest_share * len(members), 9))
    already = sum(levels[one.id] >= level for one in members)
    below = tuple(Step(one.id, level) for one in members if levels[one.id] < level)
    quota = len(members) - rank + 1 - already
    return [*gates, Need(below, quota)] if quota > 0 else gates


def cheapest(
    model: Model,
    profile: Profile,
    wish: Wish,
    *,
    monthly_budget: float,
    costs: Mapping[Step, Effort] | None = None,
) -> Path:
    """Return the set of steps with the least effort over `HORIZON_MONTHS` that reaches the wish.

    monthly_budget: hours a month the agency can give; the upkeep of the whole path may take `UPKEEP_SHARE` of them.
    costs: effort by step; the shipped estimates by default.

    Raises:
        NoPathError: the wish cannot be reached, or only with more upkeep than the budget.
    """
    known = costs or efforts()
    chosen = _solve(_makeable(profile, known), needs(model, profile, wish), known, monthly_budget=monthly_budget)
    if chosen is None:
        raise NoPathError("budget_too_small")
    return Path(
        frozenset(chosen), sum(known[step].hours for step in chosen), sum(known[step].monthly for step in chosen)
    )


def smallest_budget(model: Model, profile: Profile, wish: Wish, *, costs: Mapping[Step, Effort] | None = None) -> int:
    """Return the fewest whole hours a month with which `cheapest` finds a path to the wish, at least 1.

    Raises:
        NoPathError: no budget reaches it.
    """
    known = costs or efforts()
    chosen = _solve(_makeable(profile, known), needs(model, profile, wish), known, monthly_budget=None) or []
    upkeep = sum(known[step].monthly for step in chosen)
    return max(1, math.ceil(round(upkeep / UPKEEP_SHARE, 9)))


def _makeable(profile: Profile, costs: Mapping[Step, Effort]) -> list[Step]:
    """Return the steps that lie ahead and whose effort is known."""
    levels = {identifier: practice.shown or 0 for identifier, practice in applicable(profile).items()}
    ahead = (Step(p, level) for p, shown in levels.items() for level in range(shown + 1, TOP + 1))
    return [step for step in ahead if step in costs]


def _solve(
    steps: list[Step], required: tuple[Need, ...], costs: Mapping[Step, Effort], *, monthly_budget: float | None
) -> list[Step] | None:
    """Return the cheapest steps within the budget, None when there are none; without a budget, the steps with the least upkeep."""
    solver = highspy.Highs()
    solver.silent()
    made = {step: solver.addBinary() for step in steps}
    for step, variable in made.items():
        lower = made.get(Step(step.practice, step.level - 1))
        if lower is not None:
            solver.addConstr(variable <= lower)
    for need in required:
        within = [made[step] for step in need.steps if step in made]
        if len(within) < need.count:
            raise NoPathError("no_steps_known", need.steps[0].practice)
        solver.addConstr(solver.qsum(within) >= need.count)
    if not made:
        return []
    if monthly_budget is not None:
        upkeep = solver.qsum(costs[step].monthly * variable for step, variable in made.items())
        solver.addConstr(upkeep <= UPKEEP_SHARE * monthly_budget)

    def weight(step: Step) -> float:
        return costs[step].monthly if monthly_budget is None else cost_of(costs[step])

    # Ties are broken by order of name, so that the same question always has the same answer.
    solver.minimize(
        solver.qsum((weight(step) + 1e-6 * place) * made[step] for place, step in enumerate(sorted(made), start=1))
    )
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None
    return [step for step, variable in made.items() if solver.variableValue(variable) > 0.5]


def cost_of(effort: Effort) -> float:
    """Return what is minimised: hours once and a year of upkeep."""
    return effort.hours + HORIZON_MONTHS * effort.monthly
