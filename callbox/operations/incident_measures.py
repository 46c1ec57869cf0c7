"""How fast the first official word comes (O1), whether everything scheduled stops (O3), and whether it is practised (O4)."""

from __future__ import annotations

import math
from datetime import timedelta
from statistics import median
from typing import Final

import polars as pl

from callbox.core.measure import Measure, Statistic, Window, census, hidden, timed
from callbox.core.text import Reason
from callbox.networks.ledger import Ledger

_INCIDENTS: Final = ("incidents",)
_EXERCISES: Final = ("exercises",)
#: Within which everything scheduled must have stopped (model, O3).
FREEZE: Final = timedelta(minutes=10)
#: The two clocks from which the first word counts (model, 7.8); where both flagged as many incidents, the first counts.
CLOCKS: Final = ("dispatch", "command")


def incidents_recorded(ledger: Ledger, window: Window) -> Measure:
    """Return how many incidents have the time of the flag and of the first official post."""
    name = "incidents_recorded"
    rows = _rows(ledger, window, "incidents")
    if isinstance(rows, Reason):
        return hidden(name, Statistic.CENSUS, window, rows, unit="count", tables=_INCIDENTS)
    recorded = int(rows["first_word_at"].count())
    return census(name, window, float(recorded), unit="count", tables=_INCIDENTS, n=rows.height)


def first_official_word(ledger: Ledger, window: Window, limit: timedelta) -> Measure:
    """Return the median of the minutes from the flag to the first official post, bounded from above.

    Incidents younger than the limit are left out, those without a first post count as infinite. Two clocks, never mixed (model, 7.8):
    judged is the one that flagged more of them; the other stands beside it.
    """
    minutes = limit // timedelta(minutes=1)
    name = f"first_official_word@{minutes}min" if minutes % 60 else f"first_official_word@{minutes // 60}h"
    rows = _rows(ledger, window, "incidents")
    if not isinstance(rows, Reason):
        rows = rows.filter(pl.col("at") <= window.ends - limit)
        rows = Reason("no_incidents") if rows.is_empty() else rows
    if isinstance(rows, Reason):
        return hidden(name, Statistic.TIME, window, rows, unit="minutes", tables=_INCIDENTS)
    times = {clock: _minutes(rows.filter(pl.col("flagged_from") == clock), window) for clock in CLOCKS}
    judged = max(CLOCKS, key=lambda clock: len(times[clock]))
    beside: dict[str, str | float] = {"clock": judged}
    for clock in CLOCKS:
        if clock != judged and times[clock]:
            beside |= {f"n_{clock}": len(times[clock]), f"median_{clock}": median(times[clock])}
    return timed(name, window, times[judged], tables=_INCIDENTS, beside=beside)


def _minutes(rows: pl.DataFrame, window: Window) -> list[float]:
    """Return the minutes to the first word, sorted; one that came after the record's end, or before the flag, is none."""
    found = []
    for at, word in rows.select("at", "first_word_at").iter_rows():
        told = word is not None and at <= word <= window.ends
        found.append((word - at) / timedelta(minutes=1) if told else math.inf)
    return sorted(found)


def freezes_in_time(ledger: Ledger, window: Window) -> Measure:
    """Return the share of critical incidents in which everything scheduled had stopped within ten minutes."""
    name = "freezes_in_time"
    rows = _rows(ledger, window, "incidents")
    if not isinstance(rows, Reason):
        rows = rows.filter(pl.col("critical") & (pl.col("at") <= window.ends - FREEZE))
        rows = Reason("no_critical_incidents") if rows.is_empty() else rows
    if isinstance(rows, Reason):
        return hidden(name, Statistic.CENSUS, window, rows, unit="share", tables=_INCIDENTS)
    in_time = rows.select(pl.col("frozen_at").is_between(pl.col("at"), pl.col("at") + FREEZE).fill_null(value=False))
    stopped = int(in_time.to_series().sum())
    beside = {"successes": stopped}
    return census(name, window, stopped / rows.height, unit="share", tables=_INCIDENTS, n=rows.height, beside=beside)


def exercises(ledger: Ledger, window: Window) -> Measure:
    """Return how many exercises were held to their end; a test of alerting is none."""
    return _count(ledger, window, "exercises", pl.col("kind") != "test")


def joint_exercises(ledger: Ledger, window: Window) -> Measure:
    """Return how many of them were held with other agencies."""
    return _count(ledger, window, "joint_exercises", (pl.col("kind") != "test") & (pl.col("partners") > 0))


def months_tested(ledger: Ledger, window: Window) -> Measure:
    """Return in how many different months of the year (UTC) an alert was tried, by itself or in an exercise.

    A window of 365 days begins and ends in the same month of two years: those two parts are one month, so that twelve are every month.
    """
    name = "months_tested"
    rows = _rows(ledger, window, "exercises")
    if isinstance(rows, Reason):
        return hidden(name, Statistic.CENSUS, window, rows, unit="count", tables=_EXERCISES)
    tried = rows.filter(pl.col("alerted"))
    months = tried["at"].dt.month().n_unique()
    return census(name, window, float(months), unit="count", tables=_EXERCISES, n=tried.height)


def actions_closed(ledger: Ledger, window: Window) -> Measure:
    """Return the share of the actions that exercises of the window led to which are closed."""
    name = "actions_closed"
    rows = _rows(ledger, window, "exercises")
    if isinstance(rows, Reason):
        return hidden(name, Statistic.CENSUS, window, rows, unit="share", tables=_EXERCISES)
    every, closed = int(rows["actions"].sum()), int(rows["actions_closed"].sum())
    if not every:
        return hidden(name, Statistic.CENSUS, window, Reason("no_actions"), unit="share", tables=_EXERCISES)
    return census(name, window, closed / every, unit="share", tables=_EXERCISES, n=every, beside={"successes": closed})


def _count(ledger: Ledger, window: Window, name: str, wanted: pl.Expr) -> Measure:
    rows = _rows(ledger, window, "exercises")
    if isinstance(rows, Reason):
        return hidden(name, Statistic.CENSUS, window, rows, unit="count", tables=_EXERCISES)
    count = rows.filter(wanted).height
    return census(name, window, float(count), unit="count", tables=_EXERCISES, n=count)


def _rows(ledger: Ledger, window: Window, table: str) -> pl.DataFrame | Reason:
    if table not in ledger.tables:
        return Reason("no_table", {"table": table})
    return ledger.window(table, window)
