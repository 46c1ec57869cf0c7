"""The pages of the first-week guide, without script: one chapter at a time, the advice last, one click to hand it in."""

from __future__ import annotations

import pytest

from callbox.maturity.models import Attestation
from callbox.people.roles import Role
from callbox.voice.guide import guide
from callbox.voice.models import Answer
from callbox.voice.services import guide as services
from tests.people import Cast, person, signed_in

PAGE = "/a/harbour/guide/"
EVERY = {question.id: next(iter(question.choices)) if question.choices else "Said" for question in guide().questions}


def test_a_newcomer_agency_opens_with_the_guide_until_it_is_set_aside(cast: Cast) -> None:
    client = signed_in(cast.bob)
    assert client.get("/a/harbour/")["Location"] == PAGE
    assert client.post(f"{PAGE}aside/", {"aside": "yes"}).status_code == 302
    assert client.get("/a/harbour/")["Location"] != PAGE
    client.post(f"{PAGE}aside/", {"aside": "no"})
    assert client.get("/a/harbour/")["Location"] == PAGE


def test_the_desk_no_longer_opens_with_the_guide_once_all_is_answered(cast: Cast) -> None:
    services.answer(agency=cast.agency, answers=EVERY, by=cast.bob)
    assert signed_in(cast.bob).get("/a/harbour/")["Location"] != PAGE


@pytest.mark.parametrize("who", ["alice", "carol", "erin", "frank"])
def test_who_may_not_answer_is_not_led_there(cast: Cast, who: str) -> None:
    assert signed_in(getattr(cast, who)).get("/a/harbour/")["Location"] != PAGE


def test_every_chapter_leads_to_the_next_and_the_last_to_the_whole(cast: Cast) -> None:
    client = signed_in(person("Grace", cast.agency, Role.PRESS_OFFICER))
    place = f"{PAGE}{guide().chapters[0].id}/"
    for chapter in guide().chapters:
        assert place == f"{PAGE}{chapter.id}/"
        answers = {question.id: EVERY[question.id] for question in guide().of(chapter.id)}
        place = client.post(place, answers)["Location"]
    assert place == PAGE
    assert services.newest(cast.agency) == EVERY
    page = client.get(PAGE).text
    assert f"{len(EVERY)} of {len(EVERY)} questions answered" in page


def test_the_rest_may_come_later(cast: Cast) -> None:
    answer = signed_in(cast.bob).post(f"{PAGE}aims/", {"purpose": "To help", "later": "yes"})
    assert answer["Location"] == PAGE
    assert services.newest(cast.agency) == {"purpose": "To help"}


def test_a_chapter_shows_what_was_said_and_an_example(cast: Cast) -> None:
    services.answer(agency=cast.agency, answers={"aims": "warn, listen", "purpose": "To help"}, by=cast.bob)
    page = signed_in(cast.bob).get(f"{PAGE}aims/").text
    assert page.count("checked") == 2
    assert "To help" in page
    assert "What a force of ten officers wrote" in page


def test_the_advice_stands_with_its_reasons_where_channels_are_chosen(cast: Cast) -> None:
    client = signed_in(cast.bob)
    assert "half an hour a day is taken" in client.get(f"{PAGE}tools/").text
    answers = {"aims": "answer", "missed": "offline", "where": "facebook", "time": "quarter"}
    services.answer(agency=cast.agency, answers=answers, by=cast.bob)
    page = client.get(f"{PAGE}tools/").text
    assert "half an hour a day is taken" not in page
    assert "Your residents talk there already." in page
    assert "Where do your residents already talk?" in page
    assert "Your residents talk there already." not in client.get(f"{PAGE}aims/").text


def test_a_choice_that_is_not_offered_is_refused_and_the_words_stay(cast: Cast) -> None:
    answer = signed_in(cast.bob).post(f"{PAGE}aims/", {"aims": "rule", "purpose": "To help"})
    assert answer.status_code == 422
    assert "has no such answer" in answer.text
    assert "To help" in answer.text
    assert not Answer.objects.exists()


def test_every_saving_of_an_answer_is_readable(cast: Cast) -> None:
    services.answer(agency=cast.agency, answers={"owner": "Hall"}, by=cast.bob)
    services.answer(agency=cast.agency, answers={"owner": "Reyes"}, by=cast.alice)
    page = signed_in(cast.frank).get(f"{PAGE}answers/owner/").text
    assert page.index("Reyes") < page.index("Hall")
    assert "Alice" in page
    assert signed_in(cast.frank).get(f"{PAGE}answers/nothing/").status_code == 404
    assert signed_in(cast.bob).get(f"{PAGE}nowhere/").status_code == 404


def test_one_click_hands_the_answers_in_and_a_second_person_sees_them(cast: Cast) -> None:
    client = signed_in(cast.bob)
    assert "Hand it in" not in client.get(PAGE).text
    client.post(f"{PAGE}hand-in/")
    assert not Attestation.objects.exists()
    services.answer(agency=cast.agency, answers=EVERY, by=cast.bob)
    assert "Hand it in" in client.get(PAGE).text
    client.post(f"{PAGE}hand-in/")
    assert Attestation.objects.filter(state="proposed", practice="V1").count() == 4
    page = client.get(PAGE).text
    assert "Hand it in" not in page
    assert "handed in" in page


def test_words_of_people_are_never_markup(cast: Cast) -> None:
    services.answer(agency=cast.agency, answers={"fears": "</textarea><b>x"}, by=cast.bob)
    client = signed_in(cast.bob)
    for place in (PAGE, f"{PAGE}people/", f"{PAGE}answers/fears/"):
        assert "<b>x" not in client.get(place).text
