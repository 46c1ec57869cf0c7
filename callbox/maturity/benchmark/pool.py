"""The pool: contributions merged in any order, and what may be shown of them."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from callbox.maturity.benchmark.contribution import Contribution
from callbox.maturity.scoring.evidence import Band

#: Groups smaller than this show nothing at all: not the figure, not the number of agencies (k-anonymity).
SMALLEST_GROUP = 5


@dataclass(frozen=True, slots=True)
class Comparison:
    """Levels of `n` agencies of one size band for one area or practice; `newest` is the month of the latest among them."""

    subject: str
    band: Band
    model: str
    n: int
    newest: date
    lower: float
    median: float
    upper: float


def merge(*pools: Iterable[Contribution]) -> tuple[Contribution, ...]:
    """Return one contribution an agency, the one of the latest month, in order of their keys.

    Merging is commutative, associative and idempotent: of two files of one agency and month the one with the smaller digest
    stays, whichever arrived first.
    """
    kept: dict[str, Contribution] = {}
    for pool in pools:
        for one in pool:
            other = kept.get(one.key)
            if other is None or (one.month, _reversed(one)) > (other.month, _reversed(other)):
                kept[one.key] = one
    return tuple(kept[key] for key in sorted(kept))


def _reversed(one: Contribution) -> int:
    return -int(one.digest, 16)


def compare(pool: Iterable[Contribution], *, band: Band, model: str, subject: str) -> Comparison | None:
    """Return how the agencies of a band stand in one area or practice, or None when fewer than `SMALLEST_GROUP` answer.

    Levels of different versions of the model are never mixed.
    """
    group = [
        (one, level)
        for one in pool
        if one.band == band and one.model == model
        for level in [one.areas.get(subject, one.practices.get(subject))]
        if level is not None
    ]
    if len(group) < SMALLEST_GROUP:
        return None
    lower, median, upper = statistics.quantiles((level for _one, level in group), n=4, method="inclusive")
    return Comparison(subject, band, model, len(group), max(one.month for one, _level in group), lower, median, upper)
