"""The retention pages: what a records officer does there, and what the others only see."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from callbox.flows.retention import purge_tonight
from callbox.governance.models import AuditEvent, Disposal, Hold, RetentionRule
from callbox.governance.retention import services
from callbox.people.roles import Role
from tests.governance.retention import rows
from tests.people import Cast, person, signed_in

BASE = "/a/harbour/retention/"


@pytest.fixture
def ruth(cast: Cast) -> Client:
    """The records officer."""
    return signed_in(person("Ruth", cast.agency, Role.RECORDS_OFFICER))


def test_the_calendar_counts_what_goes_tonight_and_later(cast: Cast, ruth: Client) -> None:
    now = timezone.now()
    rows.item(cast.agency, cast.bob, now - timedelta(days=1200))
    rows.item(cast.agency, cast.bob, now - timedelta(days=1080))
    page = ruth.get(BASE)
    line = next(line for line in page.context["lines"] if line.of.id == "residents")
    assert (line.now.rows, line.now.going, line.ahead) == (2, 1, (2, 2, 2))
    assert "Posts of residents" in page.content.decode()


def test_a_hold_is_placed_in_one_step_and_released_in_two(cast: Cast, ruth: Client) -> None:
    item = rows.item(cast.agency, cast.bob, timezone.now() - timedelta(days=4000))
    form = {"covers": "one", "subject": f"item:{item.pk}", "reason": "lawsuit", "reference": "26-CV-1"}
    assert ruth.post(BASE + "holds/place/", form).status_code == 302
    hold = Hold.objects.get()
    purge_tonight()
    item.refresh_from_db()
    assert item.text
    assert "26-CV-1" in ruth.get(BASE + "holds/").content.decode()
    assert "cannot be undone" in ruth.get(f"{BASE}holds/{hold.pk}/release/").content.decode()
    assert Hold.objects.standing().exists()  # looking releases nothing
    assert ruth.post(f"{BASE}holds/{hold.pk}/release/", {"why": ""}).status_code == 422
    assert ruth.post(f"{BASE}holds/{hold.pk}/release/", {"why": "settled"}).status_code == 302
    purge_tonight()
    item.refresh_from_db()
    assert item.text == ""


def test_a_hold_over_nothing_says_what_to_write(ruth: Client) -> None:
    answer = ruth.post(BASE + "holds/place/", {"covers": "one", "subject": "", "reason": "r", "reference": "1"})
    assert answer.status_code == 422
    assert "message:12" in answer.content.decode()
    assert not Hold.objects.exists()


def test_own_days_are_set_and_taken_off(cast: Cast, ruth: Client) -> None:
    place = BASE + "kinds/residents/"
    assert ruth.post(place + "days/", {"origin": "own", "days": "400", "reason": "city policy 7"}).status_code == 302
    assert "city policy 7" in ruth.get(place).content.decode()
    assert services.days_of(cast.agency)["residents"] == 400
    answer = ruth.post(BASE + "kinds/published/days/", {"origin": "own", "days": "30", "reason": "r"})
    assert answer.status_code == 422
    assert "365" in answer.content.decode()
    ruth.post(place + "clear/", {"origin": "own"})
    assert not RetentionRule.objects.exists()
    assert ruth.get(BASE + "kinds/nothing/").status_code == 404


def test_what_is_never_purged_says_why_and_offers_no_form(ruth: Client) -> None:
    page = ruth.get(BASE + "kinds/trail/").content.decode()
    assert "Each event seals the one before it" in page
    assert 'name="days"' not in page


def test_a_certificate_can_be_taken_along_and_that_is_an_event(cast: Cast, ruth: Client) -> None:
    rows.item(cast.agency, cast.bob, timezone.now() - timedelta(days=4000))
    purge_tonight()
    answer = ruth.get(BASE + "certificates/table.csv")
    [line] = csv.DictReader(io.StringIO(answer.content.decode()))
    certificate = Disposal.objects.get()
    assert (line["kind"], line["count"], line["digest"]) == ("residents", "1", certificate.digest)
    assert certificate.digest[:12] in ruth.get(BASE + "certificates/").content.decode()
    event = AuditEvent.objects.get(action="data.exported")
    assert event.target == "export:export_disposals"
    assert event.data == {"rows": 1, "chosen": {"ending": "csv"}, "address": "127.0.0.1"}


def test_rows_of_another_agency_are_neither_counted_nor_listed(cast: Cast, ruth: Client) -> None:
    rows.item(cast.other, cast.dan, timezone.now() - timedelta(days=4000))
    theirs = services.place_hold(agency=cast.other, subject="everything", reason="CANARY", reference="C", by=cast.dan)
    services.release_hold(hold=theirs, why="CANARY", by=cast.dan)
    purge_tonight()
    for address in ("", "holds/", "certificates/", "kinds/residents/"):
        assert "CANARY" not in ruth.get(BASE + address).content.decode()
    assert ruth.get(BASE).context["certificates"] == 0
    assert ruth.get(f"{BASE}holds/{theirs.pk}/release/").status_code == 404


def test_a_chief_reads_and_changes_nothing(cast: Cast) -> None:
    page = signed_in(cast.bob).get(BASE).content.decode()
    assert "Place a hold" not in page
    assert signed_in(cast.bob).post(BASE + "holds/place/", {}).status_code == 403
