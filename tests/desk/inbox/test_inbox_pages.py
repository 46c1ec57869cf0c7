"""The inbox, page by page."""

from __future__ import annotations

import pytest
from django.test import Client

from callbox.flows import arrival
from callbox.networks.models import Delivery
from callbox.people.roles import Role
from callbox.trust.models import Conversation, Line
from callbox.trust.services import conversations
from tests.people import person, signed_in
from tests.people.cast import Cast
from tests.trust.inbox.things import connection, item

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(cast: Cast) -> Conversation:
    arrival.arrived([item(connection(cast.agency, cast.bob), "When does the station open?", remote_id="q")])
    return Conversation.objects.get()


@pytest.fixture
def bob(cast: Cast) -> Client:
    return signed_in(cast.bob)


def place(row: Conversation, act: str = "") -> str:
    return f"/a/harbour/inbox/{row.pk}/{act}"


def test_an_empty_inbox_says_what_will_arrive(cast: Cast, bob: Client) -> None:
    assert "all arrive here" in bob.get("/a/harbour/inbox/").content.decode()


def test_urgent_ones_stand_first(cast: Cast, bob: Client, row: Conversation) -> None:
    urgent = item(row.connection, "Someone has a gun", author="noor", minutes=90)  # type: ignore[arg-type]
    arrival.arrived([urgent])
    page = bob.get("/a/harbour/inbox/").content.decode()
    assert page.index("Someone has a gun") < page.index("When does the station open?")
    assert "2 residents wait" in page
    assert "1 with words of danger" in page


def test_a_conversation_is_claimed_answered_and_closed(cast: Cast, bob: Client, row: Conversation) -> None:
    assert "It is yours" in bob.post(place(row, "claim/"), follow=True).content.decode()
    preview = bob.post(place(row, "answer/"), {"text": "At eight.", "preview": "1"}).content.decode()
    assert "This is what will be seen" in preview
    assert not Delivery.objects.exists()
    page = bob.post(place(row, "answer/"), {"text": "At eight."}, follow=True).content.decode()
    assert "At eight." in page
    assert Delivery.objects.get().shown.text == "At eight."
    assert "comes back" in bob.post(place(row, "close/"), follow=True).content.decode()
    assert "It is open again" in bob.post(place(row, "reopen/"), follow=True).content.decode()


def test_what_was_typed_stays_when_it_cannot_be_sent(cast: Cast, bob: Client, row: Conversation) -> None:
    gina = person("Gina", cast.agency, Role.OFFICER)
    conversations.claim(conversation=row, by=gina)
    answer = bob.post(place(row, "answer/"), {"text": "My long answer"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Gina answers this one" in page
    other = signed_in(gina).post(place(row, "answer/"), {"text": "x" * 501})
    assert other.status_code == 422
    assert "x" * 501 in other.content.decode()


def test_notes_labels_and_urgency(cast: Cast, bob: Client, row: Conversation) -> None:
    bob.post(place(row, "note/"), {"text": "Call the school first"})
    assert row.lines.filter(kind=Line.Kind.NOTE).exists()
    bob.post(place(row, "label/"), {"answerable": "yes"})
    bob.post(place(row, "urgent/"), {"urgent": "yes"})
    row.refresh_from_db()
    assert (row.answerable, row.urgent, row.labelled_by) == (True, True, cast.bob)
    assert "say yes or no" in bob.post(place(row, "label/"), {}, follow=True).content.decode()
    assert "say whether it is urgent" in bob.post(place(row, "urgent/"), {}, follow=True).content.decode()
    assert "write the note first" in bob.post(place(row, "note/"), {"text": " "}, follow=True).content.decode()


def test_handing_over_offers_colleagues_who_may_answer(cast: Cast, bob: Client, row: Conversation) -> None:
    gina = person("Gina", cast.agency, Role.OFFICER)
    bob.post(place(row, "claim/"))
    page = bob.get(place(row)).content.decode()
    assert ">Gina<" in page
    assert ">Frank<" not in page
    assert "Gina has it now" in bob.post(place(row, "hand-over/"), {"to": gina.pk}, follow=True).content.decode()
    assert "choose a colleague" in bob.post(place(row, "hand-over/"), {"to": cast.dan.pk}, follow=True).content.decode()


def test_a_conversation_of_another_agency_does_not_exist(cast: Cast, row: Conversation) -> None:
    dan = signed_in(cast.dan)
    assert dan.get(f"/a/valley/inbox/{row.pk}/").status_code == 404
    assert dan.post(f"/a/valley/inbox/{row.pk}/claim/").status_code == 404
    assert "station open" not in dan.get("/a/valley/inbox/?show=all").content.decode()
