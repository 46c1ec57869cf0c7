"""What was decided before the resident's last words were read is not done; what was not delivered is no answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.flows import arrival
from callbox.networks.models import Connection, Delivery, Item
from callbox.people.models import User
from callbox.trust.models import Conversation, Line
from callbox.trust.services import answers, conversations
from tests.people.cast import Cast
from tests.trust.inbox.things import connection, item

pytestmark = pytest.mark.django_db

type Act = Callable[[Conversation, User, int | None], object]


@pytest.fixture
def where(cast: Cast) -> Connection:
    return connection(cast.agency, cast.bob)


@pytest.fixture
def row(where: Connection) -> Conversation:
    arrival.arrived([item(where, "He has a gun", remote_id="q")])
    return Conversation.objects.get()


def _answer(row: Conversation, by: User, seen: int | None) -> object:
    return answers.answer(conversation=row, text="At eight.", by=by, seen=seen)


def _close(row: Conversation, by: User, seen: int | None) -> None:
    conversations.close(conversation=row, answerable=False, by=by, seen=seen)


def _calm(row: Conversation, by: User, seen: int | None) -> None:
    conversations.mark_urgent(conversation=row, urgent=False, by=by, seen=seen)


@pytest.mark.parametrize("act", [_answer, _close, _calm])
def test_what_was_decided_before_the_last_words_were_read_is_not_done(
    cast: Cast, where: Connection, row: Conversation, act: Act
) -> None:
    seen = row.lines.get().pk
    arrival.arrived([item(where, "He shot somebody", remote_id="q2", thread="q", parent="q", minutes=5)])
    with pytest.raises(RefusedError, match="wrote again"):
        act(row, cast.bob, seen)
    found = Conversation.objects.get()
    assert (found.state, found.urgent, found.owner, Delivery.objects.count()) == ("new", True, None, 0)
    act(row, cast.bob, found.lines.latest("pk").pk)
    assert (Conversation.objects.get().state, Conversation.objects.get().urgent) != ("new", True)


def test_two_who_press_the_same_button_do_not_undo_each_other(cast: Cast, row: Conversation) -> None:
    _calm(row, cast.bob, None)
    for _ in range(2):
        conversations.mark_urgent(conversation=row, urgent=True, by=cast.bob)
    assert Conversation.objects.get().urgent_words == ["said by Bob"]


def test_who_closes_is_not_named_as_who_labelled(cast: Cast, row: Conversation) -> None:
    conversations.label(conversation=row, answerable=True, by=cast.alice)
    conversations.close(conversation=row, answerable=None, by=cast.bob)
    assert Conversation.objects.get().labelled_by == cast.alice


@pytest.mark.parametrize("state", ["refused", "unclear", "held", "late", "given-up"])
def test_an_answer_that_did_not_arrive_is_found_until_another_does(cast: Cast, row: Conversation, state: str) -> None:
    _answer(row, cast.bob, None)
    assert not Conversation.objects.undelivered().exists()
    Delivery.objects.update(state=state)
    assert Conversation.objects.undelivered().get() == row
    answers.answer(conversation=row, text="At eight, every day.", by=cast.bob)
    assert not Conversation.objects.undelivered().exists()


@pytest.mark.parametrize(
    ("state", "again"), [("refused", True), ("given-up", True), ("unclear", False), ("held", False)]
)
def test_what_surely_did_not_leave_may_be_said_again(cast: Cast, row: Conversation, state: str, *, again: bool) -> None:
    _answer(row, cast.bob, None)
    Delivery.objects.update(state=state)
    if again:
        _answer(row, cast.bob, None)
    else:
        with pytest.raises(RefusedError, match="second time"):
            _answer(row, cast.bob, None)
    assert Delivery.objects.count() == 1 + again


@pytest.mark.parametrize("state", ["sending", "unclear"])
def test_our_own_answer_seen_before_it_is_settled_is_not_a_second_one(
    cast: Cast, where: Connection, row: Conversation, state: str
) -> None:
    _answer(row, cast.bob, None)
    Delivery.objects.update(state=state)
    ours = item(where, "@mia At eight.", remote_id="a", parent="q", thread="q", own=True, author="harbour", minutes=5)
    Item.objects.filter(pk=ours.pk).update(seen_at=timezone.now())
    arrival.arrived([ours])
    Delivery.objects.update(state="sent", remote_id="a")
    assert arrival.catch_up() == 0
    assert row.lines.filter(kind=Line.Kind.ANSWER).count() == 1


def test_an_answer_by_hand_after_one_that_was_given_up_is_heard(
    cast: Cast, where: Connection, row: Conversation
) -> None:
    _answer(row, cast.bob, None)
    Delivery.objects.update(state="unclear")
    hand = item(where, "We open at 8.", remote_id="a", parent="q", thread="q", own=True, author="harbour", minutes=5)
    Item.objects.filter(pk=hand.pk).update(seen_at=timezone.now())
    arrival.arrived([hand])
    assert not Line.objects.filter(item=hand).exists()
    Delivery.objects.update(state="given-up")
    assert arrival.catch_up() == 1
    assert Line.objects.get(item=hand).kind == Line.Kind.ANSWER
    assert not Conversation.objects.undelivered().exists()


def test_an_answer_of_ours_that_came_before_the_words_it_answers_is_heard_with_them(where: Connection) -> None:
    answer = item(where, "At eight", remote_id="a", parent="q", thread="q", own=True, author="harbour", minutes=5)
    Item.objects.filter(pk=answer.pk).update(seen_at=timezone.now())
    arrival.arrived([answer])
    arrival.arrived([item(where, "When?", remote_id="q")])
    assert arrival.catch_up() == 1
    assert arrival.catch_up() == 0
    assert Conversation.objects.get().state == "answered"


def test_words_that_came_after_an_answer_given_elsewhere_still_wait(where: Connection, row: Conversation) -> None:
    more = item(where, "Are you there?", remote_id="q2", thread="q", parent="q", minutes=9)
    arrival.arrived([more])
    arrival.arrived([item(where, "Yes", remote_id="a", parent="q", thread="q", own=True, author="harbour", minutes=5)])
    row.refresh_from_db()
    assert (row.state, row.waits_since) == ("new", more.at)
    assert row.replied_at is not None
