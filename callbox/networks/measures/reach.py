"""How far posts travel, where the export shows it. Shown, never scored: volume is no merit."""

from __future__ import annotations

import polars as pl

from callbox.core.measure import Measure, Statistic, Window, census, hidden
from callbox.core.text import Reason
from callbox.networks.ledger import Ledger
from callbox.networks.measures.posts import IS_OWN, TABLES


def repost_share(ledger: Ledger, window: Window) -> Measure:
    """Return reposts of others as a share of everything the agency sent out."""
    name = "repost_share"
    actions = ledger.kept("posts", window, "action")["action"]
    if actions.is_empty():
        return hidden(name, Statistic.CENSUS, window, Reason("no_posts"), unit="share", tables=TABLES)
    share = int((actions == "repost").sum()) / actions.len()
    return census(name, window, share, unit="share", tables=TABLES, n=actions.len())


def reposts_per_post(ledger: Ledger, window: Window) -> Measure:
    """Return how often others reposted an own post, on average over those with a known count; beside it median and 90th percentile."""
    name = "reposts_per_post"
    posts = ledger.kept("posts", window, "action", "addressee", "reposts").filter(IS_OWN)
    counts = posts["reposts"].drop_nulls().cast(pl.Int64)
    if counts.is_empty():
        return hidden(name, Statistic.CENSUS, window, Reason("no_engagement"), unit="count", tables=TABLES)
    median, p90 = (counts.quantile(share, "higher") for share in (0.5, 0.9))
    beside = {"median": median, "p90": p90, "unknown": posts.height - counts.len()}
    mean = int(counts.sum()) / counts.len()
    return census(name, window, mean, unit="count", tables=TABLES, n=counts.len(), beside=beside)
