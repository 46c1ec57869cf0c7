"""Updates to callers, page by page."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from callbox.operations.models import Case
from callbox.operations.services import cases
from tests.people import Cast, signed_in

pytestmark = pytest.mark.django_db
ROOM = "/a/harbour/updates/"


@pytest.fixture
def bob(cast: Cast) -> Client:
    return signed_in(cast.bob)


def _given(**more: str) -> dict[str, str]:
    now = timezone.now().astimezone(ZoneInfo("UTC"))
    return {"reference": "26-1147", "kind": "burglary", "reported_at": f"{now:%Y-%m-%dT%H:%M}", **more}


def test_a_caller_gets_a_number_and_words_which_are_shown_once(bob: Client, cast: Cast) -> None:
    assert "No case yet" in bob.get(ROOM).content.decode()
    answer = bob.post(f"{ROOM}new/", _given())
    page = answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    row = Case.objects.get()
    found = re.search(r"<strong>((?:[a-z]+ ){3}[a-z]+)</strong>", page)
    assert found is not None
    assert cases.look_up(agency=cast.agency, reference="26-1147", given=found[1]) == row
    assert found[1] not in bob.get(f"{ROOM}{row.pk}/").content.decode()
    assert found[1] not in bob.post(f"{ROOM}{row.pk}/words/").content.decode()
    assert cases.look_up(agency=cast.agency, reference="26-1147", given=found[1]) is None


def test_the_hour_is_read_on_the_agency_s_clocks(bob: Client, cast: Cast) -> None:
    cast.agency.time_zone = "America/Denver"
    cast.agency.save()
    local = timezone.now().astimezone(ZoneInfo("America/Denver")).replace(second=0, microsecond=0, tzinfo=None)
    bob.post(f"{ROOM}new/", _given(reported_at=f"{local:%Y-%m-%dT%H:%M}"))
    assert Case.objects.get().reported_at == datetime.combine(local, local.time(), ZoneInfo("America/Denver"))


def test_an_excluded_kind_is_refused_with_what_to_do_instead(bob: Client) -> None:
    answer = bob.post(f"{ROOM}new/", _given(kind="domestic-violence"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "never gets a page" in page
    assert "26-1147" in page, "what was typed stays"
    assert not Case.objects.exists()
    assert bob.post(f"{ROOM}new/", {"reference": ""}).status_code == 422


def test_those_who_wait_stand_first_with_their_delay(bob: Client, cast: Cast) -> None:
    for number, minutes in (("told", 50), ("fresh", 5), ("due", 25), ("late", 45)):
        at = timezone.now() - timedelta(minutes=minutes)
        row, _words = cases.register(agency=cast.agency, reference=number, kind="burglary", reported_at=at, by=cast.bob)
        if number == "told":
            cases.write(case=row, text="An officer comes later.", by=cast.bob)
    page = bob.get(ROOM).content.decode()
    assert page.index("LATE") < page.index("DUE") < page.index("FRESH") < page.index("TOLD")
    assert page.count("delay notice due") == page.count("delay notice overdue") == 1
    late = Case.objects.get(reference="LATE")
    assert "More than 30 minutes" in bob.get(f"{ROOM}{late.pk}/").content.decode()


def test_an_update_is_written_or_refused_and_the_case_closed_and_taken_off(bob: Client, cast: Cast) -> None:
    bob.post(f"{ROOM}new/", _given())
    row = Case.objects.get()
    place = f"{ROOM}{row.pk}/"
    refused = bob.post(f"{place}write/", {"text": "Your husband is still inside"})
    assert refused.status_code == 422
    assert "Nothing was published" in refused.content.decode()
    assert "Your husband is still inside" in refused.content.decode()
    page = bob.post(f"{place}write/", {"text": "An officer comes at three."}, follow=True).content.decode()
    assert "The caller can read it now" in page
    assert "An officer comes at three." in page
    assert "Open it again" in bob.post(f"{place}close/", follow=True).content.decode()
    bob.post(f"{place}reopen/")
    assert "Choose what it turned out" in bob.post(f"{place}take-off/", {}, follow=True).content.decode()
    gone = bob.post(f"{place}take-off/", {"kind": "sexual-assault"}, follow=True).content.decode()
    assert "Nobody can open it any more" in gone
    assert "Open it again" not in gone


def test_another_agency_s_cases_do_not_exist(bob: Client, cast: Cast) -> None:
    bob.post(f"{ROOM}new/", _given())
    dan, pk = signed_in(cast.dan), Case.objects.get().pk
    assert dan.get(f"/a/valley/updates/{pk}/").status_code == 404
    assert dan.post(f"/a/valley/updates/{pk}/write/", {"text": "x"}).status_code == 404
    assert "26-1147" not in dan.get("/a/valley/updates/").content.decode()


def test_every_caller_who_is_owed_word_is_on_some_page(bob: Client, cast: Cast) -> None:
    now = timezone.now()
    Case.objects.bulk_create(
        Case(
            agency=cast.agency, reference=f"26-{number:03}", kind="theft", secret_digest="x", by=cast.bob, at=now,
            reported_at=now - timedelta(hours=60 - number), eligible_at=now - timedelta(hours=60 - number),
        )
        for number in range(52)
    )  # fmt: skip
    first, second = (bob.get(f"{ROOM}{page}").content.decode() for page in ("", "?owed=2"))
    assert "26-049" in first
    assert "26-050" not in first
    assert "26-050" in second
    assert "26-051" in second
    assert "Page 1 of 2" in first
