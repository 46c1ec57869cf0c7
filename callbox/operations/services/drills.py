"""Drills: begun, timed, ended; those held elsewhere written down; what they led to, until it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.state import move
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.operations.models import Action as Todo
from callbox.operations.models import Drill, Incident
from callbox.people.models import Agency, User
from callbox.people.roles import Action, can

#: The five times of a drill, in their order.
STEPS: Final = ("detected", "verified", "approved", "published", "corrected")
#: What may be written down that was held elsewhere.
KINDS: Final = ("exercise", "test")
#: The longest text about what was learned, characters.
LONGEST: Final = 5000


def begin(*, agency: Agency, scenario: str, title: str, made: Mapping[str, Value], by: User) -> Drill:
    """Begin the replay of a scenario. made: where it is held.

    Raises:
        RefusedError: one is running already, or `by` may not.
    """
    may(by, agency)
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=agency.pk)
        if Drill.objects.of(agency).filter(state="running").exists():
            raise RefusedError(_("A drill is running. End it first, or break it off."))
        now = timezone.now()
        row = Drill.objects.create(
            agency=agency, kind="replay", scenario=scenario, title=title, began_at=now, made=dict(made), by=by, at=now
        )
        _tell(row, Audited.DRILL_BEGUN, by=by, scenario=scenario)
    return row


@transaction.atomic
def note(*, drill: Drill, steps: Mapping[str, datetime], made: Mapping[str, Value], incident: Incident | None) -> bool:
    """Write down the times that are known now; a time once written stays. Return whether anything was new."""
    row = Drill.objects.select_for_update().select_related("agency").get(pk=drill.pk)
    fresh = {name: at.isoformat() for name, at in steps.items() if name not in row.steps}
    linked = incident if incident is not None and row.incident_id is None else None
    things = {name: value for name, value in made.items() if row.made.get(name) != value}
    if not fresh and not things and linked is None:
        return False
    row.steps, row.made = {**row.steps, **fresh}, {**row.made, **things}
    row.incident = linked or row.incident
    row.save(update_fields=["steps", "made", "incident"])
    _tell(row, Audited.DRILL_STEP, by="system: drill", steps=sorted(fresh), made=sorted(things))
    drill.refresh_from_db()
    return True


@transaction.atomic
def end(*, drill: Drill, by: User) -> None:
    """End it: from now on it counts as one that was held."""
    may(by, drill.agency)
    move(drill, "done", ended_at=timezone.now())
    _tell(drill, Audited.DRILL_ENDED, by=by, steps=sorted(drill.steps))


@transaction.atomic
def break_off(*, drill: Drill, by: User) -> None:
    """Break it off: it never counts."""
    may(by, drill.agency)
    move(drill, "broken-off", ended_at=timezone.now())
    _tell(drill, Audited.DRILL_BROKEN_OFF, by=by)


@transaction.atomic
def let_go(*, drill: Drill, by: User) -> None:
    """Take the link to what a drill made off, before that is cleaned away. Its times stay."""
    may(by, drill.agency)
    Drill.objects.filter(pk=drill.pk).update(incident=None)
    _tell(drill, Audited.DRILL_CLEANED, by=by)
    drill.refresh_from_db()


def write_down(
    *, agency: Agency, kind: str, title: str, day: date, partners: Sequence[str], review: str, by: User
) -> Drill:
    """Write down an exercise, or a test of alerting, that was held elsewhere. partners: names of other agencies that took part.

    Raises:
        RefusedError: it has no name, its day lies ahead, it is of no kind there is, or `by` may not. Nothing was kept.
    """
    may(by, agency)
    now = timezone.now()
    if kind not in KINDS or not title.strip() or len(review) > LONGEST:
        raise RefusedError(_("Say what it was, and give it a name. Nothing was kept."))
    if day > timezone.localdate():
        raise RefusedError(_("Its day lies ahead. Write it down when it was held; nothing was kept."))
    at = datetime(day.year, day.month, day.day, 12, tzinfo=timezone.get_current_timezone())
    with transaction.atomic():
        row = Drill.objects.create(
            agency=agency,
            kind=kind,
            title=title.strip()[:160],
            state="done",
            partners=[name.strip()[:160] for name in partners if name.strip()][:50],
            began_at=min(at, now),
            ended_at=min(at, now),
            review=review.strip(),
            by=by,
            at=now,
        )
        _tell(row, Audited.DRILL_WRITTEN_DOWN, by=by, kind=kind, partners=len(row.partners))
    return row


@transaction.atomic
def review(*, drill: Drill, text: str, partners: Sequence[str], by: User) -> None:
    """Write down what was learned and who took part.

    Raises:
        RefusedError: it is too long, or `by` may not.
    """
    may(by, drill.agency)
    if len(text) > LONGEST:
        raise RefusedError(_("At most %(most)d characters. Nothing was kept.") % {"most": LONGEST})
    named = [name.strip()[:160] for name in partners if name.strip()][:50]
    Drill.objects.filter(pk=drill.pk).update(review=text.strip(), partners=named)
    _tell(drill, Audited.DRILL_REVIEWED, by=by, partners=len(named))
    drill.refresh_from_db()


@transaction.atomic
def add_action(*, drill: Drill, text: str, owner: User | None, due: date | None, by: User) -> Todo:
    """Add something to do that it led to.

    Raises:
        RefusedError: nothing is written, its owner is no member, or `by` may not.
    """
    may(by, drill.agency)
    if not text.strip():
        raise RefusedError(_("Say what is to be done. Nothing was kept."))
    if owner is not None and drill.agency.role_of(owner) is None:
        raise RefusedError(_("Choose somebody who works here. Nothing was kept."))
    row = Todo.objects.create(drill=drill, text=text.strip()[:300], owner=owner, due=due, by=by, at=timezone.now())
    _tell(drill, Audited.DRILL_ACTION_ADDED, by=by, todo=row.pk)
    return row


@transaction.atomic
def close_action(*, action: Todo, closed: bool, by: User) -> None:
    """Say that it is done, or that it is not after all."""
    may(by, action.drill.agency)
    if closed:
        move(action, "closed", closed_at=timezone.now())
    else:
        move(action, "open", closed_at=None)
    what = Audited.DRILL_ACTION_CLOSED if closed else Audited.DRILL_ACTION_OPENED
    _tell(action.drill, what, by=by, todo=action.pk)


def may(by: User, agency: Agency) -> None:
    """Refuse who may not hold drills.

    Raises:
        RefusedError: `by` may not.
    """
    if not can(by, Action.HOLD_DRILL, agency):
        raise RefusedError(_("Your role may not hold drills. Nothing was changed."))


def _tell(row: Drill, action: Audited, *, by: User | str, **data: Value) -> None:
    record(agency=row.agency, by=by, action=action, target=row.subject, data=data)
