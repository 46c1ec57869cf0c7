"""Several deliveries of an account are claimed at once: nothing of that may lose one, double one or make one wait for long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError
from django.utils import timezone

from callbox.governance.models import AuditEvent
from callbox.networks.connections import services as connections
from callbox.networks.contract import NotSentError
from callbox.networks.deliveries import gate, sending
from callbox.networks.deliveries.models import Delivery
from callbox.networks.vocabulary import Rendition
from tests.networks.deliveries.fake import FakeNetwork
from tests.networks.desk import Desk


def _queued(desk: Desk, count: int) -> list[Delivery]:
    return [desk.queued(f"message:{number}", text=f"Notice {number}") for number in range(count)]


def test_what_was_claimed_behind_a_wait_goes_back_uncalled_and_uncounted(desk: Desk, fake: FakeNetwork) -> None:
    rows = _queued(desk, 4)

    def answer(_: str, rendition: Rendition) -> None:
        if rendition.text == "Notice 1":
            raise NotSentError("slow down", after=60.0)

    fake.answer = answer
    assert sending.send_lane(rows[0].connection_id) == 4
    found = [Delivery.objects.get(pk=row.pk) for row in rows]
    assert [row.state for row in found] == ["sent", "waiting", "waiting", "waiting"]
    assert [row.attempts for row in found] == [1, 1, 0, 0]
    assert [row.called_at is None for row in found] == [False, False, True, True]


def test_a_slow_account_gives_back_what_it_has_not_called(
    desk: Desk, fake: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = _queued(desk, 3)
    monkeypatch.setattr(sending, "PATIENCE", -1.0)
    sending.send_lane(rows[0].connection_id)
    assert [Delivery.objects.get(pk=row.pk).state for row in rows] == ["sent", "waiting", "waiting"]
    sending.send_waiting()
    assert [text for *_, text in fake.calls] == ["Notice 0", "Notice 1", "Notice 2"]


def test_a_success_is_kept_although_the_gate_cannot_be_read_for_the_next(
    desk: Desk, fake: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = _queued(desk, 2)
    sound: Callable[..., str | None] = gate.obstacle

    def broken(delivery: Delivery, *, frozen: datetime | None) -> str | None:
        if fake.calls:
            raise DatabaseError("the disk is gone")
        return sound(delivery, frozen=frozen)

    with monkeypatch.context() as patch:
        patch.setattr(gate, "obstacle", broken)
        with pytest.raises(DatabaseError):
            sending.send_lane(rows[0].connection_id)
    found = [Delivery.objects.get(pk=row.pk) for row in rows]
    assert [(row.state, row.called_at is None) for row in found] == [("sent", False), ("sending", True)]
    assert AuditEvent.objects.filter(action="delivery.sent").count() == 1
    with time_machine.travel(timezone.now() + sending.LEASE + timedelta(seconds=1)):
        sending.send_waiting()
    assert [text for *_, text in fake.calls] == ["Notice 0", "Notice 1"]


def test_who_enters_its_call_late_is_not_taken_for_dead(desk: Desk, fake: FakeNetwork) -> None:
    """The lease begins anew with the call, and a sweep that looked before changes nothing."""
    delivery = desk.queued()
    claimed = sending.claim(delivery.pk)
    assert claimed is not None
    looked = Delivery.objects.select_related("agency", "connection").get(pk=delivery.pk)
    with time_machine.travel(timezone.now() + sending.LEASE - timedelta(seconds=1)):
        assert sending._enter(claimed)
    assert not sending._swap(looked, "waiting", {}, {}, called_at=None)
    with time_machine.travel(timezone.now() + sending.LEASE + timedelta(seconds=1)):
        assert sending.sweep() == 0
    delivery.refresh_from_db()
    assert delivery.state == "sending"


def test_an_account_that_cannot_be_opened_gives_everything_back(
    desk: Desk, fake: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = _queued(desk, 2)

    def broken(*_args: object, **_options: object) -> object:
        raise RuntimeError("the key that sealed the token is gone")

    with monkeypatch.context() as patch:
        patch.setattr(connections, "open_session", broken)
        with pytest.raises(RuntimeError):
            sending.send_lane(rows[0].connection_id)
    found = [Delivery.objects.get(pk=row.pk) for row in rows]
    assert [(row.state, row.attempts) for row in found] == [("waiting", 0), ("waiting", 0)]
    sending.send_waiting()
    assert [text for *_, text in fake.calls] == ["Notice 0", "Notice 1"]
