"""The measure: every number Callbox shows, with what is needed to believe it.

Statistics after section 7.2 of the maturity model (docs/maturity.md, "How a figure is judged").
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Any

from callbox.core.text import Reason

#: One-sided 95 % normal quantile, as written in the model.
Z = 1.645
#: A rate is judged from this many items on.
MINIMUM_SAMPLE = 30
#: Incidents are counted completely but are few; a rate of incidents needs this many.
MINIMUM_INCIDENTS = 5


class Statistic(StrEnum):
    """How a figure is compared with a threshold (model rule 1)."""

    CENSUS = "census"
    SAMPLE = "sample"
    TIME = "time"
    ZERO = "zero"


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time, `begins` included, `ends` included (the last post often is the end of the record)."""

    begins: datetime
    ends: datetime

    def __post_init__(self) -> None:
        """Refuse times without a zone and windows that end before they begin."""
        if self.begins.tzinfo is None or self.ends.tzinfo is None:
            raise ValueError("a window needs times with a zone")
        if self.ends < self.begins:
            raise ValueError("a window cannot end before it begins")

    @classmethod
    def trailing(cls, as_of: datetime, *, days: int = 90) -> Window:
        """Return the window of `days` days that ends at `as_of`."""
        return cls(as_of - timedelta(days=days), as_of)

    @property
    def days(self) -> float:
        """Length in days."""
        return (self.ends - self.begins) / timedelta(days=1)

    def before(self) -> Window:
        """Return the window of the same length that ends where this one begins."""
        return Window(self.begins - (self.ends - self.begins), self.begins)


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure.

    name: its entry in the catalogue (`callbox.maturity.model.catalogue`).
    value: the figure as people read it: a share from 0 to 1, minutes, posts a week, days; None when not shown.
    bound: what a threshold is compared with: the value itself (census, zero), the lower Wilson bound (sample), the upper bound of
        the median (time; infinity where the unanswered reach that far); None when the record cannot tell or n is too small.
    n: items counted.  unit: `share`, `minutes`, `days`, `per week`, `count`.
    tables: the ledger tables it read.  reason: why `bound` (and perhaps `value`) is missing.
    beside: figures shown beside it and never scored (p90, main channel, ...): plain JSON values.
    """

    __pydantic_config__ = {"ser_json_inf_nan": "strings"}  # read by callbox.core.plain

    name: str
    statistic: Statistic
    window: Window
    unit: str
    tables: tuple[str, ...]
    n: int = 0
    value: float | None = None
    bound: float | None = None
    reason: Reason | None = None
    beside: Mapping[str, Any] = field(default_factory=dict)

    @property
    def shown(self) -> bool:
        """Whether a threshold may be compared with this figure."""
        return self.bound is not None


def wilson_lower(successes: int, n: int, *, z: float = Z) -> float:
    """Return the one-sided lower Wilson score bound of a share (Wilson 1927).

    Raises:
        ValueError: n is not positive, or successes lie outside 0..n.
    """
    if n <= 0 or not 0 <= successes <= n:
        raise ValueError(f"no share of {successes} in {n}")
    share = successes / n
    centre = share + z * z / (2 * n)
    spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, (centre - spread) / (1 + z * z / n))


def wilson_interval(successes: int, n: int) -> tuple[float, float]:
    """Return the two-sided 90 % Wilson interval, whose lower end is the bound that thresholds are compared with."""
    return wilson_lower(successes, n), 1.0 - wilson_lower(n - successes, n)


def census(
    name: str,
    window: Window,
    value: float,
    *,
    unit: str,
    tables: tuple[str, ...],
    n: int,
    beside: Mapping[str, Any] | None = None,
) -> Measure:
    """Return a complete count: the plain value is compared with thresholds, without a smallest n (model rule 1)."""
    return Measure(name, Statistic.CENSUS, window, unit, tables, n=n, value=value, bound=value, beside=beside or {})


def sample(
    name: str,
    window: Window,
    successes: int,
    n: int,
    *,
    tables: tuple[str, ...],
    beside: Mapping[str, Any] | None = None,
) -> Measure:
    """Return a share: its lower Wilson bound is compared with thresholds, from `MINIMUM_SAMPLE` items on (model rule 1).

    `beside` gains `successes`, `low` and `high` (`wilson_interval`).

    Raises:
        ValueError: n is not positive, or successes lie outside 0..n.
    """
    low, high = wilson_interval(successes, n)
    enough = n >= MINIMUM_SAMPLE
    return Measure(
        name,
        Statistic.SAMPLE,
        window,
        "share",
        tables,
        n=n,
        value=successes / n,
        bound=low if enough else None,
        reason=None if enough else Reason("n_too_small", {"n": n, "needed": MINIMUM_SAMPLE}),
        beside={"successes": successes, "low": low, "high": high, **(beside or {})},
    )


def timed(
    name: str,
    window: Window,
    minutes: Sequence[float],
    *,
    tables: tuple[str, ...],
    beside: Mapping[str, Any] | None = None,
) -> Measure:
    """Return the median of sorted minutes, at least one; infinity stands for what has not come yet. Judged by its upper bound."""
    bound = median_upper(minutes)
    p90 = minutes[math.ceil(0.9 * len(minutes)) - 1]
    return Measure(
        name,
        Statistic.TIME,
        window,
        "minutes",
        tables,
        n=len(minutes),
        value=median(minutes),
        bound=bound,
        reason=Reason("n_too_small", {"n": len(minutes), "needed": 5}) if bound is None else None,
        beside={"p90": p90, "unanswered": minutes.count(math.inf), **(beside or {})},
    )


def hidden(
    name: str,
    statistic: Statistic,
    window: Window,
    reason: Reason,
    *,
    unit: str,
    tables: tuple[str, ...],
    beside: Mapping[str, Any] | None = None,
) -> Measure:
    """Return a figure that the record cannot tell, with the reason."""
    return Measure(name, statistic, window, unit, tables, reason=reason, beside=beside or {})


def median_upper_rank(n: int, *, confidence: float = 0.95) -> int | None:
    """Return the rank r (from 1) of the order statistic that bounds the median from above, or None when n is too small.

    The r-th smallest of n lies at or above the median with probability P(Binomial(n, 1/2) <= r - 1); the smallest r that reaches
    `confidence` is returned (Conover, Practical Nonparametric Statistics, 3.2). With 95 % that needs n >= 5.
    """
    # The chance of missing is the upper tail from r on. Terms that no float can hold (far from the middle) add nothing to it.
    spread = 20 * math.sqrt(n)
    tail = 0.0
    for r in range(min(n, math.floor(n / 2 + spread)), 0, -1):
        tail += math.exp(math.lgamma(n + 1) - math.lgamma(r + 1) - math.lgamma(n - r + 1) - n * math.log(2))
        if tail > 1 - confidence:
            return r + 1 if r < n else None
    return None


def median_upper(values: Sequence[float]) -> float | None:
    """Return the one-sided 95 % upper bound of the median; unanswered items enter as infinity. None when there are too few."""
    rank = median_upper_rank(len(values))
    return None if rank is None else sorted(values)[rank - 1]
