"""How long the public waits for the next official word while an incident lasts (practice O2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Final

import polars as pl

from callbox.core.measure import Measure, Statistic, Window, census, hidden
from callbox.core.text import Reason
from callbox.networks.ledger import Ledger

_TABLES: Final = ("updates",)
#: The peak of an incident: so long after the first official word (the first hour of the DINFOS timeline; model, 3.6).
PEAK: Final = timedelta(hours=1)

#: The times of an incident's words in order, and its end, to its longest silence.
type _Silence = Callable[[Sequence[datetime], datetime], timedelta]


def update_gap(ledger: Ledger, window: Window) -> Measure:
    """Return the minutes of the longest silence between two official words about an incident: the median over incidents.

    Where only one word was ever said, the silence lasts until the incident was closed. When it is closed says nothing of others, because
    that is often a matter of paper.
    """
    return _figure(ledger, window, "update_gap", _between)


def update_gap_peak(ledger: Ledger, window: Window) -> Measure:
    """Return the same for the hour after the first word, or until the incident was closed in it; silence at its end counts."""
    return _figure(ledger, window, "update_gap_peak", _at_peak)


def _between(words: Sequence[datetime], ends: datetime) -> timedelta:
    if len(words) == 1:
        return max(ends - words[0], timedelta(0))
    return max(later - earlier for earlier, later in pairwise(words))


def _at_peak(words: Sequence[datetime], ends: datetime) -> timedelta:
    last = max(min(words[0] + PEAK, ends), words[0])
    within = [*(word for word in words if word <= last), last]
    return max(later - earlier for earlier, later in pairwise(within))


def _figure(ledger: Ledger, window: Window, name: str, silence: _Silence) -> Measure:
    if "updates" not in ledger.tables:
        reason = Reason("no_table", {"table": "updates"})
        return hidden(name, Statistic.CENSUS, window, reason, unit="minutes", tables=_TABLES)
    rows = ledger.table("updates").filter(pl.col("at") <= window.ends).sort("at").collect()
    each = rows.group_by("incident", maintain_order=True).agg("at", pl.col("closed_at").first())
    found = [
        silence(words, min(closed or window.ends, window.ends)) / timedelta(minutes=1)
        for words, closed in each.select("at", "closed_at").iter_rows()
        if words[0] >= window.begins
    ]
    if not found:
        return hidden(name, Statistic.CENSUS, window, Reason("no_updates"), unit="minutes", tables=_TABLES)
    beside = {"longest": max(found)}
    return census(name, window, median(found), unit="minutes", tables=_TABLES, n=len(found), beside=beside)
