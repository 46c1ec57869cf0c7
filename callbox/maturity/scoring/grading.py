"""From judged practices to areas: gates, the weakest share, exemptions and the dependency (model rules 4, 5, 7 and 9). Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter, itemgetter

from callbox.core.text import Reason
from callbox.maturity.model.practices import Model
from callbox.maturity.scoring.profile import AreaResult, ConditionResult, Outcome, PracticeResult

_PASSES = frozenset({Outcome.MET, Outcome.NOT_APPLICABLE})
_MAY_PASS = _PASSES | {Outcome.UNKNOWN}
_LEVELS = 5


def ladder(conditions: Sequence[ConditionResult]) -> tuple[int | None, int | None]:
    """Return (shown, at most) of a practice from its conditions; (None, None) when not one of them applies.

    Shown is the highest level up to which every condition is met, at most the one up to which every condition is met or unknown;
    a condition that does not apply stands in no level's way (model rule 4).
    """
    if all(condition.outcome is Outcome.NOT_APPLICABLE for condition in conditions):
        return None, None
    return _reached(conditions, _PASSES), _reached(conditions, _MAY_PASS)


def _reached(conditions: Iterable[ConditionResult], passing: frozenset[Outcome]) -> int:
    return min((row.level for row in conditions if row.outcome not in passing), default=_LEVELS + 1) - 1


def rank_level(levels: Iterable[int], share: float) -> int | None:
    """Return the ceil(share * m)-th smallest of m levels, None when there are none (model rule 4)."""
    ordered = sorted(levels)
    # Rounded first, so that 0.3 * 10 is 3 and not a hair above it.
    return ordered[math.ceil(round(share * len(ordered), 9)) - 1] if ordered else None


@dataclass(frozen=True, slots=True)
class _Step:
    """One practice with the level it enters the area with."""

    practice: PracticeResult
    level: int


def _area_level(steps: Sequence[_Step], share: float) -> int | None:
    """Return the smaller of the lowest gate and the rank, None without practices."""
    rank = rank_level((step.level for step in steps), share)
    return None if rank is None else min([rank, *(step.level for step in steps if step.practice.gate)])


@dataclass(frozen=True, slots=True)
class _Side:
    """An area on one of its two figures.

    level: None when no practice applies.  stand_in: what a dependent area is held against; an area that is all exempt counts with
    its last measured levels.  steps: the practices that decide the level.
    """

    level: int | None
    stand_in: int | None
    steps: tuple[_Step, ...]
    by_exemption: bool = False


def _side(rows: Iterable[PracticeResult], figure: str, share: float) -> _Side:
    rows = tuple(rows)
    rated = tuple(_Step(row, level) for row in rows if (level := attrgetter(figure)(row)) is not None)
    exempt = [_Step(row, row.last_measured) for row in rows if row.last_measured is not None]
    # Putting the lowest exempt practices back one after the other finds the strictest of all combinations: only that one makes
    # sure that a further exemption never lifts the area.
    exempt.sort(key=lambda step: step.level)
    put_back = [(*rated, *exempt[:count]) for count in range(len(exempt) + 1)]
    held, steps = min(
        ((level, steps) for steps in put_back if (level := _area_level(steps, share)) is not None),
        key=itemgetter(0),
        default=(None, ()),
    )
    plain = _area_level(rated, share)
    if plain is None or held is None:
        return _Side(None, held, ())
    return _Side(held, held, steps, by_exemption=held < plain)


def grade(model: Model, practices: Iterable[PracticeResult]) -> tuple[AreaResult, ...]:
    """Return every area of the model, in order, from its judged practices."""
    rows = tuple(practices)
    sides = {
        figure: {
            area.id: _side((row for row in rows if row.area == area.id), figure, model.weakest_share)
            for area in model.areas
        }
        for figure in ("shown", "at_most")
    }
    absent = {row.area for row in rows if row.reason is not None and row.reason.code == "not_practised"}
    plain = {
        area.id: AreaResult(area.id, None, None, (), (Reason("not_practised"),))
        if area.id in absent
        else _result(area.id, sides["shown"][area.id], sides["at_most"][area.id], model.weakest_share)
        for area in model.areas
    }
    return tuple(_depend(model, plain, sides).values())


def _result(area: str, shown: _Side, most: _Side, share: float) -> AreaResult:
    if shown.level is None or most.level is None:
        return AreaResult(area, None, None, (), (Reason("all_exempt"),))
    reasons: tuple[Reason, ...] = ()
    rank = rank_level((step.level for step in shown.steps), share)
    if shown.by_exemption:
        names = [step.practice.id for step in shown.steps if step.practice.last_measured is not None]
        reasons = tuple(Reason("held_by_exemption", {"practice": name}) for name in names)
    elif rank is not None and shown.level < rank:
        gates = [step.practice.id for step in shown.steps if step.practice.gate and step.level == shown.level]
        reasons = tuple(Reason("held_by_gate", {"level": shown.level, "practice": name}) for name in gates)
    return AreaResult(area, shown.level, most.level, _weakest(shown, rank), reasons)


def _weakest(side: _Side, rank: int | None) -> tuple[str, ...]:
    """Return the practices that must rise for the area to rise: gates at its level, and those at or below its rank. Lowest first."""
    if side.level is None or side.level >= _LEVELS:
        return ()
    holds = [
        step
        for step in side.steps
        if (step.practice.gate and step.level == side.level) or (rank == side.level and step.level <= side.level)
    ]
    return tuple(step.practice.id for step in sorted(holds, key=lambda step: (not step.practice.gate, step.level)))


def _depend(
    model: Model, areas: dict[str, AreaResult], sides: Mapping[str, Mapping[str, _Side]]
) -> dict[str, AreaResult]:
    """Hold the dependent area to the areas it depends on, shown against shown and at most against at most (model rule 5)."""
    rule = model.dependency
    area = areas[rule.area]
    if area.shown is None or area.at_most is None:
        return areas
    limits = {
        figure: min((level for name in rule.on if (level := side[name].stand_in) is not None), default=_LEVELS)
        + rule.lead
        for figure, side in sides.items()
    }
    held = replace(area, at_most=min(area.at_most, limits["at_most"]))
    if area.shown > limits["shown"]:
        lowest = [name for name in rule.on if sides["shown"][name].stand_in == limits["shown"] - rule.lead]
        held = replace(
            held,
            shown=limits["shown"],
            weakest=tuple(practice for name in lowest for practice in areas[name].weakest),
            reasons=(Reason("held_by_dependency"),),
        )
    return {**areas, rule.area: held}
