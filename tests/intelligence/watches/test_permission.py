"""The pipeline's one question says no wherever anything is not as it was allowed (T-100, T-101, T-68)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from callbox.governance.models import Approval
from callbox.intelligence.models import SignOff, Source, Watch
from callbox.intelligence.services import permission, watches
from tests.intelligence.watches.hands import Room, add_source, allowed, said

pytestmark = pytest.mark.django_db

_HOUR = timedelta(hours=1)

#: What somebody changes behind the services' back, and why the watch then may not listen.
_CHANGES: dict[str, tuple[Callable[[Watch], object], str]] = {
    "the query": (lambda watch: watch.versions.update(query="everything"), "watch_altered"),
    "the purpose": (lambda watch: watch.versions.update(purpose="Something else"), "watch_altered"),
    "the basis": (lambda watch: watch.versions.update(basis="crime"), "watch_altered"),
    "the area": (lambda watch: watch.versions.update(area="The whole country"), "watch_altered"),
    "the number": (lambda watch: watch.versions.update(reference="1"), "watch_altered"),
    "the languages": (lambda watch: watch.versions.update(languages=["ar"]), "watch_altered"),
    "the end": (lambda watch: watch.versions.update(ends=timezone.now() + timedelta(days=900)), "watch_altered"),
    "the findings": (lambda watch: watch.versions.update(findings=[{"demand": "none"}]), "watch_altered"),
    "the digest": (lambda watch: watch.versions.update(digest="0" * 64), "watch_altered"),
    "the state": (lambda watch: Watch.objects.filter(pk=watch.pk).update(state="submitted"), "watch_not_allowed"),
    "the approval is gone": (lambda _watch: Approval.objects.all().delete(), "watch_unapproved"),
    "it is voided": (lambda _watch: Approval.objects.update(voided_at=timezone.now()), "watch_unapproved"),
    "it is for other words": (lambda _watch: Approval.objects.update(digest="0" * 64), "watch_unapproved"),
    "it is of another rule": (lambda _watch: Approval.objects.update(rule="own-answer"), "watch_unapproved"),
    "it is the author's": (lambda watch: Approval.objects.update(by=watch.by), "watch_unapproved"),
    "the source is closed": (lambda _watch: Source.objects.update(state="closed"), "watch_no_source"),
    "its terms are due": (lambda _watch: Source.objects.update(rights_until=timezone.now().date()), "watch_no_source"),
}


@pytest.mark.parametrize("change", _CHANGES)
def test_whatever_is_changed_behind_its_back_stops_it(room: Room, change: str) -> None:
    watch = allowed(room)
    act, code = _CHANGES[change]
    act(watch)
    watch.refresh_from_db()
    assert watches.permits(watch, timezone.now()) is None
    assert watches.permissions(room.source, timezone.now()) == []
    assert code in {reason.code for reason in permission.obstacles(watch, timezone.now())}


def test_a_version_added_behind_its_back_is_not_allowed(room: Room) -> None:
    watch = allowed(room)
    version = watch.newest
    version.pk, version.number, version.query = None, 2, "flood"
    version.digest = permission.digest_of(version)
    version.save(force_insert=True)
    assert watches.permits(watch, timezone.now()) is None


def test_it_listens_from_its_first_to_its_last_hour_and_not_a_moment_longer(room: Room) -> None:
    start = timezone.now() + _HOUR
    watch = allowed(room, starts=start, ends=start + _HOUR)
    moment = timedelta(microseconds=1)
    heard = [
        watches.permits(watch, at) is not None for at in (start - moment, start, start + _HOUR - moment, start + _HOUR)
    ]
    assert heard == [False, True, True, False]
    lists = [len(watches.permissions(room.source, at)) for at in (start - moment, start, start + _HOUR)]
    assert lists == [0, 1, 0]


def test_the_copied_hours_of_the_row_do_not_count(room: Room) -> None:
    watch = allowed(room)
    far = timezone.now() + timedelta(days=40)
    Watch.objects.filter(pk=watch.pk).update(ends=far + _HOUR)
    watch.refresh_from_db()
    assert watches.permits(watch, far) is None


def test_a_signature_taken_back_stops_it(room: Room) -> None:
    watch = watches.draft(agency=room.agency, said=said(room, "flood OR protest"), by=room.hanna)
    watches.submit(watch=watch, by=room.hanna)
    watches.sign_off(watch=watch, lawful=True, reason="Memo 7 explains it.", by=room.ines)
    watches.allow(watch=watch, by=room.viktor)
    assert watches.permits(watch, timezone.now()) is not None
    SignOff.objects.create(
        watch=watch, digest=watch.newest.digest, lawful=False, reason="Memo 8.", by=room.ines, at=timezone.now()
    )
    assert watches.permits(watch, timezone.now()) is None


def test_words_that_become_protected_stop_a_running_watch(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = allowed(room, "flood river")
    monkeypatch.setattr(permission, "_asks_today", lambda query, *_beside: query == "flood river")
    assert watches.permits(watch, timezone.now()) is None
    assert [reason.code for reason in permission.obstacles(watch, timezone.now())] == ["watch_unsigned"]


def test_each_source_gives_only_its_own_watches_and_only_while_it_is_open(room: Room) -> None:
    other = add_source(room.agency, room.hanna, "wss://other.example/subscribe")
    here, both = allowed(room), allowed(room, sources=[room.source, other])
    now = timezone.now()
    assert [p.watch for p in watches.permissions(room.source, now)] == [here.pk, both.pk]
    assert [p.watch for p in watches.permissions(other, now)] == [both.pk]
    Source.objects.filter(pk=other.pk).update(state="closed")
    assert watches.permissions(other, now) == []
    left = watches.permits(both, now)
    assert left is not None
    assert left.sources == {room.source.pk}


def test_a_hundred_watches_take_as_many_questions_as_one(room: Room) -> None:
    allowed(room)
    with CaptureQueriesContext(connection) as one:
        assert len(watches.permissions(room.source, timezone.now())) == 1
    for number in range(20):
        allowed(room, f"flood street{number}")
    with CaptureQueriesContext(connection) as many:
        assert len(watches.permissions(room.source, timezone.now())) == 21
    assert len(many) == len(one)
