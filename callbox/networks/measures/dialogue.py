"""Whether the agency talks with people: the two-way share (T4), the reply rate (T2) and the time to the first human reply (T3)."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Final

import polars as pl

from callbox.core.measure import Measure, Statistic, Window, census, hidden, sample, timed
from callbox.core.text import Reason
from callbox.networks.ledger import Ledger
from callbox.networks.measures.posts import IS_ANSWER

_COLUMNS: Final = ("at", "answerable", "replied_at")
_DAY: Final = timedelta(hours=24)


def two_way_share(ledger: Ledger, window: Window) -> Measure:
    """Return replies to others as a share of everything sent out: posts, quotes, parts of threads, replies and reposts (T4).

    One agency message rendered on several accounts is one (model: "de-duplicated"); a reply whose addressee is unknown counts as sent
    but never as two-way. Only accounts count whose source carries replies to others when there are any.
    """
    name, tables = "two_way_share", ("posts", "accounts")
    accounts = ledger.carrying("replies")
    if not accounts:
        return hidden(name, Statistic.SAMPLE, window, Reason("no_replies_to_others"), unit="share", tables=tables)
    posts = ledger.kept("posts", window, "account", "action", "addressee", "release").filter(
        pl.col("account").is_in(accounts)
    )
    if posts.is_empty():
        return hidden(name, Statistic.SAMPLE, window, Reason("no_posts"), unit="share", tables=tables)
    # Answers are never folded: two people answered in the same words were both answered.
    counts = posts.select(
        answers=IS_ANSWER.sum(),
        alone=(~IS_ANSWER & pl.col("release").is_null()).sum(),
        releases=pl.col("release").filter(~IS_ANSWER).drop_nulls().n_unique(),
    ).row(0)
    answers, alone, releases = counts
    return sample(name, window, answers, answers + alone + releases, tables=tables)


def answerable_labelled(ledger: Ledger, window: Window) -> Measure:
    """Return the share of incoming items that a person has labelled answerable or not: what T2 and T3 rest on is counted."""
    name, tables = "answerable_labelled", ("contacts", "accounts")
    if "incoming" not in ledger.carried:
        return hidden(name, Statistic.CENSUS, window, Reason("no_incoming"), unit="share", tables=tables)
    items = ledger.kept("contacts", window, *_COLUMNS)
    labelled = items["answerable"].count()
    beside = {"labelled": labelled, "answerable": int(items["answerable"].sum())}
    if not labelled:
        return hidden(name, Statistic.CENSUS, window, Reason("no_labels"), unit="share", tables=tables, beside=beside)
    return census(name, window, labelled / items.height, unit="share", tables=tables, n=items.height, beside=beside)


def replied_in_day(ledger: Ledger, window: Window) -> Measure:
    """Return the share of answerable items that a person answered within 24 hours; items younger than that are left out (T2)."""
    name, tables = "replied_in_day", ("contacts", "accounts")
    delays = _delays(ledger, window, _DAY)
    if isinstance(delays, Reason):
        return hidden(name, Statistic.SAMPLE, window, delays, unit="share", tables=tables)
    return sample(name, window, int((delays <= _DAY / timedelta(minutes=1)).sum()), delays.len(), tables=tables)


def first_reply(ledger: Ledger, window: Window, limit: timedelta) -> Measure:
    """Return the median time to the first human reply in minutes on the wall clock (T3), bounded from above.

    Answerable items younger than `limit` are left out; unanswered ones are infinite, and so is the median once they reach it.
    """
    hours = limit / timedelta(hours=1)
    name, tables = f"first_reply@{hours:g}h", ("contacts", "accounts")
    delays = _delays(ledger, window, limit)
    if isinstance(delays, Reason):
        return hidden(name, Statistic.TIME, window, delays, unit="minutes", tables=tables)
    values: list[float] = delays.sort().to_list()
    return timed(name, window, values, tables=tables)


def _delays(ledger: Ledger, window: Window, limit: timedelta) -> pl.Series | Reason:
    """Return minutes to the first human reply of each answerable item at least `limit` old, infinity where there is none yet.

    A reply that claims to come before its item, or after the record's end, is a wrong clock and no reply.
    """
    if "incoming" not in ledger.carried:
        return Reason("no_incoming")
    items = ledger.kept("contacts", window, *_COLUMNS)
    if not items["answerable"].count():
        return Reason("no_labels")
    due = items.filter(pl.col("answerable") & (pl.col("at") <= window.ends - limit))
    if due.is_empty():
        return Reason("no_answerable")
    replied = pl.col("replied_at").is_between(pl.col("at"), window.ends).fill_null(value=False)
    minutes = (pl.col("replied_at") - pl.col("at")).dt.total_microseconds() / 60e6
    return due.select(pl.when(replied).then(minutes).otherwise(math.inf).alias("minutes"))["minutes"]
