"""Residents are heard: each thread of each resident is one conversation, once, with the longest wait in sight."""

from __future__ import annotations

import pytest
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.flows import arrival
from callbox.governance.models import AuditEvent
from callbox.networks.models import Connection, Delivery, Item
from callbox.trust.models import Conversation, Line
from callbox.trust.services import conversations, hearing
from tests.people.cast import Cast
from tests.trust.inbox.things import START, connection, item

pytestmark = pytest.mark.django_db


def test_a_mention_becomes_a_conversation_once(cast: Cast) -> None:
    seen = item(connection(cast.agency, cast.bob), "When does the station open?")
    for _ in range(3):
        arrival.arrived([seen])
    row = Conversation.objects.get()
    assert (row.state, row.door, row.person, row.waits_since) == ("new", "mention", "mia", START)
    assert row.lines.count() == 1
    assert AuditEvent.objects.filter(action="resident.heard").count() == 1


def test_two_residents_under_one_post_have_a_conversation_each(cast: Cast) -> None:
    where = connection(cast.agency, cast.bob)
    one = item(where, "Thank you", author="mia", thread="our-post", parent="our-post")
    two = item(where, "Why?", author="noor", thread="our-post", parent="our-post")
    three = item(where, "And when?", author="mia", thread="our-post", parent="our-post", minutes=5)
    arrival.arrived([three, two, one])
    assert Conversation.objects.count() == 2
    assert [line.text for line in Conversation.objects.get(person="mia").lines.all()] == ["Thank you", "And when?"]


def test_words_of_danger_move_it_to_the_top_and_do_nothing_else(cast: Cast) -> None:
    where = connection(cast.agency, cast.bob)
    arrival.arrived([item(where, "My bike was stolen", author="noor")])
    arrival.arrived([item(where, "Someone has a gun here", author="mia", minutes=30)])
    waiting = Conversation.objects.of(cast.agency).waiting()
    assert [row.person for row in waiting] == ["mia", "noor"]
    assert waiting[0].urgent_words == ["gun"]
    assert not Delivery.objects.exists()
    assert {row.state for row in waiting} == {"new"}


def test_who_writes_again_waits_again(cast: Cast) -> None:
    where = connection(cast.agency, cast.bob)
    arrival.arrived([item(where, "Hello", remote_id="a")])
    row = Conversation.objects.get()
    conversations.claim(conversation=row, by=cast.bob)
    conversations.close(conversation=row, answerable=False, by=cast.bob)
    arrival.arrived([item(where, "One more thing", remote_id="b", thread="a", parent="a", minutes=60)])
    row = Conversation.objects.get()
    assert row.state == "new"
    assert row.waits_since is not None


def test_an_answer_given_with_another_program_counts_as_ours(cast: Cast) -> None:
    where = connection(cast.agency, cast.bob)
    arrival.arrived([item(where, "When do you open?", remote_id="q")])
    arrival.arrived(
        [item(where, "At eight", remote_id="a", parent="q", thread="q", own=True, author="harbour", minutes=12)]
    )
    row = Conversation.objects.get()
    assert row.state == "answered"
    assert row.replied_at is not None
    assert (row.replied_at - row.opened_at).total_seconds() == 12 * 60
    assert [line.kind for line in row.lines.all()] == [Line.Kind.RESIDENT, Line.Kind.ANSWER]


def test_a_letter_in_our_name_takes_nobody_out_of_the_queue(cast: Cast) -> None:
    where = connection(cast.agency, cast.bob)
    Connection.objects.filter(pk=where.pk).update(account="email:press@harbour.example")
    arrival.arrived([item(where, "He is outside my door again", remote_id="q", door="message")])
    before = Conversation.objects.get()
    forged = item(where, "Thank you", remote_id="a", parent="q", thread="q", own=True, door="message", minutes=5)
    arrival.arrived([Item.objects.get(pk=forged.pk)])
    row = Conversation.objects.get()
    assert (row.state, row.waits_since, row.replied_at) == ("new", before.waits_since, None)
    assert [line.kind for line in row.lines.all()] == [Line.Kind.RESIDENT, Line.Kind.ANSWER]


def test_our_own_posts_reposts_and_absence_notices_open_no_conversation(cast: Cast) -> None:
    where = connection(cast.agency, cast.bob)
    ours = item(where, "Road closed", own=True, author="harbour")
    repost = item(where, "x")
    Item.objects.filter(pk=repost.pk).update(repost=True)
    machine = item(where, "I am away until Monday", author="mia")
    Item.objects.filter(pk=machine.pk).update(automatic=True)
    arrival.arrived([ours, Item.objects.get(pk=repost.pk), Item.objects.get(pk=machine.pk)])
    arrival.catch_up()
    assert not Conversation.objects.exists()


def test_what_a_stopped_worker_left_is_caught_up(cast: Cast) -> None:
    item(connection(cast.agency, cast.bob), "Hello")
    assert arrival.catch_up() == 1
    assert arrival.catch_up() == 0


def test_a_question_on_the_portal_opens_with_its_secret_alone(cast: Cast) -> None:
    row, secret = hearing.enquire(agency=cast.agency, text="Who is my officer?", address="mia@home.example")
    assert "mia@home.example" not in row.sealed_address
    assert secret not in row.thread
    assert hearing.enquiry(cast.agency, secret) == row
    assert hearing.enquiry(cast.other, secret) is None
    assert hearing.enquiry(cast.agency, "nonsense") is None
    assert hearing.ask_again(agency=cast.agency, secret=secret, text="And when?") == row
    assert hearing.ask_again(agency=cast.agency, secret="x", text="And when?") is None
    assert row.lines.count() == 2


@pytest.mark.parametrize("text", ["", " \n", "x" * 5001])
def test_an_empty_or_endless_question_is_refused(cast: Cast, text: str) -> None:
    with pytest.raises(RefusedError):
        hearing.enquire(agency=cast.agency, text=text)
    assert not Conversation.objects.exists()


def test_times_come_from_the_network_not_from_the_clock(cast: Cast) -> None:
    arrival.arrived([item(connection(cast.agency, cast.bob), "Hello")])
    assert Conversation.objects.get().opened_at == START
    assert timezone.now() != START
