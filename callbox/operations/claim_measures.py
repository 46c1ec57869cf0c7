"""Whether what the agency says is confirmed before it is said, and put right when it was wrong (practice O2)."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Final

import polars as pl

from callbox.core.measure import Measure, Statistic, Window, hidden, sample, timed
from callbox.core.text import Reason
from callbox.networks.ledger import Ledger

_TABLES: Final = ("claims",)
_MINUTE: Final = timedelta(minutes=1)


def claims_confirmed(ledger: Ledger, window: Window) -> Measure:
    """Return the share of official statements whose exact words somebody other than their author approved before they left.

    A post made past Callbox has no recorded confirmer.
    """
    name = "claims_confirmed"
    rows = _rows(ledger, window)
    if not isinstance(rows, Reason) and rows.is_empty():
        rows = Reason("no_claims")
    if isinstance(rows, Reason):
        return hidden(name, Statistic.SAMPLE, window, rows, unit="share", tables=_TABLES)
    confirmed = int(rows["confirmed"].fill_null(value=False).sum())
    return sample(name, window, confirmed, rows.height, tables=_TABLES)


def unconfirmed_safety_claims(ledger: Ledger, window: Window) -> Measure:
    """Return how many urgent messages and alerts left without a recorded confirmer. Beside it: statements that nobody tagged."""
    name = "unconfirmed_safety_claims"
    rows = _rows(ledger, window)
    if isinstance(rows, Reason):
        return hidden(name, Statistic.ZERO, window, rows, unit="count", tables=_TABLES)
    safety = rows.filter(pl.col("safety").fill_null(value=False))
    count = float(safety.height - int(safety["confirmed"].fill_null(value=False).sum()))
    beside = {"untagged": rows["safety"].null_count()}
    return Measure(
        name, Statistic.ZERO, window, "count", _TABLES, n=safety.height, value=count, bound=count, beside=beside
    )


def correction_time(ledger: Ledger, window: Window, limit: timedelta) -> Measure:
    """Return the median of the minutes for which wrong words stood before their correction was out, bounded from above.

    Counted from when they were public, because no record says when somebody saw the error. A correction that is not out yet is
    infinite; statements younger than the limit are left out.
    """
    minutes = limit // _MINUTE
    name = f"correction_time@{minutes}min" if minutes % 60 else f"correction_time@{minutes // 60}h"
    rows = _rows(ledger, window)
    if not isinstance(rows, Reason):
        rows = rows.filter(pl.col("wrong").fill_null(value=False) & (pl.col("at") <= window.ends - limit))
        rows = Reason("no_corrections") if rows.is_empty() else rows
    if isinstance(rows, Reason):
        return hidden(name, Statistic.TIME, window, rows, unit="minutes", tables=_TABLES)
    values = sorted(
        (corrected - at) / _MINUTE if corrected is not None and at <= corrected <= window.ends else math.inf
        for at, corrected in rows.select("at", "corrected_at").iter_rows()
    )
    return timed(name, window, values, tables=_TABLES)


def _rows(ledger: Ledger, window: Window) -> pl.DataFrame | Reason:
    if "claims" not in ledger.tables:
        return Reason("no_table", {"table": "claims"})
    return ledger.window("claims", window)
