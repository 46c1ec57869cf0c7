"""The inbox where something happened meanwhile: new words, a claim nobody works on, an answer that did not arrive, a private word."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from callbox.flows import arrival
from callbox.networks.models import Connection, Delivery
from callbox.people.models import User
from callbox.people.roles import Role
from callbox.trust.models import Conversation
from callbox.trust.models.conversations import FORGOTTEN
from callbox.trust.services import answers, conversations
from tests.people import person, signed_in
from tests.people.cast import Cast
from tests.trust.inbox.things import connection, item

pytestmark = pytest.mark.django_db
INBOX = "/a/harbour/inbox/"


@pytest.fixture
def where(cast: Cast) -> Connection:
    return connection(cast.agency, cast.bob)


@pytest.fixture
def row(where: Connection) -> Conversation:
    arrival.arrived([item(where, "When does the station open?", remote_id="q")])
    return Conversation.objects.get()


@pytest.fixture
def bob(cast: Cast) -> Client:
    return signed_in(cast.bob)


@pytest.fixture
def gina(cast: Cast) -> User:
    return person("Gina", cast.agency, Role.OFFICER)


def _place(row: Conversation, act: str = "") -> str:
    return f"{INBOX}{row.pk}/{act}"


def _seen(page: str) -> str:
    (found,) = set(re.findall(r'name="seen" value="(\d+)"', page))
    return str(found)


def test_an_answer_to_less_than_all_of_it_does_not_leave_and_stays_typed(
    where: Connection, row: Conversation, bob: Client
) -> None:
    before = _seen(bob.get(_place(row)).content.decode())
    arrival.arrived([item(where, "Forget it, he has a knife", remote_id="q2", thread="q", parent="q", minutes=2)])
    refused = bob.post(_place(row, "answer/"), {"text": "At eight.", "seen": before})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "They wrote again" in page
    assert "he has a knife" in page
    assert ">\nAt eight.</textarea>" in page
    assert (
        "They wrote again"
        in bob.post(_place(row, "close/"), {"answerable": "no", "seen": before}, follow=True).content.decode()
    )
    calm = {"urgent": "no", "seen": before}
    assert "They wrote again" in bob.post(_place(row, "urgent/"), calm, follow=True).content.decode()
    assert Conversation.objects.get().urgent
    assert bob.post(_place(row, "answer/"), {"text": "We come.", "seen": _seen(page)}).status_code == 302
    assert Delivery.objects.get().shown.reply_to == "q2"


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 40])
def test_a_form_that_does_not_say_what_was_read_is_taken(row: Conversation, bob: Client, seen: str) -> None:
    assert bob.post(_place(row, "answer/"), {"text": "At eight.", "seen": seen}).status_code == 302


def test_a_forgotten_claim_says_so_and_is_taken_over(cast: Cast, row: Conversation, bob: Client, gina: User) -> None:
    conversations.claim(conversation=row, by=gina)
    assert "forgotten: take it over" not in bob.get(INBOX).content.decode()
    assert "Take it over" not in bob.get(_place(row)).content.decode()
    long_ago = timezone.now() - 2 * FORGOTTEN
    Conversation.objects.update(claimed_at=long_ago, waits_since=long_ago)
    assert "forgotten: take it over" in bob.get(INBOX).content.decode()
    assert "station open" in bob.get(f"{INBOX}?show=forgotten").content.decode()
    assert "Take it over" in bob.get(_place(row)).content.decode()
    assert "Take it over" not in signed_in(gina).get(_place(row)).content.decode(), "it is hers already"
    bob.post(_place(row, "claim/"))
    assert Conversation.objects.get().owner == cast.bob
    assert "No conversation fits" in bob.get(f"{INBOX}?show=forgotten").content.decode()


def test_an_answer_that_did_not_arrive_is_shown_and_decided_where_it_stands(
    cast: Cast, row: Conversation, bob: Client, gina: User
) -> None:
    answers.answer(conversation=row, text="At eight.", by=cast.bob)
    assert "has not reached" not in bob.get(INBOX).content.decode()
    Delivery.objects.update(state="refused", said="No such post")
    assert "1 answer has not reached its resident" in bob.get(INBOX).content.decode()
    assert "station open" in bob.get(f"{INBOX}?show=undelivered").content.decode()
    page = bob.get(_place(row)).content.decode()
    assert "The resident has not got this." in page
    assert "No such post" in page
    assert "the chief decides" in signed_in(gina).get(_place(row)).content.decode()
    delivery = Delivery.objects.get()
    asked = {"decision": "again", "next": _place(row)}
    assert bob.post(f"/a/harbour/deliveries/{delivery.pk}/settle/", asked)["Location"] == _place(row)
    assert "has not reached" not in bob.get(INBOX).content.decode()
    for state, offered in (
        ("unclear", "Nobody knows whether"),
        ("held", "Let it go"),
        ("late", "Drop it"),
        ("given-up", "took it off"),
    ):
        Delivery.objects.update(state=state)
        assert offered in bob.get(_place(row)).content.decode(), state


def test_private_words_are_marked_and_a_public_answer_warns(where: Connection, row: Conversation, bob: Client) -> None:
    assert "Everybody can read it." in bob.get(_place(row)).content.decode()
    arrival.arrived([item(where, "My number is 4", remote_id="p", thread="q", parent="q", door="message", minutes=2)])
    page = bob.get(_place(row)).content.decode()
    assert page.count(">private<") == 1
    assert "Only they can read it." in page
    assert page.count("Hide…") == 1, "the public comment only"
    arrival.arrived([item(where, "Hello?", remote_id="q3", thread="q", parent="q", minutes=3)])
    assert "repeat nothing private" in bob.get(_place(row)).content.decode()


@override_settings(EMERGENCY_NUMBER="999")
def test_the_number_named_is_the_one_residents_are_shown(where: Connection, bob: Client) -> None:
    arrival.arrived([item(where, "He has a gun", remote_id="g")])
    page = bob.get(_place(Conversation.objects.get())).content.decode()
    assert "residents are shown 999" in page


def test_somebody_waits_who_was_claimed_a_minute_ago(cast: Cast, row: Conversation, bob: Client) -> None:
    conversations.claim(conversation=row, by=cast.bob)
    Conversation.objects.update(waits_since=timezone.now() - timedelta(days=2))
    assert "forgotten: take it over" not in bob.get(INBOX).content.decode()
