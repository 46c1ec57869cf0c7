"""Sending: at most once, then settled.

Claim by compare-and-swap with a fence, call the network outside any transaction, settle by state and fence. Any number of workers may
run. A worker that dies leaves the row in `sending`: past its lease it becomes unclear, or waits again when the call surely never began.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from callbox.core.state import MovedMeanwhileError, move
from callbox.core.text import SENTENCES
from callbox.governance import freezing
from callbox.governance.actions import Audited
from callbox.networks.connections import lanes
from callbox.networks.connections import services as connections
from callbox.networks.connections.models import Connection
from callbox.networks.contract import Reader, Resolver, Session, SignInError, as_written
from callbox.networks.deliveries import gate, outcome, statements
from callbox.networks.deliveries.models import Delivery, DeliveryQuerySet, Operation
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

#: Seconds after which a lane gives back what it has claimed and not called: well within the lease, whatever the last call takes.
PATIENCE: Final = 20.0

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
    ready = Delivery.objects.ready(now).filter(connection=OuterRef("pk")).order_by()
    return list(open_now.filter(Exists(ready)).values_list("pk", flat=True))


def send_lane(connection: int, *, resolve: Resolver = as_written) -> int:
    """Send what is ready on one account, what is urgent first, up to twenty; return how many moved on."""
    now = timezone.now()
    account = Connection.objects.usable().filter(Q(not_before=None) | Q(not_before__lte=now)).filter(pk=connection)
    row = account.select_related("agency").first()
    if row is None:
        return 0
    taken = _claim(Delivery.objects.ready(now).filter(connection=row).urgent_first())
    mine = [delivery for delivery in taken if delivery.state == "sending"]  # the others are held or late
    if mine:
        with contextlib.ExitStack() as stack:
            try:
                session = stack.enter_context(connections.open_session(row, resolve=resolve))
            except SignInError as error:
                _give_back(mine[1:])
                settle(mine[0], outcome.of_error(error, attempts=mine[0].attempts))
            except Exception:  # nothing was called, so nothing need wait for the lease
                _give_back(mine)
                raise
            else:
                _send(session, mine)
    return len(taken)


def claim(pk: int) -> Delivery | None:
    """Take a waiting delivery for this worker, or hold it where the gate says so; None when there is nothing to take."""
    return next(iter(_claim(Delivery.objects.ready(timezone.now()).filter(pk=pk))), None)


@transaction.atomic
def _claim(ready: DeliveryQuerySet) -> list[Delivery]:
    """Take the first of `ready` for this worker in one step: each becomes ours, or held or late where the gate says so."""
    rows = ready.select_related("agency", "connection", "approval", "replaces")
    taken, now = list(rows.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE]), timezone.now()
    mine = []
    frozen = {agency: freezing.pressed_at(agency) for agency in {delivery.agency_id for delivery in taken}}
    for delivery in taken:
        if (code := gate.overdue(delivery, now)) is not None:
            _stop(delivery, "late", code)
        elif (code := gate.obstacle(delivery, frozen=frozen[delivery.agency_id])) is not None:
            _stop(delivery, "held", code)
        else:
            mine.append(delivery)
    waiting = Delivery.objects.filter(pk__in=[delivery.pk for delivery in mine], state="waiting")
    fresh = {"claimed_at": now, "called_at": None, "said": ""}
    once = {"fence": F("fence") + 1, "attempts": F("attempts") + 1}
    if mine and waiting.update(state="sending", **once, **fresh) != len(mine):
        raise MovedMeanwhileError("somebody took one of these, although they were locked")
    for delivery in mine:
        delivery.LIFE.check(delivery.state, "sending")
        delivery.state, delivery.claimed_at, delivery.called_at, delivery.said = "sending", now, None, ""
        delivery.fence, delivery.attempts = delivery.fence + 1, delivery.attempts + 1
    return taken


def _give_back(claimed: Sequence[Delivery]) -> None:
    """Let deliveries wait again that were claimed and surely not called."""
    with transaction.atomic():
        for each in claimed:
            each.LIFE.check("sending", "waiting")
            mine = Delivery.objects.filter(pk=each.pk, state="sending", fence=each.fence, called_at=None)
            mine.update(state="waiting", attempts=F("attempts") - 1, claimed_at=None)


def _stop(delivery: Delivery, state: str, code: str) -> None:
    """Keep a waiting delivery from leaving, loudly."""
    move(delivery, state, said=SENTENCES[code])
    tell(delivery, _EVENTS[state], by=BY, why=code)
    log.warning("Delivery %d is %s: %s.", delivery.pk, state, SENTENCES[code])


def _send(session: Session, claimed: Sequence[Delivery]) -> None:
    """Carry out claimed deliveries in their order. What the lane cannot go on with waits again.

    A success is written in the same step in which the next call is marked: one write to disk between two calls.
    """
    done: tuple[Delivery, Outcome] | None = None
    until = time.monotonic() + PATIENCE
    try:
        for number, delivery in enumerate(claimed):
            try:
                media = gate.bytes_of(delivery)
            except MediaChangedError:
                _hold(delivery, "held_media")
                continue
            entered, done = _enter(delivery, done), None
            if not entered:
                continue
            try:
                result = outcome.of_receipt(_call(session, delivery, media))
            except Exception as error:  # whatever happened, the row must say what is known
                result = outcome.of_error(error, attempts=delivery.attempts)
            if result.state == "sent":
                done = delivery, result
            else:
                settle(delivery, result)
            if result.sign_in or result.asked or time.monotonic() > until:
                _give_back(claimed[number + 1 :])
                return
    finally:
        if done is not None:
            settle(*done)


@transaction.atomic
def _enter(delivery: Delivery, done: tuple[Delivery, Outcome] | None = None) -> bool:
    """Ask the gate once more and write down that the call begins; False when it must not.

    done: what came of the call before, written in the same step.
    """
    if done is not None:
        settle(*done)
    return _marked(delivery)


def _marked(delivery: Delivery) -> bool:
    fresh = statements.claimed(delivery)
    if fresh is None:
        return False
    code = gate.obstacle(fresh, frozen=freezing.pressed_at(fresh.agency_id))
    if code is not None:
        _hold(delivery, code)
        return False
    now = timezone.now()
    statements.mark(fresh, now)
    delivery.called_at = delivery.claimed_at = now
    return True


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


@transaction.atomic(savepoint=False)
def _swap(
    delivery: Delivery, state: str, changes: dict[str, object], facts: dict[str, str | int | None], **known: object
) -> bool:
    """Move a delivery on that this worker holds: by its state and its fence, and by what else is known of it."""
    delivery.LIFE.check("sending", state)
    if not statements.swap(delivery, {"state": state, **changes}, known):
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
            count += _swap(dead, "waiting", {"attempts": dead.attempts - 1}, {"why": "never called"}, called_at=None)
        else:
            said: dict[str, object] = {"said": SENTENCES["unclear_crash"]}
            count += _swap(dead, "unclear", said, {"why": "unclear_crash"}, called_at=dead.called_at)
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
