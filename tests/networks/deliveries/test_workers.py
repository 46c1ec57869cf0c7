"""Many workers, one delivery each: claimed once, sent once; a network that hangs delays no other."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from callbox.core.state import MovedMeanwhileError, move
from callbox.governance import freezing
from callbox.networks.connections import lanes
from callbox.networks.deliveries import sending, services
from callbox.networks.deliveries.models import Delivery
from callbox.networks.deliveries.sending import send_waiting
from callbox.networks.vocabulary import Rendition
from tests.networks.deliveries.fake import FakeNetwork
from tests.networks.desk import Desk

pytestmark = pytest.mark.django_db(transaction=True)


def _side_by_side(count: int, do: Callable[[], object]) -> list[object]:
    """Do it in so many threads that begin together; return what they returned or raised."""
    gate, done = threading.Barrier(count), []

    def work() -> None:
        try:
            gate.wait(30)
            done.append(do())
        except Exception as error:
            done.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return done


def _worker() -> None:
    """What the schedule's thread does."""
    try:
        send_waiting()
    finally:
        connection.close()


def test_twenty_workers_claim_one_delivery_once(fake: FakeNetwork) -> None:
    """T-21."""
    delivery = Desk.open().queued()
    claims = _side_by_side(20, lambda: sending.claim(delivery.pk))
    assert len(claims) == 20
    assert len([claim for claim in claims if isinstance(claim, Delivery)]) == 1
    assert not [claim for claim in claims if isinstance(claim, Exception)]
    delivery.refresh_from_db()
    assert (delivery.state, delivery.fence, delivery.attempts) == ("sending", 1, 1)


def test_twenty_workers_send_every_delivery_once(fake: FakeNetwork) -> None:
    """T-21: posts = jobs, over several accounts, by lanes that overtake each other."""
    desk = Desk.open()
    for number in range(20):
        desk.queued(f"message:{number}", connection=desk.account(f"station-{number % 3}"), text=f"Notice {number}")
    results = _side_by_side(20, send_waiting)
    assert not [result for result in results if isinstance(result, Exception)]
    assert sorted(text for *_, text in fake.calls) == sorted(f"Notice {number}" for number in range(20))
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_a_network_that_hangs_delays_no_other(fake: FakeNetwork) -> None:
    """T-25: the live accounts are done, also with what came later, while the dead one still hangs."""
    desk = Desk.open()
    dead, live = desk.account("dead"), desk.account("live")
    hangs, goes_on, more = threading.Event(), threading.Event(), threading.Event()

    def answer(account: str, rendition: Rendition) -> None:
        if account == "fake:dead":
            hangs.set()
            assert goes_on.wait(60)
        if rendition.text == "Notice 9":
            more.set()

    fake.answer = answer
    desk.queued("message:1", connection=dead)
    for number in range(2, 5):
        desk.queued(f"message:{number}", connection=live, text=f"Notice {number}")
    worker = threading.Thread(target=_worker)
    worker.start()
    try:
        assert hangs.wait(30)
        desk.queued("message:9", connection=live, text="Notice 9")
        assert more.wait(30)
        assert not goes_on.is_set()
        assert Delivery.objects.get(connection=dead).state == "sending"
    finally:
        goes_on.set()
        worker.join(60)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert len(fake.calls) == 5


def test_a_freeze_pressed_while_many_send_stops_all_that_follow(fake: FakeNetwork) -> None:
    """T-66, T-67: once the press is committed no further call begins."""
    desk = Desk.open()
    for number in range(30):
        desk.queued(f"message:{number}", connection=desk.account(f"station-{number % 3}"), text=f"Notice {number}")
    begun, after = threading.Event(), []
    pressed = threading.Event()

    def answer(_: str, rendition: Rendition) -> None:
        begun.set()
        if pressed.is_set():
            after.append(rendition.text)
        assert pressed.wait(60)

    fake.answer = answer
    worker = threading.Thread(target=_worker)
    worker.start()
    try:
        assert begun.wait(30)
        freezing.press(agency=desk.agency, why="Shooting on Mill Road", by=desk.alice)
        called = Delivery.objects.filter(called_at__isnull=False).count()  # these had passed the gate before
    finally:
        pressed.set()
        worker.join(60)
    assert len(fake.calls) <= called + len(after)
    assert len(after) <= 3  # at most one call of each lane was past the gate already
    assert Delivery.objects.filter(state="held").count() == 30 - len(fake.calls)


def test_taking_off_and_sending_at_once_agree(fake: FakeNetwork) -> None:
    desk = Desk.open()
    rows = [desk.queued(connection=desk.account(f"station-{number}")) for number in range(6)]
    results = _side_by_side(2, lambda: send_waiting() if threading.get_ident() % 2 else _take_off(desk))
    assert not [result for result in results if isinstance(result, Exception)]
    send_waiting()
    states = [Delivery.objects.get(pk=row.pk).state for row in rows]
    assert set(states) <= {"sent", "given-up"}
    assert states.count("sent") == len(fake.calls)


def _take_off(desk: Desk) -> int:
    """As a message that is changed takes off what has not left."""
    count = 0
    for row in Delivery.objects.of(desk.agency).about("message:1").filter(state="waiting"):
        with contextlib.suppress(MovedMeanwhileError):
            move(row, "given-up", settled_at=timezone.now())
            count += 1
    return count


def test_queued_by_many_at_once_is_one_delivery(fake: FakeNetwork) -> None:
    desk = Desk.open()
    connection_ = desk.account()
    rendition = Rendition(account=connection_.account, text="Notice")
    approval = desk.approved(rendition, "message:1")
    due = timezone.now()

    def queue() -> Delivery:
        return services.queue(
            agency=desk.agency,
            connection=connection_,
            subject="message:1",
            version=1,
            rendition=rendition,
            approval=approval,
            due=due,
            by=desk.bob,
        )

    rows = _side_by_side(8, queue)
    assert not [row for row in rows if isinstance(row, Exception)]
    assert Delivery.objects.count() == 1


def test_a_lane_that_breaks_is_told_without_its_words_and_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    left, done = {1, 2}, []

    def work(key: int) -> int:
        left.discard(key)
        if key == 1:
            raise ValueError("a secret that a network echoed")
        done.append(key)
        return 1

    assert lanes.run(lambda: sorted(left), work) == 1
    assert done == [2]
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text


def test_what_becomes_due_on_a_resting_lane_is_sent_in_the_next_round(fake: FakeNetwork) -> None:
    desk = Desk.open()
    desk.queued(due=timezone.now() + timedelta(hours=1))
    assert send_waiting() == 0
    desk.queued("message:2")
    assert send_waiting() == 1
