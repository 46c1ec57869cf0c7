"""What people do with events: one has it, grades are given, posts are split and put together, and everything can be undone by a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.core.state import UndeclaredMoveError
from callbox.governance.models import AuditEvent
from callbox.intelligence.models import Assessment, Event, Match, Sighting, Silence, Source
from callbox.intelligence.services import events, findings
from callbox.intelligence.services.findings import Finding
from callbox.intelligence.services.hits import rates
from tests.intelligence.events import rows
from tests.intelligence.events.rows import Staff
from tests.people import Cast

pytestmark = pytest.mark.django_db
FOUND = Finding("Water over the kerb", "B", "2", "Patrol 3", ("place", "independent", "nonsense"))


@pytest.fixture
def staff(cast: Cast) -> Staff:
    return rows.staff(cast)


@pytest.fixture
def place(cast: Cast) -> Source:
    return rows.source(cast.agency, cast.bob)


@pytest.fixture
def event(place: Source) -> Event:
    return rows.event(*(rows.sighting(place, text, author=text) for text in ("one", "two", "three")))


def told(event: Event) -> list[str]:
    return list(AuditEvent.objects.filter(target=event.subject).order_by("pk").values_list("action", flat=True))


def test_one_person_has_an_event_and_a_colleague_may_give_it_back(event: Event, staff: Staff) -> None:
    stale = Event.objects.get(pk=event.pk)
    events.take(event=event, by=staff.gina)
    with pytest.raises(RefusedError, match="faster"):
        events.take(event=stale, by=staff.hugo)
    event.refresh_from_db()
    with pytest.raises(RefusedError, match="Gina is checking"):
        findings.confirm(event=event, finding=FOUND, by=staff.hugo)
    events.release(event=event, by=staff.hugo)
    event.refresh_from_db()
    assert (event.state, event.owner) == ("new", None)
    assert told(event) == ["event.taken", "event.released"]


def test_an_event_that_is_given_back_stands_where_it_stood(event: Event, staff: Staff) -> None:
    findings.confirm(event=event, finding=FOUND, by=staff.gina)
    event.refresh_from_db()
    events.take(event=event, by=staff.hugo)
    findings.note(event=event, finding=Finding("Looking again"), by=staff.hugo)
    events.release(event=event, by=staff.hugo)
    event.refresh_from_db()
    assert event.state == "confirmed"


def test_a_finding_keeps_its_grades_the_points_looked_at_and_what_was_searched(
    cast: Cast, event: Event, staff: Staff, place: Source
) -> None:
    watch = rows.watch(cast.agency, staff.gina, [place])
    Match.objects.create(watch=watch, sighting=event.sightings.all()[0], digest="d", words=["flood"], at=event.first_at)
    began = timezone.now() - timedelta(minutes=30)
    Silence.objects.create(source=place, began_at=began, noticed_at=began, ended_at=began + timedelta(minutes=9))
    Silence.objects.create(
        source=place, began_at=began - timedelta(days=9), noticed_at=began, ended_at=began - timedelta(days=8)
    )
    found = findings.confirm(event=event, finding=FOUND, by=staff.gina)
    assert (found.source_grade, found.content_grade, found.corroboration) == ("B", "2", "Patrol 3")
    assert found.checked == ["place", "independent"]
    (searched,) = found.searched
    assert searched["source"] == place.title
    assert [gap["from"] for gap in searched["gaps"]] == [began.isoformat()]
    event.refresh_from_db()
    assert (event.state, event.decided_at is not None) == ("confirmed", True)


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (Finding("", "B", "2"), "Write what was found"),
        (Finding("x", "", "2"), "Grade the source"),
        (Finding("x", "G", "2"), "Grade the source"),
        (Finding("x", "A", "7"), "Grade the source"),
        (Finding("x" * 4001, "A", "1"), "At most"),
    ],
)
def test_a_verdict_without_its_ground_changes_nothing(event: Event, staff: Staff, finding: Finding, words: str) -> None:
    for verdict in (findings.confirm, findings.refute):
        with pytest.raises(RefusedError, match=words):
            verdict(event=event, finding=finding, by=staff.gina)
    event.refresh_from_db()
    assert event.state == "new"
    assert not Assessment.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_refuted_event_can_be_confirmed_after_all_and_both_findings_stay(event: Event, staff: Staff) -> None:
    findings.refute(event=event, finding=FOUND, by=staff.gina)
    event.refresh_from_db()
    first = event.decided_at
    findings.confirm(event=event, finding=FOUND, by=staff.ida)
    event.refresh_from_db()
    assert event.decided_at == first
    assert list(event.assessments.values_list("verdict", flat=True)) == ["refuted", "confirmed"]


def test_closing_says_what_it_was_worth_and_counts_for_every_watch_that_found_it(
    cast: Cast, staff: Staff, place: Source
) -> None:
    high, low = (rows.watch(cast.agency, staff.gina, [place], title) for title in ("High", "Low"))
    both = rows.event(rows.sighting(place, "a", watch=high), rows.sighting(place, "b", watch=low))
    part = rows.event(rows.sighting(place, "c", watch=low), title="c")
    wrong = rows.event(rows.sighting(place, "d", watch=low), title="d")
    rows.event(rows.sighting(place, "e", watch=high), title="e")
    events.merge(event=part, into=both, by=staff.gina)
    with pytest.raises(RefusedError, match="Say whether"):
        findings.close(event=both, useful="perhaps", by=staff.gina)
    findings.close(event=both, useful="late", by=staff.gina)
    findings.refute(event=wrong, finding=FOUND, by=staff.gina)
    found = rates(cast.agency)
    assert (found[high.pk].late, found[high.pk].open) == (1, 1)
    assert (found[low.pk].late, found[low.pk].false, found[low.pk].judged) == (1, 1, 2)
    assert rates(cast.agency, ends=timezone.now() - timedelta(days=1)) == {}
    assert rates(cast.other) == {}


def test_merging_counts_posts_in_one_place_and_unmerging_gives_them_back(
    event: Event, staff: Staff, place: Source
) -> None:
    other = rows.event(rows.sighting(place, "four", author="d"), title="four")
    third = rows.event(rows.sighting(place, "five", author="e"), title="five")
    events.merge(event=third, into=other, by=staff.gina)
    events.merge(event=other, into=event, by=staff.gina)
    event.refresh_from_db()
    assert (event.size, event.authors) == (5, 5)
    with pytest.raises(RefusedError, match="one event already"):
        events.merge(event=event, into=third, by=staff.gina)
    events.unmerge(event=other, by=staff.hugo)
    event.refresh_from_db()
    other.refresh_from_db()
    assert (event.size, other.size, other.state) == (3, 2, "new")
    with pytest.raises(RefusedError, match="by itself"):
        events.unmerge(event=other, by=staff.hugo)


def test_nothing_is_put_into_a_closed_event_or_into_that_of_another_agency(
    cast: Cast, event: Event, staff: Staff, place: Source
) -> None:
    other = rows.event(rows.sighting(place, "four"), title="four")
    strange = rows.event(rows.sighting(rows.source(cast.other, cast.dan), "five"), title="five")
    findings.close(event=other, useful="false", by=staff.gina)
    for into, words in ((other, "is closed"), (strange, "one agency"), (event, "one event")):
        with pytest.raises(RefusedError, match=words):
            events.merge(event=event, into=into, by=staff.gina)
    with pytest.raises(UndeclaredMoveError):
        events.merge(event=Event.objects.get(pk=other.pk), into=event, by=staff.gina)


def test_a_post_is_split_off_with_its_copies_and_both_events_count_anew(event: Event, staff: Staff) -> None:
    first, second, third = event.sightings.order_by("pk")
    Sighting.objects.filter(pk=third.pk).update(duplicate_of=second)
    with pytest.raises(RefusedError, match="repeats another"):
        events.split(sighting=Sighting.objects.get(pk=third.pk), by=staff.gina)
    made = events.split(sighting=Sighting.objects.get(pk=second.pk), by=staff.gina)
    event.refresh_from_db()
    assert (event.size, made.size, made.state) == (1, 2, "new")
    with pytest.raises(RefusedError, match="nothing else"):
        events.split(sighting=Sighting.objects.get(pk=first.pk), by=staff.gina)


def test_a_name_a_person_gave_stays(event: Event, staff: Staff) -> None:
    with pytest.raises(RefusedError, match="what it is about"):
        events.name(event=event, title="  ", by=staff.gina)
    events.name(event=event, title="Flood on Mill Road", place="Mill Road", by=staff.gina)
    event.refresh_from_db()
    assert (event.title, event.place, event.named) == ("Flood on Mill Road", "Mill Road", True)


def test_a_review_keeps_posts_on_but_never_past_five_years(event: Event, staff: Staff) -> None:
    with pytest.raises(RefusedError, match="why the posts"):
        events.keep(event=event, reason="", by=staff.gina)
    until = events.keep(event=event, reason="Insurance cases are open", by=staff.gina)
    assert until == (timezone.now() + timedelta(days=90)).date()
    assert set(event.sightings.values_list("review_by", flat=True)) == {until}
    old = timezone.now() - timedelta(days=1800)
    event.sightings.update(seen_at=old)
    assert events.keep(event=event, reason="Still", by=staff.gina) == (old + timedelta(days=1826)).date()


@pytest.mark.parametrize(
    "act",
    [
        lambda event, by: events.take(event=event, by=by),
        lambda event, by: events.release(event=event, by=by),
        lambda event, by: events.name(event=event, title="x", by=by),
        lambda event, by: events.merge(event=event, into=event, by=by),
        lambda event, by: events.unmerge(event=event, by=by),
        lambda event, by: events.keep(event=event, reason="x", by=by),
        lambda event, by: events.split(sighting=event.sightings.all()[0], by=by),
        lambda event, by: findings.note(event=event, finding=FOUND, by=by),
        lambda event, by: findings.confirm(event=event, finding=FOUND, by=by),
        lambda event, by: findings.refute(event=event, finding=FOUND, by=by),
        lambda event, by: findings.close(event=event, useful="true", by=by),
    ],
)
def test_who_may_only_read_changes_nothing(cast: Cast, event: Event, staff: Staff, act: Callable[..., Any]) -> None:
    for person in (staff.jana, cast.bob, cast.frank, cast.dan):
        with pytest.raises(RefusedError, match="does not judge"):
            act(event, person)
    assert not AuditEvent.objects.exists()
