"""How an event grows: its posts by the hour of the last day, as a small picture drawn on the server, with the same as a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db.models import Count
from django.db.models.functions import TruncHour

from callbox.intelligence.models import Event, Sighting

HOURS: Final = 24
#: Pixels of the picture: one bar, the gap after it, the highest bar.
BAR, GAP, HEIGHT = 5, 2, 26
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour. at: its beginning; count: posts; x, y, width, height: of its bar, pixels from the top left."""

    at: datetime
    count: int
    x: int
    y: float
    height: float
    width: int = BAR


@dataclass(frozen=True, slots=True)
class Growth:
    """The hours of one event, oldest first."""

    bars: tuple[Bar, ...]

    @property
    def width(self) -> int:
        """Of the picture."""
        return HOURS * (BAR + GAP)

    @property
    def height(self) -> int:
        """Of the picture."""
        return HEIGHT

    @property
    def total(self) -> int:
        """Posts of the day."""
        return sum(bar.count for bar in self.bars)

    @property
    def most(self) -> int:
        """Posts of the fullest hour."""
        return max(bar.count for bar in self.bars)


def growth_of(events: Iterable[Event], *, now: datetime) -> dict[int, Growth]:
    """Return the growth of each event over the last day by its number, posts of events that were put into it included."""
    shown = {event.pk for event in events}
    homes = {pk: pk for pk in shown}
    ahead = shown
    while ahead:
        below = dict(Event.objects.filter(merged_into__in=ahead).values_list("pk", "merged_into"))
        homes |= {pk: homes[above] for pk, above in below.items() if above is not None}
        ahead = set(below)
    end = now.replace(minute=0, second=0, microsecond=0)
    begin = end - (HOURS - 1) * _HOUR
    counts: dict[tuple[int, datetime], int] = {}
    rows = Sighting.objects.filter(event__in=homes, at__gte=begin, at__lte=now).order_by()
    by_hour = rows.annotate(hour=TruncHour("at", tzinfo=UTC)).values_list("event", "hour")
    for event, hour, count in by_hour.annotate(n=Count("pk")):
        key = (homes[event or 0], hour)
        counts[key] = counts.get(key, 0) + count
    hours = [begin + number * _HOUR for number in range(HOURS)]
    return {pk: drawn([(hour, counts.get((pk, hour), 0)) for hour in hours]) for pk in shown}


def drawn(hours: list[tuple[datetime, int]]) -> Growth:
    """Return the bars of some hours, the fullest as high as the picture; an hour without a post has a line of its own."""
    most = max((count for _at, count in hours), default=0) or 1
    bars = []
    for number, (at, count) in enumerate(hours):
        height = max(round(HEIGHT * count / most, 1), 1.0)
        bars.append(Bar(at, count, number * (BAR + GAP), HEIGHT - height, height))
    return Growth(tuple(bars))
