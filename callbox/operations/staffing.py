"""How many people the desk needs at each hour of the week, and how wrong that forecast is. Pure.

The workload method (COPS Office, "A Performance-Based Approach to Police Staffing and Allocation", 2012): count what arrives, by hour of
the week; multiply by the time one item takes; add people until enough of them are begun in time. That last step is Erlang C, the
queue M/M/c (A. K. Erlang, 1917; W. Whitt, "Engineering Solution of a Basic Call-Center Model", 2005).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

#: Hours of a week; 0 is Monday 00:00 to 01:00 in the agency's own time.
HOURS: Final = 168
#: Weeks that a forecast is made from, and the weeks after them that it is held against.
LEARNED_WEEKS: Final = 8
TESTED_WEEKS: Final = 4
#: No desk is staffed with more; a load beyond it says that the figures are wrong.
MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Standard:
    """What an agency promises. share: of the items begun within `within`.  handling: what one item takes, on average."""

    share: float = 0.8
    within: timedelta = timedelta(minutes=20)
    handling: timedelta = timedelta(minutes=8)


def hour_of_week(at: datetime, zone: ZoneInfo) -> int:
    """Return the hour of the week, 0 to 167, in which `at` lies there."""
    local = at.astimezone(zone)
    return local.weekday() * 24 + local.hour


def by_hour(times: Iterable[datetime], *, zone: ZoneInfo) -> list[int]:
    """Count `times` by hour of the week."""
    counts = [0] * HOURS
    for at in times:
        counts[hour_of_week(at, zone)] += 1
    return counts


def waits(people: int, load: float) -> float:
    """Return the chance that an item has to wait (Erlang C). load: Erlangs, items an hour x hours an item; with people <= load: 1.

    By the recursion of Erlang B, which neither overflows nor cancels: B(0) = 1, B(n) = a B(n-1) / (n + a B(n-1));
    C = B / (1 - (a/c)(1 - B)).
    """
    if load <= 0:
        return 0.0
    if people <= load:
        return 1.0
    blocked = 1.0
    for each in range(1, people + 1):
        blocked = load * blocked / (each + load * blocked)
    return blocked / (1 - load / people * (1 - blocked))


def service_level(people: int, load: float, standard: Standard) -> float:
    """Return the share of items begun within the promised time: 1 - C exp(-(c - a) t / handling); 0 where people <= load."""
    if load <= 0:
        return 1.0
    if people <= load:
        return 0.0
    return 1 - waits(people, load) * math.exp(-(people - load) * (standard.within / standard.handling))


def needed(items_an_hour: float, standard: Standard) -> int:
    """Return the fewest people with whom the promise is kept at that rate; 0 when nothing arrives.

    Raises:
        ValueError: more than `MOST`: the figures are wrong.
    """
    load = items_an_hour * (standard.handling / timedelta(hours=1))
    if load <= 0:
        return 0
    people = math.floor(load) + 1
    while people <= MOST:
        if service_level(people, load, standard) >= standard.share:
            return people
        people += 1
    raise ValueError(f"{items_an_hour:.0f} items an hour need more than {MOST} people")


def there(
    shifts: Sequence[tuple[datetime, datetime, int]], *, begins: datetime, weeks: int, zone: ZoneInfo
) -> list[float]:
    """Return how many people were there on average in each hour of the week. shifts: from, until, people.  begins: of the first week."""
    minutes = [0.0] * HOURS
    ends = begins + timedelta(weeks=weeks)
    for start, end, people in shifts:
        at, last = max(start, begins).astimezone(UTC), min(end, ends)
        while at < last:
            local = at.astimezone(zone)  # whose hours begin at half past, in some places
            passed = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
            following = min(last, at - passed + timedelta(hours=1))
            minutes[hour_of_week(at, zone)] += people * ((following - at) / timedelta(minutes=1))
            at = following
    return [
        round(each / 60 / weeks, 9) for each in minutes
    ]  # the parts of an hour that was filled make one person, not a hair less


@dataclass(frozen=True, slots=True)
class Error:
    """How wrong the forecast was. share: mean of |counted - forecast| / counted over the hours of the week in which anything arrived
    (MAPE).  hours: how many those are.  items: arrivals in the weeks tested.
    """

    share: float
    hours: int
    items: int

    @property
    def percent(self) -> float:
        """The share, of a hundred."""
        return self.share * 100


def forecast_error(times: Sequence[datetime], *, until: datetime, zone: ZoneInfo) -> Error | None:
    """Hold the mean week of eight weeks against the four that followed, up to `until`; None when either holds nothing.

    The hours of the week are compared as means of the weeks tested, because a single hour of a small agency holds one item or none.
    """
    tested = until - timedelta(weeks=TESTED_WEEKS)
    learned = tested - timedelta(weeks=LEARNED_WEEKS)
    before = by_hour((at for at in times if learned <= at < tested), zone=zone)
    after = by_hour((at for at in times if tested <= at < until), zone=zone)
    counted = [hour for hour in range(HOURS) if after[hour]]
    if not counted or not any(before):
        return None
    wrong = (
        abs(after[hour] / TESTED_WEEKS - before[hour] / LEARNED_WEEKS) / (after[hour] / TESTED_WEEKS)
        for hour in counted
    )
    return Error(sum(wrong) / len(counted), len(counted), sum(after))
