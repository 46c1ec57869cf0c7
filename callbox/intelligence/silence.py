"""Whether a source is silent that should be speaking. Pure.

Two signs. No sign of life: a stream gives one every fifteen seconds, four in a row may be missing. Too few posts: how many usually pass
in this hour of the week is learned, and what passed now is held against it as a count of Poisson is. Posts come in bursts, which Poisson
knows nothing of; so besides being all but impossible by chance it must be less than a quarter of what is usual.

Sources: exact lower tail of the Poisson distribution, F. Garwood, Fiducial limits for the Poisson distribution, Biometrika 28 (1936);
counts against limits over time, the c-chart of W. A. Shewhart (ISO 7870-2).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

#: A stream's promise, and how many of its signs may be missing.
SIGN: Final = timedelta(seconds=15)
MISSING: Final = 4
LIFE: Final = SIGN * MISSING
#: Chance at which a low count is believed to be no chance. Every source is judged four times a minute: that many looks must stay quiet.
CHANCE: Final = 1e-6
SHARE: Final = 0.25
#: Below this span volume is not judged: a coffee break is no outage.
SHORTEST: Final = timedelta(minutes=10)
#: Weeks that an hour of the week must have been heard for before it counts, and days for the hour of the day in its place.
WEEKS: Final = 2
DAYS: Final = 3
#: An average reaches back about so many weeks.
MEMORY: Final = 8
#: Part of an hour that must have been listened to before it teaches anything.
COVERED: Final = 0.8
#: How far back what is missing is summed up.
_FURTHEST: Final = timedelta(hours=48)
_HOUR: Final = timedelta(hours=1)
#: Expected counts above this need no sum: a quarter of them is beyond every chance.
_LARGE: Final = 500.0

#: Hour of the week in UTC, "0" (Monday, midnight) to "167" -> how many posts usually pass in it, and in how many weeks it was heard.
type Hours = Mapping[str, tuple[float, int]]


@dataclass(frozen=True, slots=True)
class Pulse:
    """What is known of a source. since: when listening to it became due.  heard_at, post_at: last sign of life, last post; None: never.

    passed, seconds: posts in the hour under way, and how much of it was listened to.
    """

    since: datetime
    heard_at: datetime | None = None
    post_at: datetime | None = None
    hours: Hours = field(default_factory=dict)
    passed: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """silent: None where it is too early in the hour to tell.  began_at: of the silence.  expected: posts in it by what is usual, None
    where not even a sign of life came.  heard: posts in it.
    """

    silent: bool | None
    began_at: datetime
    expected: float | None = None
    heard: int = 0


def judge(pulse: Pulse, now: datetime) -> Judgement:
    """Return whether the source is silent at the moment `now`."""
    last = max(pulse.heard_at or pulse.since, pulse.since)
    if now - last > LIFE:
        return Judgement(silent=True, began_at=last)
    began = max(pulse.post_at or pulse.since, pulse.since)
    missing = expected_between(pulse.hours, began, now)
    if missing is not None and now - began >= SHORTEST and is_low(0, missing):
        return Judgement(silent=True, began_at=began, expected=missing)
    usual = usual_in(pulse.hours, hour_of_week(now))
    if usual is None:
        return Judgement(silent=False, began_at=now)
    if pulse.seconds < SHORTEST.total_seconds():
        return Judgement(silent=None, began_at=now)
    expected = usual * pulse.seconds / _HOUR.total_seconds()
    began = now - timedelta(seconds=pulse.seconds)
    return Judgement(silent=is_low(pulse.passed, expected), began_at=began, expected=expected, heard=pulse.passed)


def learned(hours: Hours, hour: int, *, passed: int, seconds: float) -> dict[str, tuple[float, int]]:
    """Return what is usual, one hour of the week wiser; as before where too little of it was listened to."""
    known = {name: (mean, weeks) for name, (mean, weeks) in hours.items()}
    if seconds < COVERED * _HOUR.total_seconds():
        return known
    count = passed * _HOUR.total_seconds() / seconds
    mean, weeks = known.get(str(hour), (0.0, 0))
    known[str(hour)] = (round(mean + (count - mean) / min(weeks + 1, MEMORY), 3), weeks + 1)
    return known


def usual_in(hours: Hours, hour: int) -> float | None:
    """Return how many posts usually pass in an hour of the week; None when it was not heard often enough, nor that hour of other days."""
    mean, weeks = hours.get(str(hour), (0.0, 0))
    if weeks >= WEEKS:
        return mean
    same = [hours[name] for day in range(7) if (name := str(day * 24 + hour % 24)) in hours]
    if sum(weeks for _mean, weeks in same) < DAYS:
        return None
    return sum(mean for mean, _weeks in same) / len(same)


def expected_between(hours: Hours, began: datetime, ended: datetime) -> float | None:
    """Return how many posts usually pass between two moments, at most two days apart; None when one of their hours is not known."""
    at, total = max(began, ended - _FURTHEST), 0.0
    while at < ended:
        until = min(ended, at.replace(minute=0, second=0, microsecond=0) + _HOUR)
        usual = usual_in(hours, hour_of_week(at))
        if usual is None:
            return None
        total += usual * ((until - at) / _HOUR)
        at = until
    return total


def is_low(count: int, expected: float) -> bool:
    """Whether so few are all but impossible where `expected` are usual, and less than a quarter of them."""
    if count >= SHARE * expected:
        return False
    return expected > _LARGE or lower_tail(count, expected) < CHANCE


def lower_tail(count: int, expected: float) -> float:
    """Return the chance of `count` or fewer, by Poisson. expected: above nought, at most some hundreds."""
    return math.fsum(
        math.exp(number * math.log(expected) - expected - math.lgamma(number + 1)) for number in range(count + 1)
    )


def hour_of_week(at: datetime) -> int:
    """Return 0 (Monday, midnight UTC) to 167."""
    at = at.astimezone(UTC)
    return at.weekday() * 24 + at.hour
