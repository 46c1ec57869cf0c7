"""Which languages the agency speaks, and whether urgent messages go out in all it has adopted (practice V6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import polars as pl

from callbox.core.measure import Measure, Statistic, Window, census, hidden, sample
from callbox.core.text import Reason
from callbox.networks.ledger import Ledger
from callbox.networks.measures.posts import TABLES

#: An urgent message must be out in every adopted language within this time of its first version.
_LIMIT: Final = timedelta(minutes=30)


def urgent_language_reach(ledger: Ledger, window: Window) -> Measure:
    """Return the share of urgent messages issued in all adopted languages within 30 minutes of their first version (V6).

    The versions of a message are its releases and the posts that render it, held together by the release they name; an urgent post that
    names none cannot be told from a translation and is left out (`unlinked` beside). Messages younger than 30 minutes are left out.
    """
    name, tables = "urgent_language_reach", ("posts", "releases", "languages", "accounts")
    adopted = ledger.table("languages").select("language").collect()["language"].drop_nulls().unique().sort().to_list()
    if not adopted:
        return hidden(name, Statistic.SAMPLE, window, Reason("no_adopted_languages"), unit="share", tables=tables)
    # A version from just before the window tells that its message is not of the window.
    span = Window(window.begins - _LIMIT, window.ends)
    columns = ("release", "language", "at", "urgent")
    urgent = ledger.kept("posts", span, "action", *columns).filter(pl.col("urgent") & (pl.col("action") != "repost"))
    releases = _releases(ledger, window, *columns)
    if urgent["language"].is_null().all() and releases["language"].is_null().all() and urgent.height + releases.height:
        return hidden(name, Statistic.SAMPLE, window, Reason("no_languages"), unit="share", tables=tables)
    beside = {"languages": adopted, "unlinked": urgent["release"].null_count()}
    reached = _reached(pl.concat([urgent.select(columns), releases.select(columns)]), window, adopted)
    if reached.is_empty():
        return hidden(name, Statistic.SAMPLE, window, Reason("no_urgent"), unit="share", tables=tables, beside=beside)
    return sample(name, window, int(reached.sum()), reached.len(), tables=tables, beside=beside)


def unchecked_translations(ledger: Ledger, window: Window) -> Measure:
    """Return how many translations of urgent messages no person checked: every version after the first of its message (V6)."""
    name, tables = "unchecked_translations", ("releases",)
    columns = ("release", "language", "at", "urgent", "checked")
    every = _releases(ledger, window, *columns)
    versions = every.filter(pl.col("at") >= window.begins)
    if versions.is_empty():
        return hidden(name, Statistic.ZERO, window, Reason("no_urgent"), unit="count", tables=tables)
    first = (
        every.sort("at", "language").group_by("release", maintain_order=True).agg(original=pl.col("language").first())
    )
    translated = versions.join(first, on="release").filter(pl.col("language") != pl.col("original"))
    if translated.height and not translated["checked"].count():
        return hidden(name, Statistic.ZERO, window, Reason("no_checks"), unit="count", tables=tables)
    missing = float(translated.select((~pl.col("checked").fill_null(value=False)).sum()).item())
    n = translated.height
    return Measure(name, Statistic.ZERO, window, "count", tables, n=n, value=missing, bound=missing)


def languages_stated(ledger: Ledger, window: Window) -> Measure:
    """Return the number of languages the posts of the window are in, as the record states them; beside it the posts of each."""
    name = "languages_stated"
    posts = ledger.kept("posts", window, "action", "language").filter(pl.col("action") != "repost")
    counts = posts["language"].drop_nulls().value_counts().sort(["count", "language"], descending=[True, False])
    if counts.is_empty():
        return hidden(name, Statistic.CENSUS, window, Reason("no_languages"), unit="count", tables=TABLES)
    beside = {"posts": dict(counts.iter_rows()), "unstated": posts["language"].null_count()}
    n = int(counts["count"].sum())
    return census(name, window, counts.height, unit="count", tables=TABLES, n=n, beside=beside)


def _releases(ledger: Ledger, window: Window, *columns: str) -> pl.DataFrame:
    """Return the urgent releases of the window and of the one before, which tell the messages whose later versions fall into this one."""
    return ledger.kept("releases", Window(window.before().begins, window.ends), *columns).filter(pl.col("urgent"))


def _reached(versions: pl.DataFrame, window: Window, adopted: list[str]) -> pl.Series:
    """Return for each message of the window that is old enough whether all adopted languages were out in time."""
    linked = versions.drop_nulls("release").with_columns(first=pl.col("at").min().over("release"))
    due = linked.filter(pl.col("first").is_between(window.begins, window.ends - _LIMIT))
    in_time = pl.col("language").is_in(adopted) & (pl.col("at") <= pl.col("first") + _LIMIT)
    each = due.group_by("release").agg(pl.col("language").filter(in_time).n_unique().alias("reached"))
    return each["reached"] == len(adopted)
