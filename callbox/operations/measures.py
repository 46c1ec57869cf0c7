"""Whether people who called hear what happens next, and whether nobody is put in danger by a message (practice O5)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import polars as pl

from callbox.core.measure import Measure, Statistic, Window, hidden, sample
from callbox.core.text import Reason
from callbox.networks.ledger import Ledger

_TABLES: Final = ("notifications",)
_DAY: Final = timedelta(hours=24)


def notified_in_day(ledger: Ledger, window: Window) -> Measure:
    """Return the share of people owed word who had it within 24 hours; those owed it for a shorter time are left out.

    Word said to come before it was owed, or after the record's end, is a wrong clock and no word.
    """
    name = "notified_in_day"
    rows = _rows(ledger, window)
    if isinstance(rows, Reason):
        return hidden(name, Statistic.SAMPLE, window, rows, unit="share", tables=_TABLES)
    due = rows.filter(~pl.col("excluded").fill_null(value=False) & (pl.col("at") <= window.ends - _DAY))
    if due.is_empty():
        return hidden(name, Statistic.SAMPLE, window, Reason("no_notifications"), unit="share", tables=_TABLES)
    in_time = pl.col("told_at").is_between(pl.col("at"), pl.min_horizontal(pl.col("at") + _DAY, pl.lit(window.ends)))
    told = int(due.select(in_time.fill_null(value=False).sum()).item())
    return sample(name, window, told, due.height, tables=_TABLES)


def exclusion_breaches(ledger: Ledger, window: Window) -> Measure:
    """Return how many people were sent word whom no automatic message may ever reach."""
    name = "exclusion_breaches"
    rows = _rows(ledger, window)
    if isinstance(rows, Reason):
        return hidden(name, Statistic.ZERO, window, rows, unit="count", tables=_TABLES)
    count = float(rows.select((pl.col("excluded") & pl.col("told_at").is_not_null()).sum()).item())
    return Measure(name, Statistic.ZERO, window, "count", _TABLES, n=rows.height, value=count, bound=count)


def _rows(ledger: Ledger, window: Window) -> pl.DataFrame | Reason:
    if "notifications" not in ledger.tables:
        return Reason("no_table", {"table": "notifications"})
    return ledger.window("notifications", window)
