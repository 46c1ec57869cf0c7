"""What listens or waits is never purged; what ended goes after its days, with its versions, and not before what it matched."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from callbox.flows import retention
from callbox.governance.retention import purge, services
from callbox.governance.retention.keeping import Keeper
from callbox.intelligence.models import Match, Sighting, SignOff, Silence, Source, Watch, WatchVersion
from callbox.intelligence.retention import SILENCES, SOURCES, UNALLOWED, WATCHES
from callbox.intelligence.services import watches
from tests.intelligence.watches.hands import Room, allowed, said

pytestmark = pytest.mark.django_db


def _purge(keeper: Keeper, now: datetime) -> int:
    return purge.purge((keeper,), now=now)


def _ahead(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)


def test_the_four_classes_are_among_those_of_the_night() -> None:
    assert {WATCHES, UNALLOWED, SILENCES, SOURCES} <= set(retention.KEEPERS)
    order = [keeper.id for keeper in retention.KEEPERS]
    assert order.index("sightings") < order.index("watches") < order.index("sources")


def test_an_ended_watch_goes_after_five_years_with_all_of_it(room: Room) -> None:
    watch = allowed(room)
    assert _purge(WATCHES, _ahead(5000)) == 0
    watches.end(watch=watch, why="The water has gone down.", by=room.hanna)
    assert _purge(WATCHES, _ahead(1820)) == 0
    assert _purge(WATCHES, _ahead(1828)) == 1
    assert (Watch.objects.count(), WatchVersion.objects.count()) == (0, 0)


def test_a_refused_watch_goes_after_a_year_and_a_waiting_one_too(room: Room) -> None:
    for query in ('"Anna Berg" river', "protest river", "flood river"):
        watch = watches.draft(agency=room.agency, said=said(room, query), by=room.hanna)
        watches.submit(watch=watch, by=room.hanna)
        if watch.state == "stopped":
            watches.sign_off(watch=watch, lawful=True, reason="Memo 7 explains it.", by=room.ines)
    running = allowed(room)
    assert _purge(UNALLOWED, _ahead(360)) == 0
    assert _purge(UNALLOWED, _ahead(370)) == 3
    assert list(Watch.objects.all()) == [running]
    assert not SignOff.objects.exists()


def test_a_watch_stays_while_something_it_matched_is_kept(room: Room) -> None:
    watch = allowed(room)
    watches.end(watch=watch, why="The water has gone down.", by=room.hanna)
    now = timezone.now()
    sighting = Sighting.objects.create(
        agency=room.agency,
        source=room.source,
        key="k",
        pseudonym="p",
        text="x",
        at=now,
        seen_at=now,
        review_by=now.date(),
    )
    match = Match.objects.create(watch=watch, sighting=sighting, digest=watch.newest.digest, words=["x"], at=now)
    assert _purge(WATCHES, _ahead(2000)) == 0
    match.delete()
    assert _purge(WATCHES, _ahead(2000)) == 1


def test_a_hold_keeps_a_watch(room: Room) -> None:
    watch = allowed(room)
    watches.end(watch=watch, why="The water has gone down.", by=room.hanna)
    services.place_hold(
        agency=room.agency, subject=watch.subject, reason="Court order 12", reference="26-1147", by=room.bob
    )
    assert _purge(WATCHES, _ahead(2000)) == 0


def test_silences_go_when_they_are_over_and_closed_sources_when_nothing_hangs_on_them(room: Room) -> None:
    now = timezone.now()
    Silence.objects.create(source=room.source, began_at=now, noticed_at=now, ended_at=now)
    Silence.objects.create(source=room.source, began_at=now, noticed_at=now)
    assert _purge(SILENCES, _ahead(800)) == 1
    assert _purge(SOURCES, _ahead(800)) == 0
    Source.objects.update(state="closed")
    assert _purge(SOURCES, _ahead(800)) == 1
    assert (Source.objects.count(), Silence.objects.count()) == (0, 0)
