"""Whether every look has its papers (practice I2), and whether what may no longer be kept is let go of (practice I3)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import polars as pl

from callbox.core.measure import Measure, Statistic, Window, census, hidden
from callbox.core.text import Reason
from callbox.networks.ledger import Ledger

_WATCHES: Final = ("watches",)
_RECORDS: Final = ("records",)
_BOTH: Final = ("watches", "records")
#: Days after which an intelligence record that nobody reviewed anew must be gone: 5 years (28 CFR 23.20(h)).
RECORD_LIMIT: Final = 1826


def watches_and_searches(ledger: Ledger, window: Window) -> Measure:
    """Return how many watches and looks lay in the window, wholly or in part; one is enough for the area to be practised (rule 7)."""
    name = "watches_and_searches"
    if "watches" not in ledger.tables:
        return hidden(name, Statistic.CENSUS, window, _no("watches"), unit="count", tables=_WATCHES)
    count = _of_window(ledger, window).height
    return census(name, window, float(count), unit="count", tables=_WATCHES, n=count)


def searches_with_purpose(ledger: Ledger, window: Window) -> Measure:
    """Return the share of watches, looks and records of the window that carry purpose, tier and approver.

    A record carries those of the watch that led to it.
    """
    name = "searches_with_purpose"
    missing = [table for table in _BOTH if table not in ledger.tables]
    if missing:
        return hidden(name, Statistic.CENSUS, window, _no(missing[0]), unit="share", tables=_BOTH)
    looks = _of_window(ledger, window)
    between = pl.col("day").is_between(window.begins.date(), window.ends.date())
    records = ledger.table("records").filter(between).select("papers").collect()["papers"]
    whole = (
        pl.col("purpose").fill_null(value=False)
        & pl.col("tier").is_not_null()
        & pl.col("approver").fill_null(value=False)
    )
    count = looks.height + records.len()
    if not count:
        return hidden(name, Statistic.CENSUS, window, Reason("no_watches"), unit="share", tables=_BOTH)
    good = int(looks.select(whole.sum()).item()) + int(records.fill_null(value=False).sum())
    beside = {"successes": good, "watches": looks.height, "records": records.len()}
    return census(name, window, good / count, unit="share", tables=_BOTH, n=count, beside=beside)


def unresolved_exceptions(ledger: Ledger, window: Window) -> Measure:
    """Return how many watches have papers that are not in order, and were not ended."""
    name = "unresolved_exceptions"
    if "watches" not in ledger.tables:
        return hidden(name, Statistic.ZERO, window, _no("watches"), unit="count", tables=_WATCHES)
    rows = _of_window(ledger, window)
    count = float(rows.select(pl.col("exception").fill_null(value=False).sum()).item())
    return Measure(name, Statistic.ZERO, window, "count", _WATCHES, n=rows.height, value=count, bound=count)


def records_late(ledger: Ledger, window: Window) -> Measure:
    """Return the share of all records kept that are past their review date at the end of the window."""
    name = "records_late"
    rows = _kept(ledger, window)
    if isinstance(rows, Reason):
        return hidden(name, Statistic.CENSUS, window, rows, unit="share", tables=_RECORDS)
    if rows.is_empty():
        return hidden(name, Statistic.CENSUS, window, Reason("no_records"), unit="share", tables=_RECORDS)
    late = int(rows.select(_late(window).sum()).item())
    return census(
        name, window, late / rows.height, unit="share", tables=_RECORDS, n=rows.height, beside={"successes": late}
    )


def late_records(ledger: Ledger, window: Window) -> Measure:
    """Return how many records are past their review date at the end of the window."""
    return _counted(ledger, window, "late_records", _late(window))


def intelligence_past_limit(ledger: Ledger, window: Window) -> Measure:
    """Return how many records are kept longer than 5 years and have no review date ahead, which only a new review sets."""
    oldest = (window.ends - timedelta(days=RECORD_LIMIT)).date()
    return _counted(ledger, window, "intelligence_past_limit", (pl.col("day") < oldest) & _late(window))


def _counted(ledger: Ledger, window: Window, name: str, which: pl.Expr) -> Measure:
    rows = _kept(ledger, window)
    if isinstance(rows, Reason):
        return hidden(name, Statistic.ZERO, window, rows, unit="count", tables=_RECORDS)
    count = float(rows.select(which.sum()).item())
    return Measure(name, Statistic.ZERO, window, "count", _RECORDS, n=rows.height, value=count, bound=count)


def _late(window: Window) -> pl.Expr:
    """Return whether a record's review date has passed; one without a date is late."""
    return (pl.col("review_by") < window.ends.date()).fill_null(value=True)


def _kept(ledger: Ledger, window: Window) -> pl.DataFrame | Reason:
    if "records" not in ledger.tables:
        return _no("records")
    return ledger.table("records").filter(pl.col("day") <= window.ends.date()).collect()


def _of_window(ledger: Ledger, window: Window) -> pl.DataFrame:
    """Return the watches and looks that lay in the window, wholly or in part; one without an end lasts."""
    lasted = pl.col("until").fill_null(window.ends) >= window.begins
    return ledger.table("watches").filter((pl.col("at") <= window.ends) & lasted).collect()


def _no(table: str) -> Reason:
    return Reason("no_table", {"table": table})
