"""A wish is answered with dates and reasons, or with what to change; the tables and the picture say the same."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import pytest

from callbox.core.text import Reason
from callbox.maturity.report.roads import ORDERS, GapLine, PlanLine, gap_table, plan_table
from callbox.maturity.report.timeline import timeline
from callbox.maturity.roadmap.path import NoPathError, Wish
from callbox.maturity.roadmap.proposal import notes, one_level_up, propose, refusal
from callbox.maturity.roadmap.steps import Effort, Step, efforts
from callbox.maturity.scoring.profile import Profile
from callbox.maturity.scoring.score import regraded
from tests.maturity.figures import V1, judged, scored

BEGINS = date(2026, 12, 1)


def standing(last_measured: dict[str, int] | None = None, **levels: int | None) -> Profile:
    plain = {practice.id: 1 for practice in V1.practices} | levels
    return regraded(V1, scored(), judged(plain, **(last_measured or {})))


def why_not(profile: Profile, wish: Wish, budget: int = 40) -> Reason:
    with pytest.raises(NoPathError) as error:
        propose(V1, profile, wish, budget=budget, begins=BEGINS)
    return refusal(V1, profile, wish, error.value, budget=budget)


def test_one_level_up_everywhere_is_a_path_with_dates_that_follow_each_other() -> None:
    profile = standing()
    found = propose(V1, profile, one_level_up(profile), budget=120, begins=BEGINS)
    assert found.wish.areas == {area.id: 2 for area in V1.areas}
    assert found.steps[0].begins == BEGINS
    assert all(a.ends <= b.begins for a, b in itertools.pairwise(found.steps))
    assert found.hours == sum(efforts()[one.step].hours for one in found.steps)
    assert found.shows is not None
    assert found.ends is not None
    assert found.shows >= found.ends


def test_a_wish_that_is_met_needs_no_step() -> None:
    found = propose(V1, standing(), Wish({"voice": 1}), budget=10, begins=BEGINS)
    assert (found.steps, found.hours, found.ends, found.shows) == ((), 0, None, None)


def test_the_own_hours_of_an_agency_change_the_path() -> None:
    def chosen(**costs: float) -> set[str]:
        known = dict(efforts()) | {Step(practice, 2): Effort(hours) for practice, hours in costs.items()}
        found = propose(V1, standing(), Wish({"voice": 2}), budget=60, begins=BEGINS, costs=known)
        return {one.step.practice for one in found.steps}

    # of the six practices of an area one may lag behind: the dearest one, and never a gate
    assert chosen(V4=500) == {"V1", "V2", "V3", "V5", "V6"}
    assert chosen(V6=500, V5=900) == {"V1", "V2", "V3", "V4", "V5"}


def test_a_budget_too_small_names_the_smallest_one_that_works() -> None:
    wish = Wish({"trust": 4})
    reason = why_not(standing(), wish, budget=3)
    assert reason.code == "way_budget"
    propose(V1, standing(), wish, budget=reason.values["smallest"], begins=BEGINS)
    assert str(reason.values["smallest"]) in reason.sentence


def test_an_area_where_nothing_applies_is_named() -> None:
    nothing = {practice.id: None for practice in V1.practices if practice.area == "intelligence"}
    reason = why_not(standing(**nothing), Wish({"intelligence": 2}))
    assert reason.sentence.startswith("no practice of Intelligence applies")


def test_an_exemption_in_the_way_is_named_with_its_level_and_end() -> None:
    profile = standing({"V6": 1}, V6=None)
    why = Reason("exempt", {"until": "2027-04-21", "why": "Translation contract"})
    rows = [replace(row, reason=why) if row.id == "V6" else row for row in profile.practices]
    reason = why_not(replace(profile, practices=tuple(rows)), Wish({"voice": 3}))
    assert reason.code == "way_exempt"
    assert "V6" in reason.sentence
    assert "2027-04-21" in reason.sentence
    assert "level 1" in reason.sentence


def test_what_would_take_longer_than_ten_years_is_no_plan() -> None:
    costs = {step: Effort(2000, 0) for step in efforts()}
    with pytest.raises(NoPathError) as error:
        propose(V1, standing(), Wish({"voice": 5}), budget=1, begins=BEGINS, costs=costs)
    reason = refusal(V1, standing(), Wish({"voice": 5}), error.value, budget=1, costs=costs)
    assert "more than 10 years" in reason.sentence


def test_a_step_without_known_hours_is_named() -> None:
    costs = {step: effort for step, effort in efforts().items() if step.practice != "V2"}
    with pytest.raises(NoPathError) as error:
        propose(V1, standing(), Wish({"voice": 2}), budget=50, begins=BEGINS, costs=costs)
    assert "V2" in refusal(V1, standing(), Wish({"voice": 2}), error.value, budget=50, costs=costs).sentence


def test_steps_say_in_words_what_they_wait_for_and_whom_they_serve() -> None:
    wish = Wish({"intelligence": 3})
    codes = {
        one.step: {note.code for note in notes(V1, standing(), wish, one.step)}
        for one in propose(V1, standing(), wish, budget=200, begins=BEGINS).steps
    }
    assert "step_waits" in codes[Step("I1", 3)]
    assert "step_waits" not in codes[Step("I1", 2)]
    assert all("step_needed" in found for step, found in codes.items() if step.practice[0] in "TC")
    assert all(("step_gate" in found) == V1.practice(step.practice).gate for step, found in codes.items())


def line(practice: str, shown: int, target: int, hours: float, *, gate: bool = False, due: int = 1) -> GapLine:
    return GapLine(practice, practice, "Voice", gate, shown, target, date(2027, due, 1), hours, 1)


def test_the_gap_list_is_ordered_by_gap_effort_gate_or_day() -> None:
    lines = [line("A", 1, 2, 5, due=3), line("B", 0, 3, 90, due=2), line("C", 2, 3, 20, gate=True, due=1)]

    def names(order: str) -> str:
        return "".join(one.practice for one in sorted(lines, key=ORDERS[order]))

    assert (names("gap"), names("effort"), names("gate"), names("due")) == ("BAC", "ACB", "CBA", "CBA")


def test_the_gap_list_leaves_as_a_table() -> None:
    table = gap_table([line("B", 0, 3, 90)])
    assert table.plain()[0] | {"practice": "B"} == table.plain()[0]
    assert (table.plain()[0]["gap"], table.plain()[0]["due"]) == (3, "2027-01-01")


PLAN = [
    PlanLine("V5", "Accessibility", 2, "Listen", 6, 2, date(2026, 12, 1), date(2026, 12, 20), date(2027, 3, 20)),
    PlanLine(
        "T1", "Moderation", 2, "Listen", 8, 2, date(2026, 12, 20), date(2027, 1, 20), date(2027, 4, 20),
        owner="Alice", done=date(2027, 1, 2),
    ),
]  # fmt: skip


def test_the_picture_of_a_plan_has_its_table_and_says_its_end() -> None:
    chart = timeline(PLAN)
    assert chart is not None
    assert chart.table == plan_table(PLAN)
    assert "20 April 2027" in chart.description
    assert chart.svg.count("V5 to 2") == 1
    assert "style=" not in chart.svg


def test_a_plan_without_steps_has_no_picture() -> None:
    assert timeline([]) is None
