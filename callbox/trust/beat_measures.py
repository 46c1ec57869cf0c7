"""Whether a resident can find and reach the officer of the neighbourhood (practice C3)."""

from __future__ import annotations

import polars as pl

from callbox.core.measure import Measure, Statistic, Window, census, hidden
from callbox.core.text import Reason
from callbox.networks.ledger import Ledger


def reachable_beats(ledger: Ledger, window: Window) -> Measure:
    """Return the share of beats with a named officer and a way to reach them, where the median answer took at most two working days.

    A beat that nobody asked counts by its name and channel alone; beside it stands how many those are.
    """
    name, tables = "reachable_beats", ("beats",)
    rows = ledger.tables["beats"].collect() if "beats" in ledger.tables else None
    if rows is None or rows.is_empty():
        reason = Reason("no_table", {"table": "beats"}) if rows is None else Reason("no_beats")
        return hidden(name, Statistic.CENSUS, window, reason, unit="share", tables=tables)
    reachable = rows.filter(pl.col("named") & pl.col("channel") & pl.col("in_time").fill_null(value=True))
    beside = {"never_asked": reachable["in_time"].null_count()}
    share = reachable.height / rows.height
    return census(name, window, share, unit="share", tables=tables, n=rows.height, beside=beside)
