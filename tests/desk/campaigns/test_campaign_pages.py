"""The pages of the campaigns: planned, fixed, counted; no effect is shown with the same dignity as one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from callbox.people.roles import Role
from callbox.voice.models import Campaign, Message, Version
from tests.people import Cast, person, signed_in

LIST = "/a/harbour/campaigns/"


def typed(*, over: bool = True) -> dict[str, str]:
    ends = timezone.localdate() + timedelta(days=-1 if over else 9)
    return {
        "name": "Lock it at nine",
        "question": "Are fewer cars broken into at the river?",
        "measure": "Break-ins into cars",
        "source": "Records system",
        "baseline": "120",
        "comparison": "The hill",
        "comparison_baseline": "110",
        "begins": (ends - timedelta(days=27)).isoformat(),
        "ends": ends.isoformat(),
    }


def written(cast: Cast, text: str) -> Message:
    now = timezone.now()
    message = Message.objects.create(agency=cast.agency, by=cast.bob, at=now, changed_at=now)
    Version.objects.create(message=message, number=1, content={"text": text}, digest="0" * 64, by=cast.bob, at=now)
    return message


def test_an_empty_list_says_how_to_ask(cast: Cast) -> None:
    page = signed_in(cast.bob).get(LIST).text
    assert "No campaign yet" in page
    assert f"{LIST}new/" in page
    assert f"{LIST}new/" not in signed_in(cast.frank).get(LIST).text


@pytest.mark.parametrize("missing", list(typed()))
def test_a_plan_without_any_of_its_parts_is_not_saved(cast: Cast, missing: str) -> None:
    answer = signed_in(cast.bob).post(f"{LIST}new/", typed() | {missing: ""})
    assert answer.status_code == 422
    assert f'id="id_{missing}_error"' in answer.text
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("baseline", "-1"), ("baseline", "1.5"), ("ends", "2001-01-01"), ("baseline", "9" * 30)]
)
def test_a_bad_plan_is_said_and_not_saved(cast: Cast, field: str, value: str) -> None:
    assert signed_in(cast.bob).post(f"{LIST}new/", typed() | {field: value}).status_code == 422
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("here", "there", "headline", "says"),
    [
        ("84", "108", "No difference that the numbers bear out", "No difference is a result."),
        ("40", "108", "A difference that the numbers bear out", "They do not say that the messages made it."),
        ("1", "1", "The numbers cannot tell", "too small to tell"),
        ("0", "0", "The numbers cannot tell", "no interval can be given"),
    ],
)
def test_every_result_stands_with_its_interval_and_none_is_called_a_success(
    cast: Cast, here: str, there: str, headline: str, says: str
) -> None:
    client = signed_in(cast.bob)
    place = client.post(f"{LIST}new/", typed())["Location"]
    form = {"count": here, "comparison_count": there, "learned": "Two lamps went in."}
    assert client.post(f"{place}count/", form).status_code == 302
    page = client.get(place).text
    assert headline in page
    assert says in page
    assert "95 %" in page or "no interval can be given" in page
    assert "Two lamps went in." in page
    assert "succe" not in page.lower().replace("note-success", "")
    assert headline in client.get(LIST).text


def test_the_page_warns_of_what_else_was_at_work_before_and_after_the_count(cast: Cast) -> None:
    client = signed_in(cast.bob)
    place = client.post(f"{LIST}new/", typed(over=False))["Location"]
    page = client.get(place).text
    assert "The agency itself named other causes" in page
    assert "not counted yet" in page
    assert "Not before" in page
    answer = client.post(f"{place}count/", {"count": "1", "comparison_count": "2", "learned": "x"})
    assert answer.status_code == 422
    assert "Count after it" in answer.text
    assert Campaign.objects.get().result == ""


def test_a_campaign_to_be_counted_is_said_on_the_list(cast: Cast) -> None:
    client = signed_in(cast.bob)
    client.post(f"{LIST}new/", typed())
    assert "not counted yet" in client.get(LIST).text


def test_messages_join_and_leave_until_one_is_out(cast: Cast) -> None:
    grace = signed_in(person("Grace", cast.agency, Role.OFFICER))
    place = signed_in(cast.bob).post(f"{LIST}new/", typed(over=False))["Location"]
    first, second = written(cast, "Nine o'clock: lock it"), written(cast, "Is your car locked?")
    assert "Is your car locked?" in grace.get(place).text
    for message in (first, second):
        assert grace.post(f"{place}messages/", {"message": message.pk}).status_code == 302
    grace.post(f"{place}messages/{second.pk}/remove/")
    assert [row.pk for row in Campaign.objects.get().messages.all()] == [first.pk]
    Message.objects.filter(pk=first.pk).update(state="out")
    page = grace.get(place).text
    assert "Fixed: it stands as it was" in page
    assert "Take it out" not in page
    answer = signed_in(cast.bob).post(f"{place}change/", typed(over=False) | {"baseline": "500"})
    assert answer.status_code == 422
    assert "first message has left" in answer.text
    assert Campaign.objects.get().baseline == 120


def test_a_message_of_another_agency_cannot_join(cast: Cast) -> None:
    client = signed_in(cast.bob)
    place = client.post(f"{LIST}new/", typed(over=False))["Location"]
    now = timezone.now()
    foreign = Message.objects.create(agency=cast.other, by=cast.dan, at=now, changed_at=now)
    for wanted in (foreign.pk, "x", "", "9" * 20):
        assert client.post(f"{place}messages/", {"message": wanted}).status_code == 404
    assert signed_in(cast.dan).get(place.replace("harbour", "valley")).status_code == 404
