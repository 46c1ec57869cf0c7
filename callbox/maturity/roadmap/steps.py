"""Steps: what brings one practice up by one level, what it costs, and when the record can show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from callbox.maturity.model.catalogue import CATALOGUE
from callbox.maturity.model.practices import Condition, Model
from callbox.maturity.scoring.profile import Outcome, PracticeResult, Profile

#: Highest level of the model.
TOP = 5


@dataclass(frozen=True, slots=True)
class Effort:
    """Hours once, and hours a month afterwards. Basis: expert estimate unless the agency gives its own."""

    hours: float
    monthly: float = 0.0


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One practice up by one level. `level` is the level reached."""

    practice: str
    level: int


@dataclass(frozen=True, slots=True)
class Gap:
    """One practice below its target: the steps between, and what they cost together."""

    practice: str
    shown: int
    target: int
    effort: Effort
    gate: bool


@cache
def efforts() -> Mapping[Step, Effort]:
    """Return the effort of every step of the model, from `efforts.yaml`."""
    text = files(__package__).joinpath("efforts.yaml").read_text(encoding="utf-8")
    return {
        Step(practice, level): Effort(float(hours), float(monthly))
        for practice, pairs in yaml.safe_load(text).items()
        for level, (hours, monthly) in enumerate(pairs, start=1)
    }


def applicable(profile: Profile) -> dict[str, PracticeResult]:
    """Return the practices that count: those with a level shown."""
    return {practice.id: practice for practice in profile.practices if practice.shown is not None}


def open_conditions(model: Model, profile: Profile, step: Step) -> tuple[Condition, ...]:
    """Return the conditions of a step that are not met yet: what there is to do."""
    outcomes = {one.id: one.outcome for one in profile.practice(step.practice).conditions}
    return tuple(
        condition
        for condition in model.practice(step.practice).at(step.level)
        if outcomes.get(condition.id) not in {Outcome.MET, Outcome.NOT_APPLICABLE}
    )


def days_until_shown(conditions: tuple[Condition, ...]) -> int:
    """Return how many days of changed work a record needs before it can show these conditions: the longest window they read."""
    return max((CATALOGUE[one.measure].window_days for one in conditions if one.measure), default=0)


def gaps(
    profile: Profile, targets: Mapping[str, int], *, costs: Mapping[Step, Effort] | None = None
) -> tuple[Gap, ...]:
    """Return the practices below their target, in the order of the model."""
    known = costs or efforts()
    found = []
    for identifier, practice in applicable(profile).items():
        shown, target = practice.shown or 0, targets.get(identifier, 0)
        if target > shown:
            steps = [known[Step(identifier, level)] for level in range(shown + 1, target + 1)]
            effort = Effort(sum(one.hours for one in steps), sum(one.monthly for one in steps))
            found.append(Gap(identifier, shown, target, effort, practice.gate))
    return tuple(found)
