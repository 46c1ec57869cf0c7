"""Choosing a way, owners, ticks and own hours: each with its audit event, and one active plan an agency."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.governance.actions import Audited
from callbox.governance.models import AuditEvent
from callbox.maturity import plans, queries
from callbox.maturity.models import Assessment, OwnEffort, Plan, PlannedStep, Target
from callbox.maturity.roadmap.path import Wish
from callbox.maturity.roadmap.steps import Effort, Step
from callbox.maturity.services import planning, statements
from tests.desk.planning.conftest import Make, assessment, make, own_keys
from tests.people import Cast

__all__ = ["assessment", "make", "own_keys"]
BEGINS = date(2026, 12, 1)


def chosen(assessment: Assessment, cast: Cast, **areas: int) -> Plan:
    return planning.choose(assessment=assessment, wish=Wish(areas), budget=60, begins=BEGINS, by=cast.bob)


def told(action: Audited) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=action))


def test_a_chosen_plan_keeps_its_steps_and_is_told(assessment: Assessment, cast: Cast) -> None:
    plan = chosen(assessment, cast, voice=2)
    steps = list(plan.steps.all())
    assert len(steps) == 5  # of six practices one may lag behind
    assert steps[0].begins == BEGINS
    assert [step.position for step in steps] == [1, 2, 3, 4, 5]
    (event,) = told(Audited.PLAN_CHOSEN)
    assert event.data["areas"] == {"voice": 2}
    assert event.agency == cast.agency


def test_a_new_plan_ends_the_one_before_and_keeps_it(assessment: Assessment, cast: Cast) -> None:
    first, second = chosen(assessment, cast, voice=2), chosen(assessment, cast, trust=2)
    assert list(Plan.objects.of(cast.agency).active()) == [second]
    first.refresh_from_db()
    assert first.ended_by == cast.bob
    assert first.steps.exists()
    assert len(told(Audited.PLAN_ENDED)) == 1


def test_the_database_itself_allows_one_active_plan_an_agency(assessment: Assessment, cast: Cast) -> None:
    plan = chosen(assessment, cast, voice=2)
    plan.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        plan.save()


def test_a_wish_that_cannot_be_had_leaves_the_plan_before_in_place(assessment: Assessment, cast: Cast) -> None:
    plan = chosen(assessment, cast, voice=2)
    with pytest.raises(RefusedError, match="smallest monthly budget"):
        planning.choose(assessment=assessment, wish=Wish({"trust": 5}), budget=1, begins=BEGINS, by=cast.bob)
    with pytest.raises(RefusedError, match="reached already"):
        chosen(assessment, cast, voice=1)
    assert plans.active_plan(cast.agency) == plan


def test_only_people_of_the_agency_own_a_step(assessment: Assessment, cast: Cast) -> None:
    step = chosen(assessment, cast, voice=2).steps.first()
    assert step is not None
    with pytest.raises(RefusedError, match="works in this agency"):
        planning.assign(step=step, owner=cast.dan, by=cast.bob)
    planning.assign(step=step, owner=cast.carol, by=cast.bob)
    step.refresh_from_db()
    assert step.owner == cast.carol
    assert told(Audited.STEP_ASSIGNED)[0].data["owner"] == "Carol"


def test_a_tick_is_told_once_and_can_be_taken_back(assessment: Assessment, cast: Cast) -> None:
    step = chosen(assessment, cast, voice=2).steps.first()
    assert step is not None
    for done in (True, True, False):
        planning.tick(step=step, done=done, by=cast.alice)
        step.refresh_from_db()
        assert (step.done_on is not None) == done
    assert (len(told(Audited.STEP_DONE)), len(told(Audited.STEP_REOPENED))) == (1, 1)


def test_an_ended_plan_is_not_changed_any_more(assessment: Assessment, cast: Cast) -> None:
    plan = chosen(assessment, cast, voice=2)
    planning.end(plan=plan, by=cast.bob)
    planning.end(plan=plan, by=cast.bob)
    assert len(told(Audited.PLAN_ENDED)) == 1
    step = PlannedStep.objects.select_related("plan", "agency").first()
    assert step is not None
    with pytest.raises(RefusedError, match="has ended"):
        planning.tick(step=step, done=True, by=cast.bob)


def test_own_hours_are_reckoned_with_and_can_be_cleared(assessment: Assessment, cast: Cast) -> None:
    estimate = plans.costs_of(cast.agency)[Step("V4", 2)]
    planning.reckon(agency=cast.agency, practice="V4", hours={2: Effort(500, 0), 3: None}, by=cast.alice)
    assert plans.costs_of(cast.agency)[Step("V4", 2)] == Effort(500, 0)
    assert plans.costs_of(cast.other)[Step("V4", 2)] == estimate
    assert "V4" not in {step.practice for step in chosen(assessment, cast, voice=2).steps.all()}
    planning.reckon(agency=cast.agency, practice="V4", hours={2: None}, by=cast.alice)
    assert not OwnEffort.objects.exists()
    assert (len(told(Audited.EFFORT_SET)), len(told(Audited.EFFORT_CLEARED))) == (1, 1)


@pytest.mark.parametrize("hours", [-1, 2001, float("nan"), float("inf")])
def test_hours_that_cannot_be_are_refused(cast: Cast, hours: float) -> None:
    with pytest.raises(RefusedError, match="Nothing was saved"):
        planning.reckon(agency=cast.agency, practice="V4", hours={2: Effort(hours, 0)}, by=cast.alice)
    assert not OwnEffort.objects.exists()


def test_reports_carry_the_plan_until_its_steps_are_done_or_shown(make: Make, cast: Cast) -> None:
    assessment = make()
    plan = chosen(assessment, cast, voice=2)
    step = plan.steps.first()
    assert step is not None
    planning.assign(step=step, owner=cast.carol, by=cast.bob)
    report = queries.report_input(assessment)
    assert len(report.actions) == 5
    assert (report.actions[0].practice, report.actions[0].owner) == (step.practice, "Carol")
    assert report.actions[0].what
    planning.tick(step=step, done=True, by=cast.bob)
    later = make(V3=2, V1=2)
    left = {action.practice for action in queries.report_input(later).actions}
    assert left == {row.practice for row in plan.steps.all()} - {step.practice, "V3", "V1"}


def test_the_gap_list_reads_the_targets(assessment: Assessment, cast: Cast) -> None:
    for practice, level in (("V5", 3), ("V3", 1), ("T1", 2)):
        statements.set_target(agency=cast.agency, practice=practice, level=level, due=timezone.localdate(), by=cast.bob)
    assert assessment.profile is not None
    lines = plans.gap_lines(cast.agency, assessment.profile, queries.words("v1"))
    assert [(line.practice, line.gap, line.gate) for line in lines] == [("V5", 2, True), ("T1", 1, True)]


def test_dan_sees_no_row_of_another_agency(assessment: Assessment, cast: Cast) -> None:
    chosen(assessment, cast, voice=2)
    planning.reckon(agency=cast.agency, practice="V4", hours={2: Effort(5, 0)}, by=cast.alice)
    assert Target.objects.visible_to(cast.dan).count() == 0
    for rows in (Plan.objects, PlannedStep.objects, OwnEffort.objects):
        assert rows.visible_to(cast.bob).exists()
        assert not rows.visible_to(cast.dan).exists()
