"""Whom the agency works with, and whether they pass urgent messages on (practices C1 and C2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import polars as pl

from callbox.core.measure import Measure, Statistic, Window, census, hidden, sample
from callbox.core.text import Reason
from callbox.networks.ledger import Ledger

#: An urgent message passed on later than this warned nobody in time (C2).
SOON: Final = timedelta(minutes=60)


def partner_sectors(ledger: Ledger, window: Window) -> Measure:
    """Return the number of sectors with a named contact with whom somebody spoke within the window (C1)."""
    name, tables = "partner_sectors", ("partners",)
    if "partners" not in ledger.tables:
        return hidden(
            name, Statistic.CENSUS, window, Reason("no_table", {"table": "partners"}), unit="count", tables=tables
        )
    rows = ledger.table("partners").collect()
    recent = pl.col("contacted").is_between(window.begins.date(), window.ends.date())
    touched = rows.filter(pl.col("named") & recent.fill_null(value=False))
    count = touched["sector"].drop_nulls().n_unique()
    return census(name, window, float(count), unit="count", tables=tables, n=rows.height)


def amplified_share(ledger: Ledger, window: Window) -> Measure:
    """Return the share of urgent messages that at least one partner brought to its own public within 60 minutes (C2).

    A message is of the window when it was out first in it, in whichever language. Messages younger than that hour are left out.
    """
    name, tables = "amplified_share", ("releases", "shares")
    if "shares" not in ledger.tables:
        reason = Reason("no_table", {"table": "shares"})
        return hidden(name, Statistic.SAMPLE, window, reason, unit="share", tables=tables)
    span = Window(window.before().begins, window.ends)
    released = ledger.kept("releases", span, "release", "at", "urgent").filter(pl.col("urgent"))
    first = released.group_by("release").agg(pl.col("at").min())
    first = first.filter(pl.col("at").is_between(window.begins, window.ends - SOON))
    if first.is_empty():
        return hidden(name, Statistic.SAMPLE, window, Reason("no_urgent"), unit="share", tables=tables)
    shared = ledger.table("shares").group_by("release").agg(pl.col("at").min().alias("shared")).collect()
    soon = (pl.col("shared") <= pl.col("at") + SOON).fill_null(value=False)
    passed = int(first.join(shared, on="release", how="left").select(soon.sum()).item())
    return sample(name, window, passed, first.height, tables=tables)
