"""What the agency's posts do: useful content (practice V4), and the shares that inform, engage and gather (shown, never scored)."""

from __future__ import annotations

from typing import Final

import polars as pl

from callbox.core.agreement import cohen_kappa
from callbox.core.measure import MINIMUM_SAMPLE, Measure, Statistic, Window, hidden, sample
from callbox.core.text import Reason
from callbox.networks.ledger import Ledger
from callbox.networks.measures.posts import IS_ANSWER, TABLES

#: Two coders must agree this well before any label of usefulness is believed (model row V4).
KAPPA: Final = 0.7

_POST: Final = ("account", "post")


def useful_share(ledger: Ledger, window: Window) -> Measure:
    """Return the share of posts and replies that give prevention advice, direct to a service, or answer somebody (V4).

    Not shown until two people have coded at least 30 of the agency's posts, each for themselves, with Cohen's kappa of at least 0.7 on
    "prevention or services". Then the labels of the posts count, a person's or the classifier's; where posts carry none, the coded
    posts of the window count themselves, useful only where both coders said so. Reposts are never counted.
    """
    name, tables = "useful_share", ("posts", "codings")
    coded = _coded(ledger)
    if coded.height < MINIMUM_SAMPLE:
        return hidden(name, Statistic.SAMPLE, window, Reason("no_coded_sample"), unit="share", tables=tables)
    kappa = cohen_kappa(coded.select("first", "second").iter_rows())
    if kappa < KAPPA:
        reason = Reason("kappa_too_low", {"kappa": kappa, "needed": KAPPA})
        return hidden(name, Statistic.SAMPLE, window, reason, unit="share", tables=tables)
    posts = ledger.kept("posts", window, *_POST, "action", "addressee", "prevention", "services").filter(
        pl.col("action") != "repost"
    )
    labelled = posts.with_columns(useful=pl.col("prevention") | pl.col("services")).drop_nulls("useful")
    basis = "labels"
    if labelled.is_empty():
        basis = "coded sample"
        labelled = posts.join(coded.with_columns(useful=pl.col("first") & pl.col("second")), on=_POST)
    beside = {"kappa": kappa, "coded": coded.height, "basis": basis}
    if labelled.is_empty():
        return hidden(name, Statistic.SAMPLE, window, Reason("no_labels"), unit="share", tables=tables, beside=beside)
    useful = labelled.select((pl.col("useful") | IS_ANSWER).sum()).item()
    return sample(name, window, useful, labelled.height, tables=tables, beside=beside)


def inform_share(ledger: Ledger, window: Window) -> Measure:
    """Return the share of labelled posts that inform."""
    return _kind_share(ledger, window, "inform")


def engage_share(ledger: Ledger, window: Window) -> Measure:
    """Return the share of labelled posts that engage."""
    return _kind_share(ledger, window, "engage")


def gather_share(ledger: Ledger, window: Window) -> Measure:
    """Return the share of labelled posts that ask for information."""
    return _kind_share(ledger, window, "gather")


def _kind_share(ledger: Ledger, window: Window, kind: str) -> Measure:
    name = f"{kind}_share"
    labels = ledger.kept("posts", window, "kind", "labelled_by").drop_nulls("kind")
    if labels.is_empty():
        return hidden(name, Statistic.SAMPLE, window, Reason("no_kinds"), unit="share", tables=TABLES)
    beside = {"labelled_by_machine": labels.select((pl.col("labelled_by") == "machine").sum()).item()}
    return sample(name, window, int((labels["kind"] == kind).sum()), labels.height, tables=TABLES, beside=beside)


def _coded(ledger: Ledger) -> pl.DataFrame:
    """Return one row a post that at least two people coded: what its first two coders, in order of name, said of its usefulness."""
    useful = (pl.col("prevention") | pl.col("services")).alias("useful")
    codes = ledger.table("codings").select(*_POST, "coder", useful).drop_nulls().collect()
    codes = codes.unique([*_POST, "coder"], keep="none").sort("coder")
    pairs = codes.group_by(_POST, maintain_order=True).agg(
        first=pl.col("useful").get(0), second=pl.col("useful").get(1, null_on_oob=True)
    )
    return pairs.drop_nulls("second").sort(_POST)
