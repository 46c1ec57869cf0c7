"""Signs of life as they are written down, and the alarm from noticing to its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail

from callbox.governance.models import AuditEvent
from callbox.intelligence.models import Silence, Source
from callbox.intelligence.services import heartbeat, sources
from callbox.networks.stream import Heard
from tests.intelligence.watches.hands import Room, allowed, make_room
from tests.people import Cast

pytestmark = pytest.mark.django_db

#: A Monday, ten o'clock.
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ALIVE = Heard((), "1")


class _Clock:
    """The test's time; `heartbeat` writes at each of its ticks."""

    def __init__(self, traveller: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self._traveller = traveller
        monkeypatch.setattr(heartbeat, "EVERY", 0.0)

    def go(self, **span: float) -> datetime:
        self._traveller.shift(timedelta(**span))
        return datetime.now(UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Clock]:
    with time_machine.travel(NOW, tick=False) as traveller:
        heartbeat._waiting.clear()
        yield _Clock(traveller, monkeypatch)


@pytest.fixture
def room(clock: _Clock, cast: Cast) -> Room:
    """People, a source, and a watch that listens there."""
    room = make_room(cast)
    allowed(room)
    heartbeat.watch_over()
    return room


def _silences(source: Source) -> list[Silence]:
    return list(source.silences.order_by("pk"))


def _actions(source: Source) -> list[str]:
    return list(
        AuditEvent.objects.filter(target=f"source:{source.pk}", by_name=heartbeat.LISTENER)
        .order_by("pk")
        .values_list("action", flat=True)
    )


def test_a_sign_of_life_is_written_with_when_a_post_last_passed(room: Room, clock: _Clock) -> None:
    heartbeat.heard(room.source, Heard((), "1", passed=3))
    clock.go(seconds=10)
    heartbeat.heard(room.source, ALIVE)
    room.source.refresh_from_db()
    assert room.source.heard_at == NOW + timedelta(seconds=10)
    assert room.source.post_at == NOW
    assert room.source.hours["open"] == [int(NOW.timestamp()) // 3600, 3, 10.0]


def test_posts_are_counted_in_memory_between_two_writes(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    heartbeat.heard(room.source, Heard((), "1", passed=1))
    monkeypatch.setattr(heartbeat, "EVERY", 3600.0)
    for _ in range(50):
        heartbeat.heard(room.source, Heard((), "1", passed=2))
    room.source.refresh_from_db()
    assert room.source.hours["open"][1] == 1
    monkeypatch.setattr(heartbeat, "EVERY", 0.0)
    heartbeat.heard(room.source, ALIVE)
    room.source.refresh_from_db()
    assert room.source.hours["open"][1] == 101


def test_trouble_is_kept_until_the_next_sign_of_life(room: Room) -> None:
    heartbeat.failed(room.source, "it answered 503\x00" + "x" * 900)
    room.source.refresh_from_db()
    assert room.source.trouble.startswith("it answered 503x")
    heartbeat.heard(room.source, ALIVE)
    room.source.refresh_from_db()
    assert room.source.trouble == ""


def test_a_source_without_a_sign_of_life_opens_a_silence_once_and_somebody_is_told(room: Room, clock: _Clock) -> None:
    heartbeat.heard(room.source, ALIVE)
    clock.go(seconds=59)
    assert heartbeat.watch_over() == 0
    clock.go(seconds=2)
    assert heartbeat.watch_over() == 1
    assert heartbeat.watch_over() == 0
    [found] = _silences(room.source)
    assert (found.began_at, found.ended_at, found.expected) == (NOW, None, None)
    assert _actions(room.source) == ["source.silent"]
    assert {to for each in mail.outbox for to in each.to} == {room.hanna.email, "erin@harbour.example"}
    assert room.source.title in mail.outbox[0].body


def test_a_silence_ends_with_the_next_sign_of_life(room: Room, clock: _Clock) -> None:
    heartbeat.heard(room.source, ALIVE)
    clock.go(minutes=5)
    heartbeat.watch_over()
    ended = clock.go(minutes=5)
    heartbeat.heard(room.source, ALIVE)
    heartbeat.watch_over()
    [found] = _silences(room.source)
    assert found.ended_at == ended
    assert _actions(room.source) == ["source.silent", "source.speaks-again"]


def test_a_source_that_comes_and_goes_is_told_of_once_an_hour(room: Room, clock: _Clock) -> None:
    for _ in range(5):
        heartbeat.heard(room.source, ALIVE)
        heartbeat.watch_over()
        clock.go(minutes=3)
        heartbeat.watch_over()
    assert len(_silences(room.source)) == 5
    assert len(mail.outbox) == 2
    clock.go(hours=2)
    heartbeat.heard(room.source, ALIVE)
    heartbeat.watch_over()
    clock.go(minutes=3)
    heartbeat.watch_over()
    assert len(mail.outbox) == 4


def test_a_pause_that_nobody_noticed_is_a_gap_all_the_same(room: Room, clock: _Clock) -> None:
    heartbeat.heard(room.source, ALIVE)
    back = clock.go(minutes=20)  # no worker ran at all
    heartbeat.heard(room.source, ALIVE)
    [found] = _silences(room.source)
    assert (found.began_at, found.ended_at) == (NOW, back)
    assert _actions(room.source) == ["source.gap"]
    assert heartbeat.watch_over() == 0


def test_what_the_server_no_longer_shows_is_a_gap(room: Room, clock: _Clock) -> None:
    heartbeat.heard(room.source, ALIVE)
    back = clock.go(seconds=20)
    heartbeat.heard(room.source, Heard((), "9", missed=True))
    [found] = _silences(room.source)
    assert (found.began_at, found.ended_at) == (NOW, back)


def test_far_fewer_posts_than_usual_open_a_silence_that_says_how_many_were_expected(room: Room, clock: _Clock) -> None:
    _usually(room.source, 600.0)
    for _ in range(31):
        clock.go(minutes=1)
        heartbeat.heard(room.source, ALIVE)
        heartbeat.watch_over()
    [found] = _silences(room.source)
    assert found.expected is not None
    assert found.expected >= 100
    assert found.heard == 0
    for _ in range(11):
        clock.go(minutes=1)
        heartbeat.heard(room.source, Heard((), "2", passed=40))
        heartbeat.watch_over()
    [found] = _silences(room.source)
    assert found.ended_at is not None


def test_a_usual_morning_opens_none_and_teaches_its_hours(room: Room, clock: _Clock) -> None:
    _usually(room.source, 600.0)
    for _ in range(130):
        clock.go(minutes=1)
        heartbeat.heard(room.source, Heard((), "2", passed=10))
        heartbeat.watch_over()
    assert _silences(room.source) == []
    room.source.refresh_from_db()
    mean, weeks = room.source.hours["11"]
    assert weeks == 5
    assert mean == pytest.approx(600, abs=15)


def test_an_hour_with_a_silence_teaches_nothing(room: Room, clock: _Clock) -> None:
    for minute in range(65):
        clock.go(minutes=1)
        if minute == 20:
            clock.go(minutes=3)
        heartbeat.heard(room.source, Heard((), "2", passed=10))
    room.source.refresh_from_db()
    assert len(_silences(room.source)) == 1
    assert "10" not in room.source.hours


def test_a_source_nobody_may_listen_to_is_never_silent(room: Room, clock: _Clock) -> None:
    heartbeat.heard(room.source, ALIVE)
    clock.go(minutes=5)
    heartbeat.watch_over()
    sources.close(source=room.source, by=room.hanna)
    ended = clock.go(minutes=1)
    assert heartbeat.watch_over() == 0
    [found] = _silences(room.source)
    assert found.ended_at == ended
    clock.go(days=2)
    sources.reopen(source=room.source, by=room.hanna)
    heartbeat.watch_over()
    heartbeat.heard(room.source, ALIVE)  # the days in between were nobody's to listen
    assert len(_silences(room.source)) == 1


def test_an_address_that_takes_no_letter_stops_no_other(
    room: Room, clock: _Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def send(_subject: str, _words: str, _sender: None, to: list[str]) -> int:
        told.append(to[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(heartbeat, "send_mail", send)
    clock.go(minutes=5)
    assert heartbeat.watch_over() == 1
    assert len(told) == 2


def _usually(source: Source, mean: float) -> None:
    source.refresh_from_db()
    source.hours = {**source.hours, **{str(hour): [mean, 4] for hour in range(168)}}
    source.post_at = NOW
    source.save()
