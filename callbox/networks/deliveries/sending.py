"""Sending: at most once, then settled.

Claim by compare-and-swap with a fence, call the network outside any transaction, settle by state and fence. Any number of workers may
run. A worker that dies leaves the row in `sending`: past its lease it becomes unclear, or waits again when the call surely never began.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Final

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from callbox.core.state import move
from callbox.core.text import SENTENCES
from callbox.governance.actions import Audited
from callbox.networks.connections import lanes
from callbox.networks.connections import services as connections
from callbox.networks.connections.models import Connection
from callbox.networks.contract import Reader, Resolver, Session, SignInError, as_written
from callbox.networks.deliveries import gate, outcome
from callbox.networks.deliveries.models import Delivery, Operation
from callbox.networks.deliveries.outcome import Outcome
from callbox.networks.deliveries.services import tell
from callbox.networks.media import MediaChangedError
from callbox.networks.vocabulary import Receipt

log = logging.getLogger("callbox.worker")

BY: Final = "system: sender"
#: A worker that has not settled by then is taken for dead.
LEASE: Final = timedelta(seconds=120)
#: Claimed from one look at the queue, so that what is urgent never waits behind more than these.
AT_ONCE: Final = 20

_EVENTS: Final = {
    "sent": Audited.DELIVERY_SENT,
    "waiting": Audited.DELIVERY_DELAYED,
    "refused": Audited.DELIVERY_REFUSED,
    "unclear": Audited.DELIVERY_UNCLEAR,
    "held": Audited.DELIVERY_HELD,
    "late": Audited.DELIVERY_LATE,
}


def send_waiting(*, resolve: Resolver = as_written) -> int:
    """Send everything that is due, one lane an account; return how many deliveries were settled or put off.

    resolve: whose address stands behind the recipient of a letter, asked at the last moment.
    """
    sweep()
    return lanes.run(_accounts_with_work, partial(send_lane, resolve=resolve))


def _accounts_with_work() -> Iterable[int]:
    now = timezone.now()
    open_now = Connection.objects.usable().filter(Q(not_before=None) | Q(not_before__lte=now))
    ready = Delivery.objects.ready(now).filter(connection__in=open_now)
    return list(ready.order_by().values_list("connection", flat=True).distinct())


def send_lane(connection: int, *, resolve: Resolver = as_written) -> int:
    """Send what is ready on one account, what is urgent first, up to twenty; return how many moved on."""
    now = timezone.now()
    account = Connection.objects.usable().filter(Q(not_before=None) | Q(not_before__lte=now)).filter(pk=connection)
    row = account.select_related("agency").first()
    if row is None:
        return 0
    waiting = Delivery.objects.ready(now).filter(connection=row).urgent_first().values_list("pk", flat=True)
    count = 0
    with contextlib.ExitStack() as stack:
        session: Session | None = None
        for pk in list(waiting[:AT_ONCE]):
            delivery = claim(pk)
            if delivery is None:
                continue
            count += 1
            if delivery.state != "sending":  # held or late
                continue
            try:
                session = session or stack.enter_context(connections.open_session(row, resolve=resolve))
            except SignInError as error:
                settle(delivery, outcome.of_error(error, attempts=delivery.attempts))
                return count
            if not _send(session, delivery):
                return count
    return count


def claim(pk: int) -> Delivery | None:
    """Take a waiting delivery for this worker, or hold it where the gate says so; None when there is nothing to take."""
    with transaction.atomic():
        rows = Delivery.objects.select_related("agency", "connection", "approval", "replaces")
        delivery = rows.select_for_update(of=("self",), skip_locked=True).filter(pk=pk, state="waiting").first()
        now = timezone.now()
        if delivery is None or delivery.due > now or (delivery.not_before is not None and delivery.not_before > now):
            return None
        if (code := gate.overdue(delivery, now)) is not None:
            _stop(delivery, "late", code)
        elif (code := gate.obstacle(delivery)) is not None:
            _stop(delivery, "held", code)
        else:
            move(
                delivery,
                "sending",
                fence=delivery.fence + 1,
                attempts=delivery.attempts + 1,
                claimed_at=now,
                called_at=None,
                said="",
            )
        return delivery


def _stop(delivery: Delivery, state: str, code: str) -> None:
    """Keep a waiting delivery from leaving, loudly."""
    move(delivery, state, said=SENTENCES[code])
    tell(delivery, _EVENTS[state], by=BY, why=code)
    log.warning("Delivery %d is %s: %s.", delivery.pk, state, SENTENCES[code])


def _send(session: Session, delivery: Delivery) -> bool:
    """Carry out one claimed delivery; return whether the lane may go on."""
    try:
        media = gate.bytes_of(delivery)
    except MediaChangedError:
        _hold(delivery, "held_media")
        return True
    if not _enter(delivery):
        return True
    try:
        result = outcome.of_receipt(_call(session, delivery, media))
    except Exception as error:  # whatever happened, the row must say what is known
        result = outcome.of_error(error, attempts=delivery.attempts)
    settle(delivery, result)
    return not (result.sign_in or result.asked)


def _enter(delivery: Delivery) -> bool:
    """Ask the gate once more and write down that the call begins; False when it must not."""
    with transaction.atomic():
        rows = Delivery.objects.select_related("agency", "connection", "approval", "replaces")
        mine = rows.select_for_update(of=("self",)).filter(pk=delivery.pk, state="sending", fence=delivery.fence)
        fresh = mine.first()
        if fresh is None:
            return False
        code = gate.obstacle(fresh)
        if code is None:
            delivery.called_at = timezone.now()
            Delivery.objects.filter(pk=fresh.pk).update(called_at=delivery.called_at)
            return True
    _hold(delivery, code)
    return False


def _call(session: Session, delivery: Delivery, media: Reader) -> Receipt | None:
    """Do on the network what the delivery asks for. No transaction is open."""
    if delivery.operation == Operation.WITHDRAW:
        assert delivery.replaces is not None  # noqa: S101 - the gate has looked
        session.withdraw(delivery.replaces.remote_id)
        return None
    if delivery.operation == Operation.EDIT:
        assert delivery.replaces is not None  # noqa: S101 - the gate has looked
        return session.edit(delivery.replaces.remote_id, delivery.shown, key=delivery.key, media=media)
    return session.publish(delivery.shown, key=delivery.key, media=media, recipient=delivery.recipient)


def _hold(delivery: Delivery, code: str) -> None:
    if _swap(delivery, "held", {"said": SENTENCES[code]}, {"why": code}):
        log.warning("Delivery %d is held: %s.", delivery.pk, SENTENCES[code])


def settle(delivery: Delivery, result: Outcome) -> bool:
    """Write down what came of it; False when the row is no longer this worker's, and then nothing changes."""
    now = timezone.now()
    changes: dict[str, object] = {"said": result.said[:500], "not_before": None}
    facts: dict[str, str | int | None] = {"attempts": delivery.attempts, "said": result.said}
    if result.receipt is not None:
        changes |= {"remote_id": result.receipt.remote_id[:500], "url": result.receipt.url[:1000]}
        facts["remote_id"] = result.receipt.remote_id[:500]
    if result.state in {"sent", "refused"}:
        changes["settled_at"] = now
    until = now + timedelta(seconds=result.wait) if result.wait else None
    if result.state == "waiting":
        changes["not_before"] = until
        facts["seconds"] = round(result.wait)
    moved = _swap(delivery, result.state, changes, facts)
    if result.asked:
        Connection.objects.filter(pk=delivery.connection_id).update(not_before=until)
    if result.sign_in:
        connections.refused(delivery.connection, result.said)
    return moved


@transaction.atomic
def _swap(delivery: Delivery, state: str, changes: dict[str, object], facts: dict[str, str | int | None]) -> bool:
    """Move a delivery on that this worker holds: by its state and its fence."""
    delivery.LIFE.check("sending", state)
    mine = Delivery.objects.filter(pk=delivery.pk, state="sending", fence=delivery.fence)
    if not mine.update(state=state, **changes):
        log.warning("Delivery %d was settled by somebody else; what this worker knows was not written.", delivery.pk)
        return False
    delivery.state = state
    tell(delivery, _EVENTS[state], by=BY, **facts)
    return True


def sweep() -> int:
    """Take deliveries from workers that died, and set aside what is overdue on accounts nobody can send from; return how many."""
    now, count = timezone.now(), 0
    rows = Delivery.objects.select_related("agency", "connection")
    for dead in rows.filter(state="sending", claimed_at__lt=now - LEASE):
        if dead.called_at is None:
            count += _swap(dead, "waiting", {"attempts": F("attempts") - 1}, {"why": "never called"})
        else:
            count += _swap(dead, "unclear", {"said": SENTENCES["unclear_crash"]}, {"why": "unclear_crash"})
    begun = Q(due__lt=now - gate.OVERDUE) | Q(expires__lt=now) | Q(expires__lt=F("not_before"))
    for pk in list(Delivery.objects.filter(begun, state="waiting").values_list("pk", flat=True)):
        count += _late(pk)
    return count


@transaction.atomic
def _late(pk: int) -> bool:
    rows = Delivery.objects.select_related("agency", "connection").select_for_update(of=("self",), skip_locked=True)
    delivery = rows.filter(pk=pk, state="waiting").first()
    code = gate.overdue(delivery, timezone.now()) if delivery is not None else None
    if delivery is None or code is None:
        return False
    _stop(delivery, "late", code)
    return True
