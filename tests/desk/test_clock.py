"""Days and hours on a page are those on the wall of the agency, wherever the server stands; the trail is in UTC and says so."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.utils import timezone

from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.people.models import Agency
from tests.people import Cast, signed_in

#: Monday evening in New York, Tuesday already in UTC.
EVENING = datetime(2026, 3, 3, 2, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Cast) -> Cast:
    Agency.objects.filter(pk=cast.agency.pk).update(time_zone="America/New_York")
    return cast


def test_today_is_the_day_of_the_agency(desk: Cast) -> None:
    with time_machine.travel(EVENING, tick=False):
        assert "Monday, 2 March 2026" in signed_in(desk.bob).get("/a/harbour/today/").text


def test_a_day_in_a_form_begins_as_that_of_the_agency(desk: Cast) -> None:
    with time_machine.travel(EVENING, tick=False):
        page = signed_in(desk.alice).get("/a/harbour/evidence/for/V1.1.owner/").text
    assert 'value="2026-03-02"' in page


def test_the_clock_of_one_agency_does_not_stay_for_the_next_page(desk: Cast) -> None:
    with time_machine.travel(EVENING, tick=False):
        signed_in(desk.bob).get("/a/harbour/today/")
        assert timezone.localdate() == date(2026, 3, 3)
        assert "Tuesday, 3 March 2026" in signed_in(desk.dan).get("/a/valley/today/").text


def test_the_trail_stays_in_utc_as_its_heading_says(desk: Cast) -> None:
    with time_machine.travel(EVENING, tick=False):
        record(agency=desk.agency, by=desk.erin, action=Audited.AGENCY_CHANGED, target="agency:1", data={})
        page = signed_in(desk.frank).get("/a/harbour/audit/").text
    assert "When (UTC)" in page
    assert "2026-03-03 02:30:00" in page
    assert "2026-03-02 21:30" not in page
