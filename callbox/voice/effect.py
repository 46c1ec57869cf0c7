"""Did a campaign's count change against its comparison? Difference in differences on a ratio scale, with its interval. Pure.

Four counts: where the messages went and where they did not, each in the span and in the same span before. The rate ratio

    (count / baseline) / (comparison count / comparison baseline)

is 1 where both places moved alike. The counts are taken as Poisson; given what each place and each span sums to, the count in the span
then follows Fisher's noncentral hypergeometric distribution, whose odds ratio is the rate ratio (Breslow and Day, Statistical Methods
in Cancer Research I, IARC 1980, section 4.2). Its exact 95 % interval inverts the two one-sided tests at 2.5 % (Cornfield, Proceedings of
the Third Berkeley Symposium, 1956, 4:135-148). Where the smaller margin exceeds `EXACT_UP_TO`, the log-normal interval with the variance
1/a + 1/b + 1/c + 1/d is used (Woolf, Annals of Human Genetics 1955, 19:251-253): there the two agree in the two digits that a page shows.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

#: The normal quantile of a two-sided 95 % interval.
Z: Final = 1.959963984540054
#: Up to this smaller margin the interval is exact; beyond, its sum would be long and its difference nothing.
EXACT_UP_TO: Final = 2000
#: Fewer cases than this before, in either place, and nothing can be said.
FEWEST: Final = 5
#: An interval that holds 1 and is wider than this, upper by lower, is compatible with a halving and with a doubling.
WIDEST: Final = 4.0


class Told(StrEnum):
    """What the numbers say. The values are those of `voice.Campaign.Result`."""

    EFFECT = "effect"
    NONE = "none"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class Counts:
    """The four counts of a campaign, of events in spans of one length. comparison: the place or group without the messages."""

    baseline: int
    count: int
    comparison_baseline: int
    comparison_count: int

    def __post_init__(self) -> None:
        if min(self.baseline, self.count, self.comparison_baseline, self.comparison_count) < 0:
            raise ValueError("a count is never below zero")


@dataclass(frozen=True, slots=True)
class Effect:
    """What came of a campaign.

    ratio: the rate ratio, None where it cannot be computed.  lower, upper: its 95 % interval; upper may be infinite.
    expected: the count that the comparison would have led one to expect, None without a comparison baseline.
    """

    told: Told
    ratio: float | None
    lower: float
    upper: float
    expected: float | None
    exact: bool


def judge(counts: Counts) -> Effect:
    """Judge a campaign by its four counts.

    `effect` needs an interval without 1; `none` an interval with 1 that is narrow enough to rule something out; the rest cannot be told,
    and so can nothing that rests on fewer than `FEWEST` cases before.
    """
    lower, upper, exact = interval(counts)
    thin = min(counts.baseline, counts.comparison_baseline) < FEWEST
    if thin:
        told = Told.UNTOLD
    elif lower > 1 or upper < 1:
        told = Told.EFFECT
    else:
        told = Told.NONE if upper <= WIDEST * lower else Told.UNTOLD
    return Effect(told, ratio(counts), lower, upper, expected(counts), exact)


def expected(counts: Counts) -> float | None:
    """Return the count to be expected had the place moved as its comparison did, None without a comparison baseline."""
    if not counts.comparison_baseline:
        return None
    return counts.baseline * counts.comparison_count / counts.comparison_baseline


def ratio(counts: Counts) -> float | None:
    """Return the rate ratio; None where a zero stands in its denominator."""
    below = counts.baseline * counts.comparison_count
    return counts.count * counts.comparison_baseline / below if below else None


def interval(counts: Counts) -> tuple[float, float, bool]:
    """Return the 95 % interval of the rate ratio and whether it is exact; (0, infinity) where the counts say nothing."""
    before = counts.baseline + counts.comparison_baseline
    within = counts.count + counts.comparison_count
    here = counts.baseline + counts.count
    there = counts.comparison_baseline + counts.comparison_count
    if min(before, within, here, there) > EXACT_UP_TO:
        return (*_log_normal(counts), False)
    return (*_exact(counts.count, here=here, there=there, within=within), True)


def _log_normal(counts: Counts) -> tuple[float, float]:
    parts: list[float] = [counts.baseline, counts.count, counts.comparison_baseline, counts.comparison_count]
    if 0 in parts:
        parts = [part + 0.5 for part in parts]  # half a case a cell (Haldane 1956, Anscombe 1956)
    middle = parts[1] * parts[2] / (parts[0] * parts[3])
    spread = Z * math.sqrt(sum(1 / part for part in parts))
    return middle * math.exp(-spread), middle * math.exp(spread)


def _exact(count: int, *, here: int, there: int, within: int) -> tuple[float, float]:
    """Return the exact conditional interval.

    count: events here in the span.  here, there: all events of each place, before and in the span.  within: all in the span.
    """
    least, most = max(0, within - there), min(here, within)
    if least == most:
        return 0.0, math.inf
    weights = [
        -(_factorial(k) + _factorial(here - k) + _factorial(within - k) + _factorial(there - within + k))
        for k in range(least, most + 1)
    ]

    def at_least(theta: float) -> float:
        return _tail(weights, theta, count - least, upper=True)

    def at_most(theta: float) -> float:
        return _tail(weights, theta, count - least, upper=False)

    tail = 0.025
    lower = 0.0 if count == least else math.exp(_root(lambda theta: at_least(theta) - tail))
    upper = math.inf if count == most else math.exp(_root(lambda theta: tail - at_most(theta)))
    return lower, upper


def _factorial(n: int) -> float:
    """Return the logarithm of n!."""
    return math.lgamma(n + 1)


def _tail(weights: list[float], theta: float, place: int, *, upper: bool) -> float:
    """Return the probability of `place` and everything above (or below) it at the log odds ratio `theta`."""
    logs = [weight + step * theta for step, weight in enumerate(weights)]
    top = max(logs)
    masses = [math.exp(value - top) for value in logs]
    return math.fsum(masses[place:] if upper else masses[: place + 1]) / math.fsum(masses)


def _root(rising: Callable[[float], float]) -> float:
    """Return where a rising function of the log odds ratio is zero, by halving, to eleven digits of the ratio."""
    low, high = -1.0, 1.0
    while rising(low) > 0:
        low *= 2
    while rising(high) < 0:
        high *= 2
    while high - low > 1e-11:
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2
