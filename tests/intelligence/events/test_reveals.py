"""An author is opened from one post, with a reason, by two people, for an hour; every look is in the trail before it is shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.governance.models import AuditEvent
from callbox.intelligence import pseudonyms
from callbox.intelligence.models import Reveal, Sighting
from callbox.intelligence.services import reveals
from tests.intelligence.events import rows
from tests.intelligence.events.rows import Staff
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(cast: Cast) -> Staff:
    return rows.staff(cast)


@pytest.fixture
def post(cast: Cast) -> Sighting:
    sealed = pseudonyms.vault().seal({"author": "did:plc:clara", "url": "https://social.example/1"})
    post = rows.sighting(rows.source(cast.agency, cast.bob), "help", sealed=sealed)
    rows.event(post)
    return Sighting.objects.get(pk=post.pk)


def asked(post: Sighting, staff: Staff, **changes: str) -> Reveal:
    given = {"reason": "Asks for help", "basis": "life", "reference": "26-77"} | changes
    return reveals.ask(sighting=post, **given, by=staff.gina)


def test_a_look_is_allowed_by_somebody_else_and_leaves_an_event_each_time(post: Sighting, staff: Staff) -> None:
    row = asked(post, staff)
    with pytest.raises(RefusedError, match="not open"):
        reveals.look(reveal=row, by=staff.gina)
    reveals.allow(reveal=row, by=staff.ida)
    for _time in range(2):
        assert reveals.look(reveal=row, by=staff.gina)["author"] == "did:plc:clara"
    assert reveals.looks_of(post.agency, [post.pk]) == {post.pk: 2}
    assert AuditEvent.objects.filter(action="author.seen", by=staff.gina, data__reference="26-77").count() == 2
    for stranger in (staff.ida, staff.hugo):
        with pytest.raises(RefusedError, match="Only the person who asked"):
            reveals.look(reveal=row, by=stranger)


def test_the_trail_knows_of_a_look_before_anything_is_opened(
    post: Sighting, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = asked(post, staff)
    reveals.allow(reveal=row, by=staff.ida)

    def opens(_sighting: Sighting) -> dict[str, Any]:
        assert AuditEvent.objects.filter(action="author.seen").count() == 1
        raise OSError("the key is on another machine")

    monkeypatch.setattr(pseudonyms, "open_author", opens)
    with pytest.raises(OSError, match="key"):
        reveals.look(reveal=row, by=staff.gina)
    assert AuditEvent.objects.filter(action="author.seen").count() == 1


def test_after_an_hour_it_is_over(post: Sighting, staff: Staff) -> None:
    row = asked(post, staff)
    reveals.allow(reveal=row, by=staff.ida)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        with pytest.raises(RefusedError, match="no longer"):
            reveals.look(reveal=row, by=staff.gina)
        assert reveals.lapse() == 1
        assert reveals.lapse() == 0
        assert asked(post, staff).state == "asked"
    row.refresh_from_db()
    assert row.state == "lapsed"


def test_what_nobody_decides_in_a_day_is_over(post: Sighting, staff: Staff) -> None:
    row = asked(post, staff)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        with pytest.raises(RefusedError, match="is over"):
            reveals.allow(reveal=row, by=staff.ida)
        assert reveals.lapse() == 1


@pytest.mark.parametrize(
    "missing", [{"reason": " "}, {"basis": "curiosity"}, {"reference": ""}, {"reason": "x" * 2001}]
)
def test_without_reason_basis_and_case_nobody_is_even_asked(
    post: Sighting, staff: Staff, missing: dict[str, str]
) -> None:
    with pytest.raises(RefusedError, match="are needed"):
        asked(post, staff, **missing)
    assert not Reveal.objects.exists()


def test_nobody_allows_their_own_and_nobody_decides_twice(post: Sighting, staff: Staff) -> None:
    row = asked(post, staff)
    Reveal.objects.filter(pk=row.pk).update(by=staff.ida)
    row.refresh_from_db()
    with pytest.raises(RefusedError, match="own request"):
        reveals.allow(reveal=row, by=staff.ida)
    Reveal.objects.filter(pk=row.pk).update(by=staff.gina)
    row.refresh_from_db()
    stale = Reveal.objects.get(pk=row.pk)
    reveals.refuse(reveal=row, by=staff.ida)
    for again in (row, stale):
        with pytest.raises(RefusedError, match="decided"):
            reveals.allow(reveal=again, by=staff.ida)


def test_one_request_at_a_time_and_none_where_nothing_is_kept(post: Sighting, staff: Staff) -> None:
    asked(post, staff)
    with pytest.raises(RefusedError, match="already"):
        asked(post, staff)
    post.sealed = ""
    with pytest.raises(RefusedError, match="Nothing of the author"):
        asked(post, staff)


def test_only_analysts_ask_and_only_who_leads_decides(cast: Cast, post: Sighting, staff: Staff) -> None:
    for person in (staff.ida, staff.jana, cast.erin, cast.dan):
        with pytest.raises(RefusedError, match="may not ask"):
            reveals.ask(sighting=post, reason="r", basis="life", reference="1", by=person)
    row = asked(post, staff)
    for person in (staff.hugo, staff.jana, cast.frank, cast.dan):
        with pytest.raises(RefusedError, match="may not decide"):
            reveals.allow(reveal=row, by=person)
