"""How long a stream that broke off is left alone."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event

import pytest

from callbox.intelligence.models import Watch
from callbox.networks.stream import StreamError
from tests.intelligence.pipeline.conftest import place, watch
from tests.intelligence.pipeline.place import Place
from tests.intelligence.pipeline.scripted import Scripted

__all__ = ["place", "watch"]

pytestmark = pytest.mark.django_db


class _Counting(Event):
    """Waits for nothing, notes how long it should have waited, and stops after `most`."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.waits: list[float] = []
        self._most = most

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0.0)
        return len(self.waits) > self._most


def _waits(place: Place, asked: Sequence[float]) -> list[float]:
    stop = _Counting(len(asked))
    place.listener(Scripted([StreamError("busy", after=after) for after in asked], stays=False)).run(stop)
    return stop.waits


def test_of_our_own_accord_we_wait_twice_as_long_each_time_up_to_two_minutes(place: Place, watch: Watch) -> None:
    assert _waits(place, [5.0] * 7) == [0.0, 5.0, 10.0, 20.0, 40.0, 80.0, 120.0, 120.0]


def test_a_server_that_asks_for_an_hour_gets_an_hour_and_one_that_asks_for_a_month_a_day(
    place: Place, watch: Watch
) -> None:
    assert _waits(place, [3600.0, 5.0, 2_600_000.0]) == [0.0, 3600.0, 120.0, 86_400.0]
