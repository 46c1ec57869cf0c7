"""The pages of the goals: what is missing is said at its place, what was found is shown with its picture and table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from callbox.people.models import Agency
from callbox.people.roles import Role
from callbox.voice.models import Goal
from tests.people import Cast, person, signed_in

LIST = "/a/harbour/goals/"


def typed() -> dict[str, str]:
    return {
        "says": "Fewer cars are broken into at the river",
        "serves": "Fewer thefts",
        "audience": "Renters",
        "measure": "Break-ins into cars",
        "unit": "a quarter",
        "baseline": "41",
        "target": "30",
        "by_when": (timezone.localdate() + timedelta(days=300)).isoformat(),
        "source": "Records system",
        "review_every": "90",
        "owner": "Sergeant Hall",
    }


def test_an_empty_list_says_what_a_goal_is_and_where_to_begin(cast: Cast) -> None:
    page = signed_in(cast.bob).get(LIST).text
    assert "No goal yet" in page
    assert "/a/harbour/goals/new/" in page
    assert "/a/harbour/guide/" in page


def test_the_picture_counts_days_on_the_agencys_clock(cast: Cast) -> None:
    Agency.objects.filter(pk=cast.agency.pk).update(time_zone="America/New_York")
    client = signed_in(cast.bob)
    client.post(f"{LIST}new/", typed())
    goal = Goal.objects.get()
    Goal.objects.filter(pk=goal.pk).update(at=datetime(2026, 5, 4, 2, tzinfo=UTC))
    page = client.get(f"{LIST}{goal.pk}/").text
    assert "3 May 2026" in page
    assert "4 May 2026" not in page


def test_who_only_reads_is_offered_nothing_to_write(cast: Cast) -> None:
    client = signed_in(cast.frank)
    assert "/a/harbour/goals/new/" not in client.get(LIST).text
    signed_in(cast.bob).post(f"{LIST}new/", typed())
    page = client.get(f"{LIST}{Goal.objects.get().pk}/").text
    assert "Write it down" not in page
    assert "Records system" in page


@pytest.mark.parametrize("missing", list(typed()))
def test_a_goal_without_any_of_its_parts_is_not_saved_and_what_was_typed_stays(cast: Cast, missing: str) -> None:
    answer = signed_in(cast.bob).post(f"{LIST}new/", typed() | {missing: ""})
    assert answer.status_code == 422
    assert f'id="id_{missing}_error"' in answer.text
    assert "Sergeant Hall" in answer.text or missing == "owner"
    assert not Goal.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("target", "41", "already"),
        ("by_when", "2001-01-01", "lie ahead"),
        ("review_every", "3", "greater than or equal to 7"),
        ("baseline", "many", "Enter a number"),
        ("baseline", "NaN", "Enter a number"),
        ("baseline", "1e30", "digits"),
        ("by_when", "soon", "valid date"),
        ("review_every", "99999999999", "less than or equal to 365"),
    ],
)
def test_bad_input_is_said_and_nothing_is_saved(cast: Cast, field: str, value: str, says: str) -> None:
    answer = signed_in(cast.bob).post(f"{LIST}new/", typed() | {field: value})
    assert answer.status_code == 422
    assert says in answer.text
    assert not Goal.objects.exists()


def test_a_goal_is_set_looked_at_and_ended(cast: Cast) -> None:
    client = signed_in(person("Grace", cast.agency, Role.PRESS_OFFICER))
    place = client.post(f"{LIST}new/", typed())["Location"]
    page = client.get(place).text
    assert "<svg" in page
    assert "not looked at yet" in page.lower()
    assert client.post(f"{place}look/", {"value": "36.5", "note": "More lamps at the river"}).status_code == 302
    page = client.get(place).text
    assert "On the way" in page
    assert "More lamps at the river" in page
    assert "36.5" in client.get(LIST).text
    assert client.post(f"{place}look/", {"value": "29"}).status_code == 302
    assert "Reached" in client.get(place).text
    client.post(f"{place}end/")
    assert "It ended on" in client.get(place).text
    assert "has ended" in client.post(f"{place}look/", {"value": "20"}).text


def test_a_moved_target_asks_for_its_reason_and_keeps_what_was_typed(cast: Cast) -> None:
    client = signed_in(cast.bob)
    place = client.post(f"{LIST}new/", typed())["Location"]
    answer = client.post(f"{place}look/", {"value": "38", "target": "35"})
    assert answer.status_code == 422
    assert "Say why" in answer.text
    assert 'value="38"' in answer.text
    assert Goal.objects.get().target == 30


def test_a_goal_looked_at_is_no_longer_put_right(cast: Cast) -> None:
    client = signed_in(cast.bob)
    place = client.post(f"{LIST}new/", typed())["Location"]
    assert client.post(f"{place}change/", typed() | {"target": "31"}).status_code == 302
    assert Goal.objects.get().target == 31
    client.post(f"{place}look/", {"value": "38"})
    assert f"{place}change/" not in client.get(place).text
    answer = client.post(f"{place}change/", typed())
    assert answer.status_code == 422
    assert "looked at already" in answer.text


def test_an_overdue_look_is_said_on_the_list_and_on_the_goal(cast: Cast) -> None:
    client = signed_in(cast.bob)
    place = client.post(f"{LIST}new/", typed())["Location"]
    assert "overdue" not in client.get(LIST).text
    Goal.objects.update(review_on=timezone.localdate() - timedelta(days=2))
    assert "overdue" in client.get(LIST).text
    assert "Somebody should have looked" in client.get(place).text


def test_the_goals_of_another_agency_do_not_exist(cast: Cast) -> None:
    place = signed_in(cast.bob).post(f"{LIST}new/", typed())["Location"]
    dan = signed_in(cast.dan)
    assert dan.get(place).status_code == 404
    moved = place.replace("harbour", "valley")
    assert [dan.get(moved).status_code, dan.post(f"{moved}look/", {"value": "1"}).status_code] == [404, 404]


def test_markup_in_a_goal_is_shown_as_text(cast: Cast) -> None:
    client = signed_in(cast.bob)
    place = client.post(f"{LIST}new/", typed() | {"measure": "<script>alert(1)</script>"})["Location"]
    page = client.get(place).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
