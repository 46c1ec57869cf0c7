"""Where a goal stands between its baseline and its target. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

#: The shortest and the longest time between two looks, in days; the longest is the re-evaluation of IACP's model policy (2010).
SHORTEST, LONGEST = 7, 365
#: How long before its day a look is announced.
SOON: Final = timedelta(days=14)


class Standing(StrEnum):
    """Where a goal stands by its newest figure."""

    NOT_LOOKED = "not-looked"
    REACHED = "reached"
    ON_THE_WAY = "on-the-way"
    NOT_MOVED = "not-moved"
    AWAY = "away"


class Look(StrEnum):
    """When a goal is to be looked at next."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"


def share(baseline: Decimal, target: Decimal, value: Decimal) -> Decimal:
    """Return the share of the way from baseline to target at which `value` stands.

    0 at the start, 1 at the target, below 0 on the wrong side of the start.

    Raises:
        ValueError: the target is the baseline: there is no way to go.
    """
    if target == baseline:
        raise ValueError("a goal needs a target that is not its baseline")
    return (value - baseline) / (target - baseline)


def standing(baseline: Decimal, target: Decimal, value: Decimal | None) -> Standing:
    """Return where a goal stands by the newest figure found, None before the first look."""
    if value is None:
        return Standing.NOT_LOOKED
    way = share(baseline, target, value)
    if way >= 1:
        return Standing.REACHED
    if way == 0:
        return Standing.NOT_MOVED
    return Standing.ON_THE_WAY if way > 0 else Standing.AWAY


def look(review_on: date, today: date) -> Look:
    """Return when the next look is: the day itself counts as soon, the day after as overdue."""
    if review_on < today:
        return Look.OVERDUE
    return Look.SOON if review_on <= today + SOON else Look.LATER


def next_look(*, looked_on: date, every: int) -> date:
    """Return the day of the look that follows one on `looked_on`; every: days."""
    return looked_on + timedelta(days=every)
