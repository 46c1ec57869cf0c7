"""Whether moderation can be accounted for (practice T1), and how tips are dealt with (practice I4)."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Final

import polars as pl

from callbox.core.measure import Measure, Statistic, Window, census, hidden, sample, timed
from callbox.core.text import Reason
from callbox.networks.ledger import Ledger

_MODERATION: Final = ("moderation",)
_TIPS: Final = ("tips",)
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_THREE_DAYS: Final = timedelta(hours=72)
#: Working days, Monday to Friday, within which an objection is decided (model, T1).
APPEAL_DAYS: Final = 5
#: Days after which a tip that became no case must be gone: 2 years (model, I2).
TIP_LIMIT: Final = 730


def moderation_logged(ledger: Ledger, window: Window) -> Measure:
    """Return the share of what was hidden that has a written ground and a copy."""
    name = "moderation_logged"
    if "moderation" not in ledger.tables:
        return hidden(name, Statistic.CENSUS, window, _no("moderation"), unit="share", tables=_MODERATION)
    rows = ledger.window("moderation", window)
    if rows.is_empty():
        return hidden(name, Statistic.CENSUS, window, Reason("nothing_hidden"), unit="share", tables=_MODERATION)
    logged = int(rows.select((pl.col("ground").is_not_null() & pl.col("copied").fill_null(value=False)).sum()).item())
    told = int(rows["told_at"].count())
    beside = {"successes": logged, "told": told}
    return census(name, window, logged / rows.height, unit="share", tables=_MODERATION, n=rows.height, beside=beside)


def late_appeals(ledger: Ledger, window: Window) -> Measure:
    """Return how many objections of the window were not decided by the end of the fifth working day after they came.

    Working days are Monday to Friday on the agency's calendar, in UTC where the record does not say when the day ended; holidays count
    as working days. One still open is late once its last day has passed.
    """
    name = "late_appeals"
    if "moderation" not in ledger.tables:
        return hidden(name, Statistic.ZERO, window, _no("moderation"), unit="count", tables=_MODERATION)
    appealed = pl.col("appealed_at").is_between(window.begins, window.ends)
    rows = ledger.table("moderation").filter(appealed).collect()
    last = pl.col("appealed_at").dt.date().dt.add_business_days(APPEAL_DAYS, roll="backward")
    in_utc = (last.cast(pl.Datetime("us")) + _DAY).dt.replace_time_zone("UTC")
    until = (
        pl.coalesce("due_at", in_utc) if "due_at" in rows.columns else in_utc
    )  # a record saved before has no such column
    late = pl.coalesce("decided_at", pl.lit(window.ends)) >= until
    count = float(rows.select(late.sum()).item())
    overturned = ledger.table("moderation").filter(appealed & (pl.col("decision") == "restored")).collect().height
    beside = {"appeals": rows.height, "restored": overturned}
    return Measure(
        name, Statistic.ZERO, window, "count", _MODERATION, n=rows.height, value=count, bound=count, beside=beside
    )


def tips_settled_in_week(ledger: Ledger, window: Window) -> Measure:
    """Return the share of tips with a decision within 7 days."""
    return _settled(ledger, window, "tips_settled_in_week", _WEEK)


def tips_settled_in_72h(ledger: Ledger, window: Window) -> Measure:
    """Return the share of tips with a decision within 72 hours."""
    return _settled(ledger, window, "tips_settled_in_72h", _THREE_DAYS)


def threat_triage(ledger: Ledger, window: Window, limit: timedelta) -> Measure:
    """Return the median time in minutes until a tip that speaks of a threat to life was opened, bounded from above.

    Durations are rounded up to 5 minutes, so that the figure is never better than it was. One never opened is infinite.
    """
    name = f"threat_triage@{limit // timedelta(minutes=1)}min"
    rows = _due(ledger, window, limit)
    if isinstance(rows, Reason):
        return hidden(name, Statistic.TIME, window, rows, unit="minutes", tables=_TIPS)
    threats = rows.filter(pl.col("threat").fill_null(value=False))["minutes_to_open"]
    if threats.is_empty():
        return hidden(name, Statistic.TIME, window, Reason("no_threats"), unit="minutes", tables=_TIPS)
    values = sorted(math.inf if minutes is None else float(minutes) for minutes in threats)
    return timed(name, window, values, tables=_TIPS)


def tips_outcome_returned(ledger: Ledger, window: Window) -> Measure:
    """Return the share of settled tips whose sender was told the outcome, of those of which an officer says that it was safe."""
    name = "tips_outcome_returned"
    rows = _of_window(ledger, window)
    if isinstance(rows, Reason):
        return hidden(name, Statistic.SAMPLE, window, rows, unit="share", tables=_TIPS)
    told = rows.filter(pl.col("settled"))["told"].drop_nulls()
    if told.is_empty():
        return hidden(name, Statistic.SAMPLE, window, Reason("no_settled_tips"), unit="share", tables=_TIPS)
    return sample(name, window, int(told.sum()), told.len(), tables=_TIPS)


def tips_past_limit(ledger: Ledger, window: Window) -> Measure:
    """Return how many tips are kept longer than 2 years without having become part of a case."""
    name = "tips_past_limit"
    if "tips" not in ledger.tables:
        return hidden(name, Statistic.ZERO, window, _no("tips"), unit="count", tables=_TIPS)
    oldest = (window.ends - timedelta(days=TIP_LIMIT)).date()
    rows = ledger.table("tips").select("day", "promoted").collect()
    count = float(rows.select(((pl.col("day") < oldest) & ~pl.col("promoted").fill_null(value=False)).sum()).item())
    return Measure(name, Statistic.ZERO, window, "count", _TIPS, n=rows.height, value=count, bound=count)


def _settled(ledger: Ledger, window: Window, name: str, limit: timedelta) -> Measure:
    rows = _due(ledger, window, limit)
    if isinstance(rows, Reason):
        return hidden(name, Statistic.SAMPLE, window, rows, unit="share", tables=_TIPS)
    if rows.is_empty():
        return hidden(name, Statistic.SAMPLE, window, Reason("no_tips"), unit="share", tables=_TIPS)
    in_time = pl.col("settled") & (pl.col("minutes_to_settle") <= limit / timedelta(minutes=1))
    settled = int(rows.select(in_time.fill_null(value=False).sum()).item())
    return sample(name, window, settled, rows.height, tables=_TIPS)


def _due(ledger: Ledger, window: Window, limit: timedelta) -> pl.DataFrame | Reason:
    """Return the tips of the window whose whole day lies at least `limit` back: only the day is known, never the hour."""
    rows = _of_window(ledger, window)
    return rows if isinstance(rows, Reason) else rows.filter(pl.col("day") < (window.ends - limit).date())


def _of_window(ledger: Ledger, window: Window) -> pl.DataFrame | Reason:
    if "tips" not in ledger.tables:
        return _no("tips")
    return ledger.table("tips").filter(pl.col("day").is_between(window.begins.date(), window.ends.date())).collect()


def _no(table: str) -> Reason:
    return Reason("no_table", {"table": table})
