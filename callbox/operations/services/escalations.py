"""Escalations: asked for, sent until the other side has them, acknowledged by a person there, or lapsed loudly.

The row is there before the first call and carries the key that every repeat of the call carries, so a worker that is killed anywhere
loses nothing, and what it sent twice opens one incident there.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.state import MovedMeanwhileError, UndeclaredMoveError, move
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.networks.connections import lanes
from callbox.operations.gateways import payload, webhook
from callbox.operations.gateways.payload import Content
from callbox.operations.gateways.webhook import Answer
from callbox.operations.models import Escalation, Gateway, Incident, Note
from callbox.operations.services.gateways import secrets_of
from callbox.people.models import User
from callbox.people.roles import Action, can

BY: Final = "system: escalations"
DISPATCH: Final = "dispatch"
#: A worker that has not settled a call by then is taken for dead; a call takes at most `webhook.SECONDS`.
LEASE: Final = timedelta(seconds=30)
#: The longest pause between two tries, seconds.
LONGEST_PAUSE: Final = 30


def ask(
    *, gateway: Gateway, subject: str, content: Content, key: uuid.UUID, incident: Incident | None = None, by: User
) -> Escalation:
    """Write down that something is to be handed over; a worker sends it within a second. The same key again is the same escalation.

    subject: what it came from (`conversation:12`).  The caller has asked whether `by` may read that.

    Raises:
        RefusedError: nothing is said, the gateway is closed, an exercise would go to a real dispatch centre or the other way round,
            the same thing waits there already, or `by` may not. Nothing was kept.
    """
    if not can(by, Action.ESCALATE, gateway.agency):
        raise RefusedError(_("Your role may not escalate. Nothing was sent."))
    if not content.what.strip() or len(content.what) > payload.LONGEST or len(content.where) > payload.LONGEST:
        raise RefusedError(
            _("Say what happens, in at most %(most)d characters. Nothing was sent.") % {"most": payload.LONGEST}
        )
    if incident is not None and incident.exercise != gateway.exercise:
        exercise = _("This gateway is for exercises only. Nothing was sent.")
        real = _("An exercise never goes to a real dispatch centre. Nothing was sent.")
        raise RefusedError(exercise if gateway.exercise else real)
    try:
        with transaction.atomic():
            return _keep(gateway, subject, content, key, incident, by)
    except IntegrityError:  # the same form, sent twice at once
        return Escalation.objects.of(gateway.agency).get(key=key)


def _keep(
    gateway: Gateway, subject: str, content: Content, key: uuid.UUID, incident: Incident | None, by: User
) -> Escalation:
    known = Escalation.objects.of(gateway.agency).filter(key=key).first()
    if known is not None:
        return known
    locked = Gateway.objects.select_for_update().select_related("agency").get(pk=gateway.pk)
    if locked.state != "open":
        raise RefusedError(_("This gateway is closed. Choose another one, or call. Nothing was sent."))
    if Escalation.objects.waiting().filter(gateway=locked, subject=subject).exists():
        raise RefusedError(
            _("This was sent there already, and nobody has acknowledged it yet. Look at it; nothing was sent again.")
        )
    now = timezone.now()
    due_by = now + timedelta(minutes=locked.minutes)
    row = Escalation(gateway=locked, agency=locked.agency, incident=incident, subject=subject, key=key, by=by, at=now)
    row.exercise, row.due_by, row.next_at = locked.exercise, due_by, now
    row.payload = payload.opened(
        content, reference=row.short, agency=locked.agency.name, at=now, due_by=due_by, exercise=locked.exercise
    )
    row.save()
    _tell(row, Audited.ESCALATION_ASKED, by=by, subject=subject, gateway=locked.pk, about=sorted(content.about))
    _log(row, _("Escalated to %(gateway)s.") % {"gateway": locked}, by=by)
    return row


def send_due() -> int:
    """Send what waits, one lane a gateway, so that one that hangs delays no other; return how many calls were made."""
    sweep()
    return lanes.run(_gateways_with_work, send_lane)


def _gateways_with_work() -> Iterable[int]:
    now = timezone.now()
    ready = Escalation.objects.filter(state__in=("waiting", "unclear"), next_at__lte=now, due_by__gt=now)
    return list(ready.order_by().values_list("gateway", flat=True).distinct())


@transaction.atomic
def sweep() -> int:
    """Take back what dead workers held: their call may have arrived, so it is unclear. Return how many there were."""
    dead = Escalation.objects.filter(state="sending", claimed_at__lt=timezone.now() - LEASE)
    count = 0
    for row in dead.select_related("agency").select_for_update(of=("self",), skip_locked=True):
        move(row, "unclear", next_at=timezone.now())
        _tell(row, Audited.ESCALATION_UNCLEAR, by=BY, said="the worker stopped")
        count += 1
    return count


def send_lane(gateway: int) -> int:
    """Make one call to a gateway, the one that waits longest; return 0 when nothing waits."""
    taken = claim(gateway)
    if taken is None:
        return 0
    row, before = taken
    answer = webhook.call(
        address=row.gateway.address,
        secrets=secrets_of(row.gateway),
        key=str(row.key),
        content=row.payload,
        at=timezone.now(),
        private=settings.PRIVATE_HOSTS,
    )
    answered(row, before, answer)
    return 1


@transaction.atomic
def claim(gateway: int) -> tuple[Escalation, str] | None:
    """Take one for this worker; return it with the state it had. Past its time nothing is sent: it lapses, and a person calls."""
    now = timezone.now()
    ready = Escalation.objects.filter(state__in=("waiting", "unclear"), next_at__lte=now, due_by__gt=now)
    rows = ready.filter(gateway=gateway).order_by("next_at", "pk").select_related("gateway", "agency")
    row = rows.select_for_update(of=("self",), skip_locked=True).first()
    if row is None:
        return None
    before = row.state
    move(row, "sending", claimed_at=now, attempts=row.attempts + 1)
    return row, before


@transaction.atomic
def answered(taken: Escalation, before: str, answer: Answer) -> None:
    """Write down what came of a call, unless somebody settled it meanwhile: its acknowledgement may be faster than its answer."""
    row = Escalation.objects.select_for_update().get(pk=taken.pk)
    if answer.fate == "acknowledged":
        _acknowledge(row, answer)
        return
    if row.state != "sending" or row.attempts != taken.attempts:
        return
    again = timezone.now() + timedelta(seconds=min(2 ** (row.attempts - 1), LONGEST_PAUSE))
    if answer.fate == "taken":
        move(row, "sent", sent_at=timezone.now(), said=answer.said, reference=answer.reference)
        _tell(row, Audited.ESCALATION_SENT, by=BY, attempts=row.attempts)
    elif answer.fate == "denied":
        _lapse(row, said=answer.said)
    elif answer.fate == "unclear" or before == "unclear":
        move(row, "unclear", next_at=again, said=answer.said)
        _tell(row, Audited.ESCALATION_UNCLEAR, by=BY, said=answer.said)
    else:
        move(row, "waiting", next_at=again, said=answer.said)
        _tell(row, Audited.ESCALATION_DELAYED, by=BY, said=answer.said)


@transaction.atomic
def acknowledge(*, key: uuid.UUID, answer: Answer) -> Escalation:
    """Take a person's word, from dispatch, that they have it. Said again, it changes nothing. Late is better than never.

    Raises:
        RefusedError: it was never sent.
    """
    row = Escalation.objects.select_for_update().get(key=key)
    _acknowledge(row, answer)
    return row


def _acknowledge(row: Escalation, answer: Answer) -> None:
    if row.state == "acknowledged":
        return
    said: dict[str, object] = {"acknowledged_at": timezone.now(), "acknowledged_by": answer.by, "said": answer.said}
    said["reference"] = answer.reference or row.reference
    late = row.state in {"lapsed", "settled"}
    try:
        move(row, "acknowledged", **said)
    except UndeclaredMoveError:
        raise RefusedError(_("This was never sent, so nobody can have it.")) from None
    _tell(row, Audited.ESCALATION_ACKNOWLEDGED, by=DISPATCH, who=answer.by, reference=row.reference, late=late)
    if row.incident_id is not None and row.reference:
        Incident.objects.filter(pk=row.incident_id, reference="").update(reference=row.reference)
    who = answer.by or row.gateway.title
    line = _("Acknowledged by %(who)s.") % {"who": who}
    _log(row, f"{line} {row.reference} {answer.said}".strip(), by=None)


def lapse_due() -> int:
    """Let everything lapse that nobody has acknowledged in time; return how many there were."""
    due = Escalation.objects.waiting().filter(due_by__lte=timezone.now())
    count = 0
    for number in list(due.values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                row = Escalation.objects.select_for_update(of=("self",)).select_related("agency").get(pk=number)
                if row.state in {"waiting", "sending", "unclear", "sent"}:
                    _lapse(row, said=row.said)
                    count += 1
        except MovedMeanwhileError:  # acknowledged in this very moment
            continue
    return count


@transaction.atomic
def wait_no_longer(*, escalation: Escalation) -> None:
    """Let one of an exercise lapse before its time: a drill by script does not wait for minutes.

    Raises:
        RefusedError: it is no exercise.
    """
    if not escalation.exercise:
        raise RefusedError(_("Only in an exercise may one lapse before its time."))
    row = Escalation.objects.select_for_update().get(pk=escalation.pk)
    if row.state in {"waiting", "sending", "unclear", "sent"}:
        _lapse(row, said=row.said)
    escalation.refresh_from_db()


def _lapse(row: Escalation, *, said: str) -> None:
    move(row, "lapsed", said=said)
    _tell(row, Audited.ESCALATION_LAPSED, by=BY, gateway=row.gateway_id, said=said)
    _log(row, _("Nobody at dispatch has acknowledged. Call %(phone)s.") % {"phone": row.gateway.phone}, by=None)


@transaction.atomic
def settle(*, escalation: Escalation, outcome: str, by: User) -> None:
    """Write down what became of one that lapsed; with that its banner goes.

    Raises:
        RefusedError: nothing or too much is written, it did not lapse, or `by` may not.
    """
    if not can(by, Action.ESCALATE, escalation.agency):
        raise RefusedError(_("Your role may not escalate. Nothing was changed."))
    words = outcome.strip()
    if not words or len(words) > payload.LONGEST:
        raise RefusedError(
            _("Write what became of it, in at most %(most)d characters. Nothing was kept.") % {"most": payload.LONGEST}
        )
    row = Escalation.objects.select_for_update().get(pk=escalation.pk)
    if row.state != "lapsed":
        raise RefusedError(_("It is not waiting for this any more. Look at how it stands now."))
    move(row, "settled", outcome=words, settled_at=timezone.now(), settled_by=by)
    _tell(row, Audited.ESCALATION_SETTLED, by=by, outcome=words)
    _log(row, words, by=by)


@transaction.atomic
def link(*, escalation: Escalation, incident: Incident, by: User | str) -> None:
    """Let an escalation belong to the incident that was opened from the same thing."""
    if escalation.exercise == incident.exercise and escalation.incident_id is None:
        Escalation.objects.filter(pk=escalation.pk, incident=None).update(incident=incident)
        _tell(escalation, Audited.INCIDENT_LINKED, by=by, incident=incident.pk)


def _log(row: Escalation, text: str, *, by: User | None) -> None:
    """Write a line into the log of its incident, where it has one; the event of the act itself stands beside it."""
    if row.incident_id is not None:
        Note.objects.create(incident_id=row.incident_id, text=text, subject=row.called, by=by, at=timezone.now())


def _tell(row: Escalation, action: Audited, *, by: User | str, **data: Value) -> None:
    record(agency=row.agency, by=by, action=action, target=row.called, data=data)
