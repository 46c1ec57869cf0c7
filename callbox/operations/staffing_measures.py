"""Whether somebody is there when people write, and how wrong the forecast of demand is (practice O6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from callbox.core.measure import Measure, Statistic, Window, census, hidden, sample
from callbox.core.text import Reason
from callbox.networks.ledger import Ledger
from callbox.operations.staffing import LEARNED_WEEKS, TESTED_WEEKS, forecast_error

_TABLES: Final = ("contacts", "staffing")


def items_in_staffed_hours(ledger: Ledger, window: Window) -> Measure:
    """Return the share of what reached the agency while somebody was at the desk or could be called."""
    name = "items_in_staffed_hours"
    if (why := _missing(ledger)) is not None:
        return hidden(name, Statistic.SAMPLE, window, why, unit="share", tables=_TABLES)
    arrived = ledger.window("contacts", window, "at").sort("at")
    spans = ledger.table("staffing").select("at", "until").sort("at").collect()
    if arrived.is_empty():
        return hidden(name, Statistic.SAMPLE, window, Reason("no_contacts"), unit="share", tables=_TABLES)
    latest = spans.select(
        pl.col("at").alias("begun"), pl.col("until").cum_max()
    )  # of those begun, the one that lasts longest
    held = arrived.join_asof(latest, left_on="at", right_on="begun", strategy="backward")
    inside = int(held.select((pl.col("at") < pl.col("until")).fill_null(value=False).sum()).item())
    return sample(name, window, inside, arrived.height, tables=_TABLES)


def staffing_model_error(ledger: Ledger, window: Window) -> Measure:
    """Return the mean error of the hourly forecast, eight weeks held against the four that followed (`staffing.forecast_error`)."""
    name = "staffing_model_error"
    if (why := _missing(ledger)) is not None:
        return hidden(name, Statistic.CENSUS, window, why, unit="share", tables=_TABLES)
    times = ledger.window("contacts", window, "at")["at"].to_list()
    zone = ZoneInfo(str(ledger.table("staffing").select("zone").first().collect().item()))
    weeks = timedelta(weeks=LEARNED_WEEKS + TESTED_WEEKS)
    error = forecast_error(times, until=window.ends, zone=zone) if window.ends - window.begins >= weeks else None
    if error is None:
        return hidden(name, Statistic.CENSUS, window, Reason("no_contacts"), unit="share", tables=_TABLES)
    return census(name, window, error.share, unit="share", tables=_TABLES, n=error.hours, beside={"items": error.items})


def _missing(ledger: Ledger) -> Reason | None:
    if "staffing" not in ledger.tables:
        return Reason("no_table", {"table": "staffing"})
    if ledger.table("staffing").limit(1).collect().is_empty():
        return Reason("no_roster")
    return None
