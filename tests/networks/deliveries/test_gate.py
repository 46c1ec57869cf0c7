"""The last gate: nothing leaves unapproved, changed, at another hour, or while everything is stopped."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.core.text import SENTENCES
from callbox.governance import approvals, freezing
from callbox.governance.models import Approval, AuditEvent
from callbox.networks import media
from callbox.networks.connections.models import Connection
from callbox.networks.deliveries import gate, sending, services
from callbox.networks.deliveries.models import Delivery, Operation
from callbox.networks.deliveries.sending import send_waiting
from callbox.networks.vocabulary import Media
from tests.networks.deliveries.fake import FakeNetwork
from tests.networks.desk import Desk, tampered

PICTURE = b"\x89PNG a closed road"


def _media(**changes: object) -> Media:
    kept = media.keep(settings.MEDIA_ROOT, 0, PICTURE)
    shown = Media(sha256=kept.sha256, kind="image", type="image/png", size=kept.size, alt="A closed road")
    return replace(shown, **changes)  # type: ignore[arg-type]


def _with_picture(desk: Desk) -> Delivery:
    media.keep(settings.MEDIA_ROOT, desk.agency.pk, PICTURE)
    return desk.queued(media=(_media(),))


def _held(delivery: Delivery) -> str:
    """Return why it is held, having looked that it is and that the trail says so."""
    delivery.refresh_from_db()
    assert delivery.state == "held", delivery.state
    event = AuditEvent.objects.filter(target=f"delivery:{delivery.pk}", action="delivery.held").get()
    code = str(event.data["why"])
    assert delivery.said == SENTENCES[code]
    return code


@pytest.mark.slow
def test_nothing_leaves_while_everything_is_stopped(desk: Desk, fake: FakeNetwork) -> None:
    """T-66: 500 scheduled, pressed, 0 leave; it survives a restart because it is a row."""
    due = timezone.now() + timedelta(minutes=1)
    connection = desk.account()
    for number in range(500):
        desk.queued(f"message:{number}", connection=connection, due=due)
    freezing.press(agency=desk.agency, why="Shooting on Mill Road", by=desk.alice)
    with time_machine.travel(due + timedelta(seconds=1)):
        assert send_waiting() == 500
    assert fake.calls == []
    assert Delivery.objects.filter(state="held", said=SENTENCES["held_freeze"]).count() == 500


def test_what_is_urgent_and_approved_after_the_freeze_leaves(desk: Desk, fake: FakeNetwork) -> None:
    """T-66."""
    before = desk.queued("message:1", text="Urgent, approved before", urgent=True)
    freezing.press(agency=desk.agency, why="Shooting on Mill Road", by=desk.alice)
    desk.queued("message:2", text="Stay indoors", urgent=True)
    ordinary = desk.queued("message:3", text="Fair on Sunday")
    send_waiting()
    assert [text for *_, text in fake.calls] == ["Stay indoors"]
    assert {_held(before), _held(ordinary)} == {"held_freeze"}


def test_what_is_taken_back_after_the_freeze_was_pressed_goes_and_nothing_decided_before_it(
    desk: Desk, fake: FakeNetwork
) -> None:
    first, second = desk.queued(), desk.queued("message:2", text="The bridge is closed.")
    send_waiting()
    first.refresh_from_db()
    second.refresh_from_db()
    before = desk.queued("message:2", text=second.shown.text, operation=Operation.WITHDRAW, replaces=second)
    freezing.press(agency=desk.agency, why="A death in service", by=desk.alice)
    after = desk.queued(text=first.shown.text, operation=Operation.WITHDRAW, replaces=first)
    edit = desk.queued(text="Harbour Street is open.", operation=Operation.EDIT, replaces=first)
    send_waiting()
    after.refresh_from_db()
    assert after.state == "sent"
    assert [_held(before), _held(edit)] == ["held_freeze", "held_freeze"]


def test_a_freeze_of_one_agency_stops_no_other(desk: Desk, fake: FakeNetwork) -> None:
    valley = Desk.open("valley")
    freezing.press(agency=desk.agency, why="Shooting on Mill Road", by=desk.alice)
    valley.queued(connection=valley.account("valley"))
    send_waiting()
    assert [account for _, account, _ in fake.calls] == ["fake:valley"]


def test_what_was_held_by_a_freeze_waits_for_a_person_after_it_is_lifted(desk: Desk, fake: FakeNetwork) -> None:
    """T-66, T-67."""
    delivery = desk.queued()
    freezing.press(agency=desk.agency, why="Shooting on Mill Road", by=desk.alice)
    send_waiting()
    with pytest.raises(RefusedError, match="everything is stopped"):
        services.release(delivery=delivery, by=desk.bob)
    freezing.lift(agency=desk.agency, by=desk.bob)
    assert send_waiting() == 0
    services.release(delivery=delivery, by=desk.bob)
    assert send_waiting() == 1
    assert len(fake.calls) == 1


def test_a_freeze_pressed_between_the_claim_and_the_call_still_stops_it(desk: Desk, fake: FakeNetwork) -> None:
    """T-67: the gate is asked again just before the call."""
    delivery = desk.queued()
    claimed = sending.claim(delivery.pk)
    assert claimed is not None
    freezing.press(agency=desk.agency, why="Shooting on Mill Road", by=desk.alice)
    assert not sending._enter(claimed)
    assert _held(delivery) == "held_freeze"


def test_an_approval_voided_between_the_claim_and_the_call_still_stops_it(desk: Desk, fake: FakeNetwork) -> None:
    delivery = desk.queued()
    claimed = sending.claim(delivery.pk)
    assert claimed is not None
    approvals.void(agency=desk.agency, subject=delivery.subject, why="wrong street", by=desk.bob)
    assert not sending._enter(claimed)
    assert _held(delivery) == "held_unapproved"


@pytest.mark.parametrize("place", ["pressed_at", "covers"])
def test_what_cannot_be_read_lets_nothing_leave(
    desk: Desk, fake: FakeNetwork, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """T-67: fails closed, in the claim and just before the call."""
    delivery = desk.queued()

    def unreadable(*_: object, **__: object) -> None:
        raise DatabaseError("the disk is gone")

    claimed = None
    for at_the_call in (False, True):
        with monkeypatch.context() as patch:
            if at_the_call:
                claimed = sending.claim(delivery.pk)
                assert claimed is not None
            patch.setattr(freezing if place == "pressed_at" else approvals, place, unreadable)
            if claimed is None:
                assert send_waiting() == 0
            else:
                with pytest.raises(DatabaseError):
                    sending._enter(claimed)
        assert fake.calls == []
    with time_machine.travel(timezone.now() + timedelta(seconds=121)):
        assert send_waiting() == 1  # surely never called, so it goes on by itself


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"text": "Harbour Street is closed!"}, "held_changed"),
        ({"title": "x"}, "held_changed"),
        ({"language": "es"}, "held_changed"),
        ({"link": "https://evil.example"}, "held_changed"),
        ({"media": ()}, "held_changed"),
        ({"media": (Media(sha256="0" * 64, kind="image", type="image/png", size=1, alt="x"),)}, "held_changed"),
        ({"reply_to": "post-7"}, "held_changed"),
        ({"urgent": True}, "held_changed"),
        ({"account": "fake:valley"}, "held_changed"),
    ],
)
def test_a_changed_rendition_does_not_leave(
    desk: Desk, fake: FakeNetwork, changes: dict[str, object], why: str
) -> None:
    """T-68: one field after another, changed behind the approval's back."""
    delivery = _with_picture(desk)
    tampered(delivery, **changes)
    send_waiting()
    assert _held(delivery) == why
    assert fake.calls == []


def _another_alt(delivery: Delivery) -> None:
    tampered(delivery, media=(replace(delivery.shown.media[0], alt="An open road"),))


def _an_hour_later(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(due=delivery.due - timedelta(minutes=5))


def _another_account(delivery: Delivery) -> None:
    before = delivery.connection
    other = Connection.objects.create(
        agency=before.agency, account="fake:other", details={"handle": "other"}, by=before.by, at=before.at
    )
    Delivery.objects.filter(pk=delivery.pk).update(connection=other)


def _another_subject(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(subject="message:77")


def _no_approval(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(approval=None)


def _forged_approval(delivery: Delivery) -> None:
    tampered(delivery, text="Forged")
    delivery.refresh_from_db()
    parts = {delivery.connection.account: delivery.shown.digest}
    Approval.objects.filter(subject=delivery.subject).update(parts=parts)


def _a_later_approved_hour(delivery: Delivery) -> None:
    Approval.objects.filter(subject=delivery.subject).update(due=delivery.due - timedelta(days=1))


def _nonsense(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(rendition={"text": 7, "evil": 1})


def _a_withdrawal_of_it(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(operation=Operation.WITHDRAW)


@pytest.mark.parametrize(
    "change",
    [
        _another_alt, _an_hour_later, _another_account, _another_subject, _no_approval, _forged_approval,
        _a_later_approved_hour, _nonsense, _a_withdrawal_of_it,
    ],
)  # fmt: skip
def test_no_change_after_the_approval_leaves(desk: Desk, fake: FakeNetwork, change: Callable[[Delivery], None]) -> None:
    """T-68: alternative text, hour, account, subject, operation and the approval itself, changed in the database."""
    media.keep(settings.MEDIA_ROOT, desk.agency.pk, PICTURE)
    due = timezone.now() + timedelta(minutes=10)
    delivery = desk.queued(media=(_media(),), due=due)
    change(delivery)
    with time_machine.travel(due + timedelta(seconds=1)):
        send_waiting()
    assert _held(delivery) in {"held_changed", "held_hour", "held_unapproved"}
    assert fake.calls == []


def test_at_once_does_not_mean_tomorrow(desk: Desk, fake: FakeNetwork) -> None:
    """T-68."""
    delivery = desk.queued()
    tomorrow = timezone.now() + timedelta(days=1)
    Delivery.objects.filter(pk=delivery.pk).update(due=tomorrow)
    with time_machine.travel(tomorrow + timedelta(seconds=1)):
        send_waiting()
    assert _held(delivery) == "held_hour"


@pytest.mark.parametrize("damage", ["changed", "missing"])
def test_a_picture_that_is_not_what_was_approved_does_not_leave(desk: Desk, fake: FakeNetwork, damage: str) -> None:
    """T-68: the bytes themselves are held against the digest."""
    delivery = _with_picture(desk)
    file = settings.MEDIA_ROOT / media.place_of(desk.agency.pk, hashlib.sha256(PICTURE).hexdigest())
    if damage == "changed":
        file.write_bytes(PICTURE + b" ")
    else:
        file.unlink()
    send_waiting()
    assert _held(delivery) == "held_media"
    assert fake.calls == []


def test_what_was_approved_with_its_picture_leaves_with_it(desk: Desk, fake: FakeNetwork) -> None:
    delivery = _with_picture(desk)
    read = gate.bytes_of(delivery)
    (settings.MEDIA_ROOT / media.place_of(desk.agency.pk, delivery.shown.media[0].sha256)).write_bytes(b"later")
    assert read(delivery.shown.media[0].sha256) == PICTURE  # what was judged is what is sent
    _with_picture(desk)
    assert send_waiting() == 1
    delivery.refresh_from_db()
    assert delivery.state == "sent"


def test_a_taken_back_approval_sends_nothing(desk: Desk, fake: FakeNetwork) -> None:
    delivery = desk.queued()
    approvals.void(agency=desk.agency, subject=delivery.subject, why="wrong street", by=desk.bob)
    send_waiting()
    assert _held(delivery) == "held_unapproved"
    with pytest.raises(RefusedError):
        services.release(delivery=delivery, by=desk.bob)


@pytest.mark.slow
def test_after_an_outage_everything_overdue_asks_a_person(desk: Desk, fake: FakeNetwork) -> None:
    """T-70: twelve hours down, 300 due; none leaves by itself, each asks."""
    begin, connection = timezone.now(), desk.account()
    rows = [
        desk.queued(f"message:{number}", connection=connection, due=begin + timedelta(minutes=1 + number))
        for number in range(300)
    ]
    with time_machine.travel(begin + timedelta(hours=12), tick=False) as clock:
        assert send_waiting() == 0
        assert fake.calls == []
        assert Delivery.objects.filter(state="late").count() == 300
        assert AuditEvent.objects.filter(action="delivery.late").count() == 300
        services.release(delivery=rows[0], by=desk.bob)
        assert send_waiting() == 1
        services.release(delivery=rows[1], by=desk.bob)
        clock.shift(2 * 3600)  # a person's word is good for an hour as well
        send_waiting()
    assert len(fake.calls) == 1
    assert Delivery.objects.get(pk=rows[1].pk).state == "late"


def test_a_short_outage_delays_and_asks_nobody(desk: Desk, fake: FakeNetwork) -> None:
    """T-70."""
    due = timezone.now() + timedelta(minutes=1)
    desk.queued(due=due)
    with time_machine.travel(due + timedelta(minutes=50)):
        assert send_waiting() == 1


def test_what_has_a_last_hour_does_not_leave_after_it(desk: Desk, fake: FakeNetwork) -> None:
    """T-70."""
    due = timezone.now() + timedelta(minutes=1)
    delivery = desk.queued(due=due, expires=due + timedelta(minutes=10))
    with time_machine.travel(due + timedelta(minutes=11)):
        send_waiting()
        delivery.refresh_from_db()
        assert (delivery.state, delivery.said) == ("late", SENTENCES["late_expiry"])
        with pytest.raises(RefusedError, match="last hour"):
            services.release(delivery=delivery, by=desk.bob)
    assert fake.calls == []


def test_on_an_account_that_was_taken_off_what_is_overdue_asks_too(desk: Desk, fake: FakeNetwork) -> None:
    delivery = desk.queued()
    Connection.objects.update(state="ended")
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        send_waiting()
    delivery.refresh_from_db()
    assert (delivery.state, fake.calls) == ("late", [])


def test_giving_up_one_that_is_held_takes_off_that_one_alone(desk: Desk, fake: FakeNetwork) -> None:
    freezing.press(agency=desk.agency, why="Shooting on Mill Road", by=desk.alice)
    held, other = desk.queued(), desk.queued(connection=desk.account("valley"))
    send_waiting()
    later = desk.queued(connection=desk.account("mill"), due=timezone.now() + timedelta(hours=1))
    services.settle(delivery=held, decision="give-up", by=desk.alice)
    states = {row.pk: row.state for row in Delivery.objects.of(desk.agency).about("message:1")}
    assert states == {held.pk: "given-up", other.pk: "held", later.pk: "waiting"}
    for decision in ("sent", "again"):
        with pytest.raises(RefusedError):
            services.settle(delivery=other, decision=decision, by=desk.alice)
    with pytest.raises(RefusedError):
        services.settle(delivery=later, decision="give-up", by=desk.alice)


def test_a_delivery_of_another_agency_is_refused(desk: Desk, fake: FakeNetwork) -> None:
    valley = Desk.open("valley")
    with pytest.raises(RefusedError):
        desk.queued(connection=valley.account("valley"))
