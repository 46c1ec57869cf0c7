"""A question on the public page: asked without an account, answered on a page that only its address opens."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from callbox.people.models import Beat
from callbox.trust.models import Conversation
from callbox.trust.services import answers, conversations
from tests.people.cast import Cast

pytestmark = pytest.mark.django_db
ASK = "/p/harbour/ask/"


def test_a_question_is_asked_answered_and_asked_again(cast: Cast) -> None:
    beat = Beat.objects.create(agency=cast.agency, code="north", name="North", at=timezone.now())
    sent = Client().post(ASK, {"text": "Who is my officer?", "beat": "north", "address": "mia@home.example"})
    assert sent.status_code == 302
    place = sent["Location"]
    row = Conversation.objects.get()
    assert (row.beat, row.door, row.state) == (beat, "enquiry", "new")
    assert "Nobody has answered yet" in Client().get(place).content.decode()
    conversations.note(conversation=row, text="only for colleagues", by=cast.bob)
    answers.answer(conversation=row, text="Officer Lee.", by=cast.bob)
    page = Client().get(place).content.decode()
    assert "Officer Lee." in page
    assert "only for colleagues" not in page
    assert Client().post(place, {"text": "And on Sunday?"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.lines.count()) == ("claimed", 4)


def test_words_of_danger_show_the_number_first(cast: Cast) -> None:
    page = Client().post(ASK, {"text": "I am in danger"}).content.decode()
    assert "Nothing has been sent yet" in page
    assert not Conversation.objects.exists()
    Client().post(ASK, {"text": "I am in danger", "anyway": "1"})
    assert Conversation.objects.get().urgent


def test_words_of_danger_in_further_words_show_the_number_too(cast: Cast) -> None:
    place = Client().post(ASK, {"text": "When do you open?"})["Location"]
    page = Client().post(place, {"text": "He has a gun"}).content.decode()
    assert "Nothing has been sent yet" in page
    assert "He has a gun" in page
    row = Conversation.objects.get()
    assert (row.urgent, row.lines.count()) == (False, 1)
    assert Client().post(place, {"text": "He has a gun", "anyway": "1"})["Location"] == place
    assert Conversation.objects.get().urgent


def test_who_gives_an_address_with_words_of_danger_is_told_who_else_may_read_it(cast: Cast) -> None:
    page = Client().post(ASK, {"text": "He hits me", "address": "mia@home.example"}).content.decode()
    assert "leave the address out" in page
    assert "كتبته ما زال هنا" in Client().post(f"/ar{ASK}", {"text": "يضربني"}).content.decode()


def test_the_page_says_how_it_stands_and_promises_no_answer_that_is_not_there(cast: Cast) -> None:
    place = Client().post(ASK, {"text": "Hello"})["Location"]
    row = Conversation.objects.get()
    conversations.close(conversation=row, answerable=False, by=cast.bob)
    assert "closed it without an answer" in Client().get(place).content.decode()
    Client().post(place, {"text": "But when do you open?"})
    answers.answer(conversation=row, text="At eight.", by=cast.bob)
    assert "Here is our answer" in Client().get(place).content.decode()
    conversations.claim(conversation=row, by=cast.bob)
    conversations.release(conversation=row, by=cast.bob)
    assert "Here is our answer" in Client().get(place).content.decode()
    conversations.close(conversation=row, answerable=None, by=cast.bob)
    assert "Here is our answer" in Client().get(place).content.decode()
    Client().post(place, {"text": "On Sunday too?"})
    assert "What you wrote last has arrived" in Client().get(place).content.decode()


def test_a_wrong_address_and_one_of_another_agency_do_not_exist(cast: Cast) -> None:
    place = Client().post(ASK, {"text": "Hello"})["Location"]
    assert Client().get("/p/harbour/ask/wrong/").status_code == 404
    assert Client().get(place.replace("harbour", "valley")).status_code == 404


def test_no_page_of_a_question_is_kept(cast: Cast) -> None:
    place = Client().post(ASK, {"text": "Hello"})["Location"]
    for answer in (Client().get(ASK), Client().get(place)):
        assert answer["Cache-Control"] == "no-store"
        assert not answer.cookies


@pytest.mark.parametrize("values", [{}, {"text": ""}, {"text": "x" * 5001}, {"text": "Hi", "address": "nonsense"}])
def test_what_cannot_be_taken_is_said_beside_its_field(cast: Cast, values: dict[str, str]) -> None:
    page = Client().post(ASK, {**values, "sent": "1"})
    assert page.status_code == 200
    assert "field-error" in page.content.decode()
    assert not Conversation.objects.exists()
