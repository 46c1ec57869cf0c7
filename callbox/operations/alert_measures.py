"""Whether what leaves as an alert can be read by everybody's systems (practice O4). Pure."""

from __future__ import annotations

from typing import Final

import polars as pl

from callbox.core.measure import Measure, Statistic, Window, census, hidden
from callbox.core.text import Reason
from callbox.networks.ledger import Ledger

_TABLES: Final = ("alerts",)


def cap_valid(ledger: Ledger, window: Window) -> Measure:
    """Return the share of published alerts, exercises among them, whose bytes are valid CAP 1.2 with areas that can be used."""
    name = "cap_valid"
    if "alerts" not in ledger.tables:
        return hidden(
            name, Statistic.CENSUS, window, Reason("no_table", {"table": "alerts"}), unit="share", tables=_TABLES
        )
    rows = ledger.window("alerts", window)
    if rows.is_empty():
        return hidden(name, Statistic.CENSUS, window, Reason("no_alerts"), unit="share", tables=_TABLES)
    good = int(rows.select(pl.col("valid").fill_null(value=False).sum()).item())
    return census(name, window, good / rows.height, n=rows.height, unit="share", tables=_TABLES)
