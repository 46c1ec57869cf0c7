"""An officer's answer reaches the network through the same gate as every message, approved under the officer's own name."""

from __future__ import annotations

import pytest
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.flows import arrival
from callbox.governance.models import Approval
from callbox.networks.models import Connection, Delivery
from callbox.people.roles import Role
from callbox.trust.models import Conversation, Line
from callbox.trust.services import answers, conversations, hearing
from tests.people.cast import Cast, person
from tests.trust.inbox.things import connection, item

pytestmark = pytest.mark.django_db


def test_an_answer_is_approved_by_name_and_queued_for_the_network(cast: Cast) -> None:
    arrival.arrived([item(connection(cast.agency, cast.bob), "When do you open?", remote_id="q")])
    row = Conversation.objects.get()
    line = answers.answer(conversation=row, text="At eight, every day.", by=cast.bob)
    delivery = Delivery.objects.get()
    assert line.delivery == delivery
    assert (delivery.subject, delivery.state, delivery.shown.reply_to) == (f"answer:{line.pk}", "waiting", "q")
    approval = Approval.objects.get()
    assert (approval.rule, approval.by, approval.parts) == (
        "own-answer",
        cast.bob,
        {"paper:harbour": delivery.shown.digest},
    )
    row.refresh_from_db()
    assert (row.state, row.owner, row.answerable, row.waits_since) == ("answered", cast.bob, True, None)
    assert row.replied_at is not None


def test_the_same_answer_pressed_twice_leaves_once(cast: Cast) -> None:
    where = connection(cast.agency, cast.bob)
    arrival.arrived([item(where, "When do you open?", remote_id="q")])
    row = Conversation.objects.get()
    answers.answer(conversation=row, text="At eight.", by=cast.bob)
    with pytest.raises(RefusedError, match="second time"):
        answers.answer(conversation=row, text="At eight.", by=cast.bob)
    assert Delivery.objects.count() == 1
    assert Conversation.objects.get().state == "answered"
    answers.answer(conversation=row, text="And on Sundays at nine.", by=cast.bob)
    assert Delivery.objects.count() == 2


def test_an_answer_by_letter_goes_to_the_bare_address(cast: Cast) -> None:
    where = Connection.objects.create(
        agency=cast.agency, account="email:news@harbour.example", by=cast.bob, at=timezone.now()
    )
    arrival.arrived([item(where, "When do you open?", author="email:ada@resident.example", door="message")])
    answers.answer(conversation=Conversation.objects.get(), text="At eight, every day.", by=cast.bob)
    assert Delivery.objects.get().recipient == "ada@resident.example"


def test_a_conversation_of_somebody_else_is_not_answered_over_their_head(cast: Cast) -> None:
    arrival.arrived([item(connection(cast.agency, cast.bob), "Hello?")])
    row = Conversation.objects.get()
    conversations.claim(conversation=row, by=cast.bob)
    with pytest.raises(RefusedError, match="Bob has claimed"):
        answers.answer(conversation=row, text="Hi", by=person("Gina", cast.agency, Role.OFFICER))
    assert not Delivery.objects.exists()
    assert not Approval.objects.exists()
    assert row.lines.count() == 1


def test_what_the_network_would_not_take_is_refused_before_anything_is_kept(cast: Cast) -> None:
    arrival.arrived([item(connection(cast.agency, cast.bob), "Hello?")])
    row = Conversation.objects.get()
    for text in ("", "x" * 501):
        with pytest.raises(RefusedError):
            answers.answer(conversation=row, text=text, by=cast.bob)
    assert Line.objects.count() == 1
    assert not Delivery.objects.exists()


def test_a_question_of_the_portal_is_answered_on_its_page(cast: Cast) -> None:
    row, _secret = hearing.enquire(agency=cast.agency, text="Who is my officer?")
    answers.answer(conversation=row, text="Officer Lee.", by=cast.bob)
    assert [line.text for line in row.lines.filter(kind=Line.Kind.ANSWER)] == ["Officer Lee."]
    assert not Delivery.objects.exists()


def test_a_second_answer_goes_to_the_newest_words(cast: Cast) -> None:
    where = connection(cast.agency, cast.bob)
    arrival.arrived([item(where, "When do you open?", remote_id="q")])
    row = Conversation.objects.get()
    answers.answer(conversation=row, text="At eight.", by=cast.bob)
    first = Conversation.objects.get().replied_at
    arrival.arrived([item(where, "On Sunday too?", remote_id="q2", thread="q", parent="x", minutes=90)])
    row.refresh_from_db()
    assert row.state == "claimed", "its owner is still there"
    answers.answer(conversation=row, text="Yes.", by=cast.bob)
    assert [each.shown.reply_to for each in Delivery.objects.order_by("pk")] == ["q", "q2"]
    assert Conversation.objects.get().replied_at == first
