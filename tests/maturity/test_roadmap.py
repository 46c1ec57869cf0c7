"""The cheapest path equals brute force, keeps the order of the model, and has dates."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbox.maturity.model import loader
from callbox.maturity.model.practices import Model
from callbox.maturity.roadmap.path import HORIZON_MONTHS, UPKEEP_SHARE, NoPathError, Path, Wish, cheapest, cost_of
from callbox.maturity.roadmap.schedule import order, plan
from callbox.maturity.roadmap.steps import Effort, Step, efforts, gaps
from callbox.maturity.scoring.evidence import Band
from callbox.maturity.scoring.profile import AreaResult, PracticeResult, Profile

MODEL = loader.load()
BEGINS = date(2026, 12, 1)


def profile(levels: Mapping[str, int | None] | None = None, *, default: int = 1) -> Profile:
    """A profile with the practices of the model at `default`, or at the level named; None: does not apply."""
    found = {one.id: (levels or {}).get(one.id, default) for one in MODEL.practices}
    return Profile(
        agency="Riverton",
        as_of=datetime(2026, 11, 22, tzinfo=UTC),
        model=MODEL.version,
        band=Band.FROM_100,
        band_stated=True,
        areas=tuple(AreaResult(area.id, default, 5) for area in MODEL.areas),
        practices=tuple(
            PracticeResult(one.id, one.area, gate=one.gate, shown=found[one.id], at_most=found[one.id])
            for one in MODEL.practices
        ),
    )


def reached(model: Model, levels: dict[str, int], area: str) -> int:
    """Rule 4, written once more: the smaller of the lowest gate and the ceil(0.3 m)-th smallest."""
    members = [one for one in model.practices if one.area == area and one.id in levels]
    ranked = sorted(levels[one.id] for one in members)
    gates = [levels[one.id] for one in members if one.gate]
    return min([ranked[math.ceil(0.3 * len(ranked)) - 1], *gates])


def brute_force(start: Profile, wish: Wish, costs: dict[Step, Effort], budget: float) -> float | None:
    """The least cost over every subset of the steps, looked at one by one."""
    levels = {one.id: one.shown for one in start.practices if one.shown is not None}
    best: float | None = None
    for ticks in itertools.product([False, True], repeat=len(costs)):
        made = {step for step, tick in zip(costs, ticks, strict=True) if tick}
        if any(s.level - 1 > levels[s.practice] and Step(s.practice, s.level - 1) not in made for s in made):
            continue
        if sum(costs[step].monthly for step in made) > UPKEEP_SHARE * budget:
            continue
        after = {p: max([shown, *(s.level for s in made if s.practice == p)]) for p, shown in levels.items()}
        area_levels = {area.id: reached(MODEL, after, area.id) for area in MODEL.areas}
        lead = min(area_levels[area] for area in MODEL.dependency.on) + MODEL.dependency.lead
        area_levels[MODEL.dependency.area] = min(area_levels[MODEL.dependency.area], lead)
        if all(area_levels[a] >= n for a, n in wish.areas.items()) and all(
            after[p] >= n for p, n in wish.practices.items()
        ):
            cost = sum(cost_of(costs[step]) for step in made)
            best = cost if best is None else min(best, cost)
    return best


VOICE = ("V1", "V2", "V3", "V4", "V5", "V6")


@settings(max_examples=6, deadline=None)
@given(st.data())
def test_the_path_costs_what_brute_force_finds_on_15_actions(data: st.DataObject) -> None:
    levels = {name: data.draw(st.integers(0, 2), label=name) for name in VOICE}
    open_steps = [Step(p, n) for p in VOICE for n in range(levels[p] + 1, 5)]
    chosen = sorted(open_steps, key=lambda step: (step.level, step.practice))[:15]
    costs = {s: Effort(data.draw(st.integers(1, 30)), data.draw(st.integers(0, 4))) for s in chosen}
    budget = data.draw(st.sampled_from([8.0, 20.0, 100.0]), label="budget")
    wish = Wish(
        {"voice": data.draw(st.integers(1, 3), label="voice")}, {"V4": data.draw(st.integers(0, 3), label="V4")}
    )
    start = profile(levels)
    expected = brute_force(start, wish, costs, budget)
    try:
        path = cheapest(MODEL, start, wish, monthly_budget=budget, costs=costs)
    except NoPathError:
        assert expected is None
    else:
        assert path.hours + HORIZON_MONTHS * path.monthly == pytest.approx(expected)


def test_wishing_intelligence_means_wishing_trust_and_collaboration_first() -> None:
    path = cheapest(MODEL, profile(), Wish({"intelligence": 3}), monthly_budget=200)
    areas = {one.id: one.area for one in MODEL.practices}
    assert {areas[step.practice] for step in path.steps} == {"trust", "collaboration", "intelligence"}
    ordered = order(MODEL, profile(), path)
    last_needed = max(n for n, step in enumerate(ordered) if areas[step.practice] != "intelligence" and step.level == 2)
    first_third = min(n for n, step in enumerate(ordered) if areas[step.practice] == "intelligence" and step.level == 3)
    assert last_needed < first_third


def test_a_practice_that_does_not_apply_is_never_part_of_a_path() -> None:
    path = cheapest(MODEL, profile({"V6": None}), Wish({"voice": 2}), monthly_budget=100)
    assert "V6" not in {step.practice for step in path.steps}


def test_a_budget_that_cannot_hold_the_path_is_refused() -> None:
    with pytest.raises(NoPathError) as refusal:
        cheapest(MODEL, profile(), Wish({"trust": 4}), monthly_budget=1)
    assert refusal.value.code == "budget_too_small"


def test_nothing_to_do_is_an_empty_path() -> None:
    assert cheapest(MODEL, profile(default=3), Wish({"voice": 3}), monthly_budget=1) == Path(frozenset(), 0, 0)


def test_the_dates_follow_each_other_and_half_the_budget_takes_longer() -> None:
    start = profile()
    path = cheapest(MODEL, start, Wish({"voice": 3}), monthly_budget=60)
    planned = plan(MODEL, start, path, begins=BEGINS, monthly_budget=60)
    assert {one.step for one in planned} == path.steps
    assert all(a.ends <= b.begins for a, b in itertools.pairwise(planned))
    assert all(one.begins <= one.ends <= one.shows for one in planned)
    slower = plan(MODEL, start, path, begins=BEGINS, monthly_budget=40)
    assert slower[-1].ends > planned[-1].ends


def test_a_practice_climbs_level_by_level() -> None:
    path = cheapest(MODEL, profile(), Wish(practices={"V5": 4}), monthly_budget=60)
    assert [step.level for step in order(MODEL, profile(), path)] == [2, 3, 4]


def test_every_step_of_the_model_has_its_effort() -> None:
    assert set(efforts()) == {Step(one.id, level) for one in MODEL.practices for level in range(1, 6)}


def test_the_gap_list_adds_up_the_steps_to_the_target() -> None:
    # V5 from 1 to 3: 6 + 8 hours once, 2 + 3 hours a month
    (gap,) = gaps(profile(), {"V5": 3, "V3": 1})
    assert (gap.practice, gap.shown, gap.target, gap.effort, gap.gate) == ("V5", 1, 3, Effort(14, 5), True)
