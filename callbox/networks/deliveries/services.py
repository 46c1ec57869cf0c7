"""Queueing deliveries, and what only a person decides about them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.state import move
from callbox.core.text import SENTENCES
from callbox.governance import freezing
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.governance.models import Approval
from callbox.networks.connections.models import Connection
from callbox.networks.deliveries import gate
from callbox.networks.deliveries.models import Delivery, Operation
from callbox.networks.vocabulary import Rendition
from callbox.people.models import Agency, User

type Decision = Literal["sent", "again", "give-up"]

#: What has not left and can still be taken off, or queued once more with a newer approval.
NOT_LEFT: Final = ("waiting", "held", "late", "refused")


@transaction.atomic
def queue(
    *,
    agency: Agency,
    connection: Connection,
    subject: str,
    version: int,
    rendition: Rendition,
    approval: Approval,
    due: datetime,
    expires: datetime | None = None,
    operation: Operation = Operation.PUBLISH,
    replaces: Delivery | None = None,
    recipient: str = "",
    by: User | str,
) -> Delivery:
    """Put one rendition on its way. For the same purpose there is one delivery: queued again it takes the newer approval, unless
    it may have left already; then nothing changes.

    Raises:
        RefusedError: connection, approval or what is replaced belong to another agency.
    """
    others = {connection.agency_id, approval.agency_id, *([replaces.agency_id] if replaces else [])}
    if others != {agency.pk}:
        raise RefusedError(_("This belongs to another agency. Nothing was queued."))
    fresh = {
        "rendition": rendition.plain(),
        "approval": approval,
        "replaces": replaces,
        "due": due,
        "expires": expires,
    }
    row, new = Delivery.objects.select_for_update(of=("self",)).get_or_create(
        connection=connection,
        subject=subject,
        version=version,
        operation=operation,
        recipient=recipient,
        defaults={"agency": agency, "key": uuid.uuid4().hex, "made": timezone.now(), **fresh},
    )
    if not new:
        if row.approval_id == approval.pk or not _surely_unsent(row):
            return row
        if row.state != "waiting":
            move(row, "waiting")
        made = {"made": timezone.now(), "said": "", "not_before": None, "released_at": None, "settled_at": None}
        Delivery.objects.filter(pk=row.pk).update(**fresh, **made)
        row.refresh_from_db()
    tell(row, Audited.DELIVERY_QUEUED, by=by, digest=rendition.digest, approval=approval.pk)
    return row


@transaction.atomic
def queue_letters(
    *,
    connection: Connection,
    subject: str,
    version: int,
    rendition: Rendition,
    approval: Approval,
    due: datetime,
    expires: datetime | None,
    recipients: Sequence[str],
    by: User | str,
) -> int:
    """Put one letter a recipient on its way, with one event for all of them that are new; return how many recipients there are.

    A recipient who has a letter of this version already is handled as `queue` does.

    Raises:
        RefusedError: connection or approval belong to another agency.
    """
    agency = connection.agency
    if approval.agency_id != agency.pk:
        raise RefusedError(_("This belongs to another agency. Nothing was queued."))
    once: dict[str, Any] = {"connection": connection, "subject": subject, "version": version}
    there = set(Delivery.objects.filter(**once, operation=Operation.PUBLISH).values_list("recipient", flat=True))
    for recipient in there & set(recipients):
        queue(
            agency=agency,
            **once,
            rendition=rendition,
            approval=approval,
            due=due,
            expires=expires,
            recipient=recipient,
            by=by,
        )
    fresh: dict[str, Any] = {"rendition": rendition.plain(), "approval": approval, "due": due, "expires": expires}
    now = timezone.now()
    new = [
        Delivery(agency=agency, **once, **fresh, recipient=recipient, key=uuid.uuid4().hex, made=now)
        for recipient in dict.fromkeys(recipients)
        if recipient not in there
    ]
    Delivery.objects.bulk_create(new, batch_size=500)
    if new:
        data: dict[str, Value] = {
            "subject": subject,
            "account": connection.account,
            "operation": str(Operation.PUBLISH),
            "version": version,
            "digest": rendition.digest,
            "approval": approval.pk,
            "letters": len(new),
        }
        record(agency=agency, by=by, action=Audited.DELIVERY_QUEUED, target=subject, data=data)
    return len(recipients)


def _surely_unsent(row: Delivery) -> bool:
    return row.state in NOT_LEFT or (row.state == "given-up" and row.called_at is None)


def tell(row: Delivery, action: Audited, *, by: User | str, **data: str | int | None) -> None:
    """Write the event of a change into the trail. Whom a letter went to stays out of it."""
    account = row.connection.account
    facts: dict[str, Value] = {
        "subject": row.subject,
        "account": account,
        "operation": str(row.operation),
        "version": row.version,
    }
    record(agency=row.agency, by=by, action=action, target=f"delivery:{row.pk}", data={**facts, **data})


def settle(*, delivery: Delivery, decision: Decision, by: User, remote_id: str = "", url: str = "") -> None:
    """Decide about a delivery of which nobody knows whether it left, or that the network refused; one that is held or late can be given up.

    sent: the person saw it there.  again: send it once more.  give-up: leave it.  remote_id, url: where the person saw it.
    Of a letter all of its mailing in the same state are decided about with it, but for unclear ones: each of those arrived or did not.

    Raises:
        RefusedError: it is settled already, cannot be settled like this, or its account was taken off.
        TypeError: `by` is no person.
    """
    _only_a_person(by)
    target = {"sent": "sent", "again": "waiting", "give-up": "given-up"}[decision]
    with transaction.atomic():
        row = _locked(delivery)
        open_ = {"unclear", "refused", "held", "late"} if decision == "give-up" else {"unclear", "refused"}
        if row.state not in open_ or not row.LIFE.allows(row.state, target):
            raise RefusedError(_("Somebody settled this meanwhile. Look at it again; nothing was changed."))
        before, now, letters = row.state, timezone.now(), 1
        if decision == "again":
            _still_in_time(row)
            _still_connected(row)
            letters = _move(row, target, released_at=now, not_before=None)
        elif decision == "sent":
            move(row, target, settled_at=now, remote_id=remote_id[:500] or row.remote_id, url=url[:1000] or row.url)
        else:
            letters = _move(row, target, settled_at=now)
        more = {"letters": letters} if letters > 1 else {}
        tell(row, Audited.DELIVERY_SETTLED, by=by, decision=decision, before=before, **more)
    delivery.refresh_from_db()


def release(*, delivery: Delivery, by: User) -> None:
    """Let a delivery go on that was held or is late. Its hour stays the approved one; that it is late now was a person's decision.

    Of a letter all of its mailing in the same state go on with it; the gate asks again for each.

    Raises:
        RefusedError: it is not held or late, its last hour has passed, its account was taken off, or what held it still stands.
        TypeError: `by` is no person.
    """
    _only_a_person(by)
    with transaction.atomic():
        row = _locked(delivery)
        if row.state not in {"held", "late"}:
            raise RefusedError(
                _("This neither waits for a decision nor is late. Look at it again; nothing was changed.")
            )
        _still_in_time(row)
        _still_connected(row)
        code = gate.obstacle(row, frozen=freezing.pressed_at(row.agency_id))
        if code is not None:
            raise RefusedError(
                _("It cannot leave: %(why)s. Nothing was changed; approve it anew or take it off.")
                % {"why": _(SENTENCES[code])}
            )
        before = row.state
        letters = _move(row, "waiting", released_at=timezone.now(), not_before=None, said="")
        more = {"letters": letters} if letters > 1 else {}
        tell(row, Audited.DELIVERY_RELEASED, by=by, before=before, **more)
    delivery.refresh_from_db()


def _move(row: Delivery, to: str, **changes: object) -> int:
    """Move a locked delivery on, and of a letter its whole mailing; return how many there were."""
    others = Delivery.objects.alike(row).exclude(pk=row.pk) if row.state != "unclear" else Delivery.objects.none()
    moved = others.update(state=to, **changes)
    move(row, to, **changes)
    return 1 + moved


def _locked(delivery: Delivery) -> Delivery:
    rows = Delivery.objects.select_related("connection", "agency", "approval", "replaces")
    return rows.select_for_update(of=("self",)).get(pk=delivery.pk)


def _only_a_person(by: object) -> None:
    if not isinstance(by, User):
        raise TypeError("only a person decides about this")


def _still_connected(row: Delivery) -> None:
    if row.connection.state == "ended":
        raise RefusedError(
            _("%(account)s is no longer connected, so nothing leaves there. Connect it again, or drop this.")
            % {"account": row.connection.account}
        )


def _still_in_time(row: Delivery) -> None:
    if row.expires is not None and timezone.now() > row.expires:
        raise RefusedError(_("Its last hour has passed, so it stays. Write it anew if it is still true."))


def take_off(*, agency: Agency, subject: str, why: str, by: User | str) -> int:
    """Take off what has not left of a subject; return how many there were. What is under way stays. Belongs into a transaction."""
    rows = Delivery.objects.of(agency).about(subject).filter(state__in=("waiting", "held", "late"))
    count = rows.update(state="given-up", said=why[:500], settled_at=timezone.now())
    if count:
        record(agency=agency, by=by, action=Audited.DELIVERIES_CANCELLED, target=subject, data={"why": why, "n": count})
    return count


def cancel_letters(*, agency: Agency, recipient: str, why: str, by: User | str) -> int:
    """Take off every letter to one recipient that has not left; return how many. One that is under way stays."""
    rows = Delivery.objects.of(agency).filter(recipient=recipient, state__in=("waiting", "held", "late"))
    count = rows.update(state="given-up", said=why[:500], settled_at=timezone.now())
    if count:
        record(
            agency=agency, by=by, action=Audited.DELIVERIES_CANCELLED, target=recipient, data={"why": why, "n": count}
        )
    return count
