"""Choosing a way: one active plan an agency, owners and ticks for its steps, and the hours the agency reckons with itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.text import Reason
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.maturity.models import Assessment, OwnEffort, Plan, PlannedStep
from callbox.maturity.plans import answer
from callbox.maturity.roadmap.path import Wish
from callbox.maturity.roadmap.steps import Effort
from callbox.people.models import Agency, User

#: The most hours one step may take, once or a month: a working year of one person.
MOST_HOURS = 2000


def choose(*, assessment: Assessment, wish: Wish, budget: int, begins: date, by: User) -> Plan:
    """Make the cheapest path to `wish` the agency's plan; the plan before ends.

    Raises:
        RefusedError: there is no path, or nothing to do.
    """
    found = answer(assessment, wish, budget=budget, begins=begins)
    if isinstance(found, Reason):
        raise RefusedError(_("There is no such way: %(why)s.") % {"why": found.sentence})
    if not found.steps:
        raise RefusedError(_("This is reached already, so there is nothing to plan. Wish for a higher level."))
    agency, now = assessment.agency, timezone.now()
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=agency.pk)  # two that choose at once come one after the other
        for earlier in Plan.objects.of(agency).active():
            _end(earlier, by)
        plan = Plan.objects.create(
            agency=agency,
            assessment=assessment,
            model_version=assessment.model_version,
            areas=dict(wish.areas),
            budget=budget,
            begins=begins,
            by=by,
            at=now,
        )
        PlannedStep.objects.bulk_create(
            PlannedStep(
                agency=agency,
                plan=plan,
                position=position,
                practice=one.step.practice,
                level=one.step.level,
                hours=one.effort.hours,
                monthly=one.effort.monthly,
                begins=one.begins,
                ends=one.ends,
                shows_on=one.shows,
            )
            for position, one in enumerate(found.steps, start=1)
        )
        _tell(
            plan,
            Audited.PLAN_CHOSEN,
            by,
            areas=dict(wish.areas),
            budget=budget,
            begins=begins.isoformat(),
            steps=[f"{one.step.practice}:{one.step.level}" for one in found.steps],
        )
    return plan


def end(*, plan: Plan, by: User) -> None:
    """End a plan; it stays in the record. One that has ended already is left as it is."""
    with transaction.atomic():
        fresh = Plan.objects.select_for_update().get(pk=plan.pk)
        if fresh.ended_at is None:
            _end(fresh, by)


def assign(*, step: PlannedStep, owner: User | None, by: User) -> None:
    """Give a step to a member of the agency, or to nobody.

    Raises:
        RefusedError: the plan has ended, or the person does not belong to the agency.
    """
    _still_active(step)
    if owner is not None and not step.agency.memberships.filter(user=owner).exists():
        raise RefusedError(_("Choose somebody who works in this agency. Nothing was changed."))
    if step.owner_id == (owner.pk if owner else None):
        return
    with transaction.atomic():
        PlannedStep.objects.filter(pk=step.pk).update(owner=owner)
        _tell(step.plan, Audited.STEP_ASSIGNED, by, step=str(step), owner=str(owner) if owner else "")


def tick(*, step: PlannedStep, done: bool, by: User) -> None:
    """Say that the work of a step is done, or take that back. The level itself follows the evidence alone.

    Raises:
        RefusedError: the plan has ended.
    """
    _still_active(step)
    if (step.done_on is not None) == done:
        return
    with transaction.atomic():
        PlannedStep.objects.filter(pk=step.pk).update(done_on=timezone.localdate() if done else None)
        _tell(step.plan, Audited.STEP_DONE if done else Audited.STEP_REOPENED, by, step=str(step))


def reckon(*, agency: Agency, practice: str, hours: Mapping[int, Effort | None], by: User) -> None:
    """Enter the agency's own hours for the steps of one practice, by level reached; None returns to the shipped estimate.

    Raises:
        RefusedError: hours below zero or beyond a working year; nothing is saved then.
    """
    given = {level: effort for level, effort in hours.items() if effort is not None}
    if not all(0 <= each <= MOST_HOURS for effort in given.values() for each in (effort.hours, effort.monthly)):
        raise RefusedError(_("Hours lie between 0 and %(most)d. Nothing was saved.") % {"most": MOST_HOURS})
    with transaction.atomic():
        before = {
            one.level: Effort(one.hours, one.monthly) for one in OwnEffort.objects.of(agency).filter(practice=practice)
        }
        cleared = [level for level, effort in hours.items() if effort is None and level in before]
        OwnEffort.objects.of(agency).filter(practice=practice, level__in=cleared).delete()
        changed = {level: effort for level, effort in given.items() if before.get(level) != effort}
        for level, effort in changed.items():
            OwnEffort.objects.update_or_create(
                agency=agency,
                practice=practice,
                level=level,
                defaults={"hours": effort.hours, "monthly": effort.monthly, "by": by, "at": timezone.now()},
            )
        written: dict[str, Value] = {
            str(level): f"{one.hours:g} h, {one.monthly:g} h a month" for level, one in changed.items()
        }
        target = f"practice:{practice}"
        if written:
            record(agency=agency, by=by, action=Audited.EFFORT_SET, target=target, data=written)
        if cleared:
            levels: list[Value] = [*cleared]
            record(agency=agency, by=by, action=Audited.EFFORT_CLEARED, target=target, data={"levels": levels})


def _still_active(step: PlannedStep) -> None:
    if step.plan.ended_at is not None:
        raise RefusedError(_("This plan has ended, so nothing was changed. The roadmap shows the one that counts."))


def _end(plan: Plan, by: User) -> None:
    Plan.objects.filter(pk=plan.pk).update(ended_at=timezone.now(), ended_by=by)
    _tell(plan, Audited.PLAN_ENDED, by)


def _tell(plan: Plan, action: Audited, by: User, **data: Value) -> None:
    record(agency=plan.agency, by=by, action=action, target=f"plan:{plan.pk}", data=data)
