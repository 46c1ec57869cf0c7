"""The page of the roster: empty, planned, tried with another promise, in the agency's own hours."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from callbox.operations.models import Shift
from callbox.operations.services import roster
from callbox.trust.models import Conversation
from tests.people import Cast, signed_in

BASE = "/a/harbour/roster/"


@pytest.mark.django_db
def test_an_empty_roster_teaches(cast: Cast) -> None:
    page = signed_in(cast.bob).get(BASE).content.decode()
    assert "Nothing to hold against each other yet" in page
    assert "Plan a shift" in page


@pytest.mark.django_db
def test_a_shift_is_planned_on_the_agencys_clocks_and_taken_off(cast: Cast) -> None:
    cast.agency.time_zone = "Europe/Oslo"
    cast.agency.save()
    bob = signed_in(cast.bob)
    begins = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%d")
    typed = {"begins": f"{begins}T09:00", "ends": f"{begins}T17:00", "people": 2, "weeks": 3}
    assert bob.post(BASE + "plan/", typed).status_code == 302
    rows = Shift.objects.of(cast.agency)
    assert rows.count() == 3
    first = rows[0]
    assert first.begins.astimezone(timezone.get_fixed_timezone(0)).hour in {7, 8}
    page = bob.get(BASE).content.decode()
    assert "09:00" in page
    bob.post(f"{BASE}{first.pk}/take-off/")
    assert "taken off" in bob.get(BASE).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("typed", [{"begins": "x"}, {"people": -1}, {"weeks": 99}, {"ends": "2020-01-01T00:00"}])
def test_what_makes_no_sense_is_said_in_the_form(cast: Cast, typed: dict[str, object]) -> None:
    good = {"begins": "2026-06-01T09:00", "ends": "2026-06-01T17:00", "people": 1, "weeks": 1}
    answer = signed_in(cast.bob).post(BASE + "plan/", {**good, **typed})
    assert answer.status_code == 422
    assert not Shift.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["?share=90&within=10&handling=5", "?share=x", "?share=90&within=0&handling=-1"])
def test_another_promise_can_be_tried(cast: Cast, query: str) -> None:
    assert signed_in(cast.bob).get(BASE + query).status_code == 200


@pytest.mark.django_db
def test_a_shift_of_another_agency_is_not_there(cast: Cast) -> None:
    now = timezone.now()
    theirs = Shift.objects.create(agency=cast.other, begins=now, ends=now + timedelta(hours=1), by=cast.dan, at=now)
    assert signed_in(cast.bob).post(f"{BASE}{theirs.pk}/take-off/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2126-01-01"])
def test_a_year_that_is_a_slip_of_the_pen_is_said_in_the_form(cast: Cast, day: str) -> None:
    typed = {"begins": f"{day}T01:00", "ends": f"{day}T09:00", "people": 1, "weeks": 26}
    answer = signed_in(cast.bob).post(BASE + "plan/", typed)
    assert answer.status_code == 422
    assert not Shift.objects.exists()


@pytest.mark.django_db
def test_an_hour_in_which_thousands_wrote_is_shown(cast: Cast) -> None:
    now = timezone.now()
    row = {"agency": cast.agency, "door": "comment", "last_at": now, "opened_at": now - timedelta(days=3)}
    Conversation.objects.bulk_create(Conversation(thread=f"t{n}", **row) for n in range(1010))
    page = signed_in(cast.bob).get(BASE + "?share=99&within=1&handling=240").content.decode()
    assert "more than 500 needed" in page


@pytest.mark.django_db
def test_every_shift_that_was_planned_can_be_reached(cast: Cast) -> None:
    now = timezone.now()
    rows = [
        Shift(
            agency=cast.agency, begins=now + timedelta(hours=n), ends=now + timedelta(hours=n + 1), by=cast.bob, at=now
        )
        for n in range(70)
    ]
    Shift.objects.bulk_create(rows)
    bob, last = signed_in(cast.bob), Shift.objects.order_by("-begins")[0]
    assert f"/{last.pk}/take-off/" not in bob.get(BASE).content.decode()
    assert f"/{last.pk}/take-off/" in bob.get(BASE + "?page=2").content.decode()


@pytest.mark.django_db
def test_a_shift_that_was_written_down_and_goes_on_is_planned_from_now_on(cast: Cast) -> None:
    begins = timezone.now() - timedelta(days=1)
    rows = roster.plan(agency=cast.agency, begins=begins, ends=begins + timedelta(hours=8), weeks=2, by=cast.bob)
    assert [row.planned for row in rows] == [False, True]
