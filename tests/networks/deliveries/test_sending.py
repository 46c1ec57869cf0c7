"""At most once, then settled: what each answer of a network makes of a delivery."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.governance import freezing
from callbox.governance.models import AuditEvent
from callbox.networks.connections.models import Connection
from callbox.networks.contract import NotSentError, SignInError, UnclearError
from callbox.networks.deliveries import sending, services
from callbox.networks.deliveries.looking import look_at_unclear
from callbox.networks.deliveries.models import Delivery, Operation
from callbox.networks.deliveries.outcome import Outcome
from callbox.networks.deliveries.sending import send_waiting
from callbox.networks.vocabulary import Rendition
from tests.networks.deliveries.fake import FakeNetwork
from tests.networks.desk import TOKEN, Desk


def _events(delivery: Delivery) -> list[str]:
    return list(AuditEvent.objects.filter(target=f"delivery:{delivery.pk}").values_list("action", flat=True))


def _fails(error: Exception) -> Callable[[str, Rendition], None]:
    def answer(*_: object) -> None:
        raise error

    return answer


def test_what_is_due_leaves_once_and_its_receipt_is_kept(desk: Desk, fake: FakeNetwork) -> None:
    delivery = desk.queued()
    assert send_waiting() == 1
    assert send_waiting() == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.remote_id, delivery.attempts) == ("sent", "post-1", 1)
    assert fake.calls == [("publish", "fake:harbour", "Harbour Street is closed.")]
    assert _events(delivery) == ["delivery.queued", "delivery.sent"]


def test_what_is_not_due_stays(desk: Desk, fake: FakeNetwork) -> None:
    delivery = desk.queued(due=timezone.now() + timedelta(hours=2))
    assert send_waiting() == 0
    with time_machine.travel(delivery.due - timedelta(seconds=1), tick=False):
        assert send_waiting() == 0
    with time_machine.travel(delivery.due + timedelta(seconds=1), tick=False):
        assert send_waiting() == 1
    assert len(fake.calls) == 1


def test_queued_twice_is_one_delivery(desk: Desk, fake: FakeNetwork) -> None:
    assert desk.queued() == desk.queued()
    send_waiting()
    assert desk.queued().state == "sent"
    assert send_waiting() == 0
    assert len(fake.calls) == 1


def test_taken_off_before_any_call_it_may_be_queued_again_with_a_newer_approval(desk: Desk, fake: FakeNetwork) -> None:
    freezing.press(agency=desk.agency, why="Shooting on Mill Road", by=desk.alice)
    delivery = desk.queued()
    send_waiting()
    freezing.lift(agency=desk.agency, by=desk.bob)
    services.settle(delivery=delivery, decision="give-up", by=desk.alice)
    assert send_waiting() == 0
    assert desk.queued(text="Harbour Street is open.").state == "waiting"
    assert send_waiting() == 1
    assert fake.calls == [("publish", "fake:harbour", "Harbour Street is open.")]


def test_what_will_never_be_accepted_is_refused_and_not_tried_again(desk: Desk, fake: FakeNetwork) -> None:
    fake.answer = _fails(NotSentError("too long"))
    delivery = desk.queued()
    send_waiting()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.said) == ("refused", "too long")
    with time_machine.travel(timezone.now() + timedelta(minutes=30)):
        assert send_waiting() == 0


@pytest.mark.parametrize("after", [1.0, 37.0, 1800.0])
def test_a_wait_the_network_asks_for_is_kept_by_the_whole_account_and_by_no_other(
    desk: Desk, fake: FakeNetwork, after: float
) -> None:
    """T-22: 0 calls early, the wait honoured to the second, other accounts untouched."""

    def answer(account: str, _: Rendition) -> None:
        if account == "fake:harbour" and len(fake.calls) == 1:
            raise NotSentError("slow down", after=after)

    fake.answer = answer
    with time_machine.travel(timezone.now(), tick=False) as clock:
        expires = timezone.now() + timedelta(days=2)
        first = desk.queued("message:1", expires=expires)
        send_waiting()
        desk.queued("message:2", expires=expires)
        desk.queued("message:3", connection=desk.account("valley"), expires=expires)
        send_waiting()
        assert [account for _, account, _ in fake.calls] == ["fake:harbour", "fake:valley"]
        clock.shift(after - 0.5)
        send_waiting()
        assert len(fake.calls) == 2
        clock.shift(1)
        send_waiting()
        assert len(fake.calls) == 4
    first.refresh_from_db()
    assert (first.state, first.attempts) == ("sent", 2)


@pytest.mark.parametrize("after", [-5.0, 0.0, 1e9, float("inf"), float("nan"), float("-inf")])
def test_a_nonsense_wait_is_survived(desk: Desk, fake: FakeNetwork, after: float) -> None:
    """T-22: capped at a day, and never below our own wait."""
    fake.answer = _fails(NotSentError("slow down", after=after))
    delivery = desk.queued(expires=timezone.now() + timedelta(days=3))
    send_waiting()
    delivery.refresh_from_db()
    assert delivery.state == "waiting"
    assert delivery.not_before is not None
    wait = delivery.not_before - timezone.now()
    assert timedelta(seconds=25) < wait <= timedelta(days=1)


def test_a_wait_past_its_last_hour_makes_it_late_at_once(desk: Desk, fake: FakeNetwork) -> None:
    """T-22, T-70."""
    fake.answer = _fails(NotSentError("slow down", after=1800))
    delivery = desk.queued(expires=timezone.now() + timedelta(minutes=20))
    send_waiting()
    send_waiting()
    delivery.refresh_from_db()
    assert delivery.state == "late"
    assert len(fake.calls) == 1


@pytest.mark.parametrize(
    "error", [UnclearError("read timed out"), RuntimeError("boom"), KeyError("id"), TimeoutError(), ValueError("json")]
)
def test_what_nobody_knows_is_unclear_and_is_not_sent_again(desk: Desk, fake: FakeNetwork, error: Exception) -> None:
    """T-23: whatever is not surely unsent is unclear, shown at once, and only a person sends it again."""
    fake.answer = _fails(error)
    delivery = desk.queued()
    send_waiting()
    delivery.refresh_from_db()
    assert delivery.state == "unclear"
    assert delivery.said
    with time_machine.travel(timezone.now() + timedelta(hours=5)):
        assert send_waiting() == 0
    assert len(fake.calls) == 1
    assert _events(delivery)[-1] == "delivery.unclear"


def test_a_success_that_looked_like_a_failure_is_found_on_the_network(desk: Desk, fake: FakeNetwork) -> None:
    """T-23: the network stored it, then the line broke."""
    delivery = desk.queued()

    def answer(_: str, rendition: Rendition) -> None:
        fake.shown["post-9"] = rendition
        fake.keys[delivery.key] = "post-9"
        raise UnclearError("connection reset")

    fake.answer = answer
    send_waiting()
    assert look_at_unclear() == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.remote_id) == ("sent", "post-9")
    assert len(fake.calls) == 1


def test_what_the_network_does_not_show_stays_for_a_person(desk: Desk, fake: FakeNetwork) -> None:
    """T-23."""
    fake.answer = _fails(UnclearError("connection reset"))
    delivery = desk.queued()
    send_waiting()
    assert look_at_unclear() == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.said) == ("unclear", "the network shows nothing of it")
    assert delivery.looked_at is not None
    looked = delivery.looked_at
    look_at_unclear()  # not again within a minute
    delivery.refresh_from_db()
    assert delivery.looked_at == looked
    fake.answer = lambda *_: None
    services.settle(delivery=delivery, decision="again", by=desk.bob)
    assert send_waiting() == 1
    delivery.refresh_from_db()
    assert delivery.state == "sent"
    assert _events(delivery)[-2:] == ["delivery.settled", "delivery.sent"]


@pytest.mark.parametrize(("decision", "state"), [("sent", "sent"), ("give-up", "given-up")])
def test_a_person_settles_what_they_saw(desk: Desk, fake: FakeNetwork, decision: services.Decision, state: str) -> None:
    fake.answer = _fails(UnclearError("connection reset"))
    delivery = desk.queued()
    send_waiting()
    services.settle(delivery=delivery, decision=decision, by=desk.bob, url="https://fake.example/seen")
    assert delivery.state == state
    with pytest.raises(RefusedError):
        services.settle(delivery=delivery, decision="again", by=desk.bob)


def test_only_a_person_decides(desk: Desk, fake: FakeNetwork) -> None:
    fake.answer = _fails(UnclearError("connection reset"))
    delivery = desk.queued()
    send_waiting()
    with pytest.raises(TypeError):
        services.settle(delivery=delivery, decision="again", by="system: eager")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        services.release(delivery=delivery, by="system: eager")  # type: ignore[arg-type]


def test_a_token_that_dies_holds_the_account_and_tells_once(desk: Desk, fake: FakeNetwork) -> None:
    """T-26: posts are held, not failed; the account is marked, with one event, and others go on."""

    def answer(account: str, _: Rendition) -> None:
        if account == "fake:harbour":
            raise SignInError(f"401 invalid_grant {TOKEN}")

    fake.answer = answer
    rows = [desk.queued(f"message:{number}") for number in range(5)]
    other = desk.queued("message:9", connection=desk.account("valley"))
    send_waiting()
    send_waiting()
    assert len([call for call in fake.calls if call[1] == "fake:harbour"]) == 1
    assert {Delivery.objects.get(pk=row.pk).state for row in rows} == {"waiting"}
    other.refresh_from_db()
    assert other.state == "sent"
    connection = desk.account()
    assert connection.state == "refused"
    assert "invalid_grant" in connection.said
    assert AuditEvent.objects.filter(action="connection.refused").count() == 1
    fake.answer = lambda *_: None
    Connection.objects.filter(pk=connection.pk).update(state="working")
    assert send_waiting() == 5


def test_a_secret_is_in_no_row_no_trail_and_no_log(
    desk: Desk, fake: FakeNetwork, caplog: pytest.LogCaptureFixture
) -> None:
    for number, error in enumerate(
        [UnclearError(f"echo {TOKEN}"), RuntimeError(TOKEN), NotSentError(f"no {TOKEN}"), SignInError(f"bad {TOKEN}")]
    ):
        fake.answer = _fails(error)
        desk.queued(f"message:{number}")
        send_waiting()
        look_at_unclear()
    rows = [*Delivery.objects.values(), *Connection.objects.values(), *AuditEvent.objects.values()]
    assert len(fake.calls) == 4
    assert TOKEN not in str(rows)
    assert TOKEN not in caplog.text


def test_a_worker_that_died_before_the_call_loses_nothing(desk: Desk, fake: FakeNetwork) -> None:
    delivery = desk.queued()
    claimed = sending.claim(delivery.pk)
    assert claimed is not None
    assert send_waiting() == 0
    with time_machine.travel(timezone.now() + timedelta(seconds=121)):
        assert send_waiting() == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("sent", 1)


def test_a_worker_that_died_in_the_call_leaves_it_unclear(desk: Desk, fake: FakeNetwork) -> None:
    delivery = desk.queued()
    claimed = sending.claim(delivery.pk)
    assert claimed is not None
    Delivery.objects.filter(pk=delivery.pk).update(called_at=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(seconds=121)):
        assert send_waiting() == 0
    delivery.refresh_from_db()
    assert delivery.state == "unclear"
    assert fake.calls == []


def test_a_worker_that_wakes_up_late_cannot_settle(desk: Desk, fake: FakeNetwork) -> None:
    """T-21: the fence."""
    delivery = desk.queued()
    late = sending.claim(delivery.pk)
    assert late is not None
    with time_machine.travel(timezone.now() + timedelta(seconds=121)):
        sending.sweep()
        second = sending.claim(delivery.pk)
    assert second is not None
    assert second.fence == late.fence + 1
    assert not sending._enter(late)
    assert not sending.settle(late, Outcome("refused", said="too late"))
    delivery.refresh_from_db()
    assert delivery.state == "sending"
    assert sending.settle(second, Outcome("sent"))


def test_what_is_urgent_leaves_first(desk: Desk, fake: FakeNetwork) -> None:
    for number in range(3):
        desk.queued(f"message:{number}", text=f"Ordinary {number}")
    desk.queued("message:9", text="Leave the harbour now", urgent=True)
    send_waiting()
    assert fake.calls[0][2] == "Leave the harbour now"


def test_a_correction_and_a_withdrawal_go_the_same_way(desk: Desk, fake: FakeNetwork) -> None:
    first = desk.queued()
    send_waiting()
    edit = desk.queued("message:2", text="Harbour Street is open.", operation=Operation.EDIT, replaces=first)
    assert send_waiting() == 1
    assert fake.shown["post-1"].text == "Harbour Street is open."
    edit.refresh_from_db()
    assert edit.remote_id == "post-1"
    desk.queued("message:2", text="Harbour Street is open.", operation=Operation.WITHDRAW, replaces=edit)
    send_waiting()
    assert fake.shown == {}
    assert [call[0] for call in fake.calls] == ["publish", "edit", "withdraw"]


def test_what_is_not_known_to_be_out_is_neither_corrected_nor_taken_back(desk: Desk, fake: FakeNetwork) -> None:
    first = desk.queued(due=timezone.now() + timedelta(hours=1))
    back = desk.queued("message:2", operation=Operation.WITHDRAW, replaces=first)
    send_waiting()
    back.refresh_from_db()
    assert (back.state, fake.calls) == ("held", [])


def test_every_recipient_of_a_letter_has_a_delivery_and_stays_out_of_the_trail(desk: Desk, fake: FakeNetwork) -> None:
    rows = [desk.queued(recipient=f"resident{number}@harbour.example") for number in range(3)]
    assert len({row.pk for row in rows}) == 3
    assert send_waiting() == 3
    assert "resident1" not in str(list(AuditEvent.objects.values()))
