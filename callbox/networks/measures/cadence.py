"""How steadily the agency is present: posts a week, the longest silence, engagement against the window before (practice V3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import polars as pl

from callbox.core.measure import Measure, Statistic, Window, census, hidden
from callbox.core.text import Reason
from callbox.networks.ledger import Ledger
from callbox.networks.measures.posts import IS_CONTINUATION, IS_OWN, TABLES

#: Columns read once for all measures that only ask when something was said.
PRESENCE: Final = ("account", "at", "action", "addressee")
ENGAGEMENT: Final = ("likes", "reposts", "replies")

_DAY: Final = timedelta(days=1)


def posts_per_week(ledger: Ledger, window: Window) -> Measure:
    """Return the agency's own posts a week on its main channel, over the whole window even where the record begins inside it."""
    name, unit = "posts_per_week", "per week"
    main = main_channel(ledger, window)
    if main is None:
        if _last_post(ledger, window.ends) is None:
            return hidden(name, Statistic.CENSUS, window, Reason("no_posts"), unit=unit, tables=TABLES)
        return census(name, window, 0.0, unit=unit, tables=TABLES, n=0)
    posts = _own(ledger, window, main)
    beside = {"main_channel": main, **_record_begins(ledger, window, main, posts[0])}
    return census(name, window, posts.len() * 7 / window.days, unit=unit, tables=TABLES, n=posts.len(), beside=beside)


def longest_gap(ledger: Ledger, window: Window) -> Measure:
    """Return the longest silence on the main channel in days, the one from its last post to the end of the window included.

    The silence before the first post in the window does not count, wherever it began (model rule 2). An agency that posted before the
    window and never in it is silent since its last post on any channel.
    """
    name, unit = "longest_gap", "days"
    main = main_channel(ledger, window)
    if main is None:
        last = _last_post(ledger, window.ends)
        if last is None:
            return hidden(name, Statistic.CENSUS, window, Reason("no_posts"), unit=unit, tables=TABLES)
        beside: dict[str, Any] = {"from": last.isoformat(), "to": window.ends.isoformat()}
        return census(name, window, (window.ends - last) / _DAY, unit=unit, tables=TABLES, n=0, beside=beside)
    posts = _own(ledger, window, main)
    begins, ends = _longest(posts, window)
    beside = {"main_channel": main, "from": begins.isoformat(), "to": ends.isoformat()}
    beside |= _record_begins(ledger, window, main, posts[0])
    return census(name, window, (ends - begins) / _DAY, unit=unit, tables=TABLES, n=posts.len(), beside=beside)


def engagement_steady(ledger: Ledger, window: Window) -> Measure:
    """Return the median engagement an own post on the main channel, as a ratio to that of the window before (model rule 10).

    Engagement is the sum of likes, reposts and replies; a count that is unknown throughout one of the two windows is left out of both,
    and a post that lacks one of the others is left out. A median of zero before cannot fall: the ratio is then 1.
    """
    name, unit = "engagement_steady", "ratio"
    main = main_channel(ledger, window)
    if main is None:
        return hidden(name, Statistic.CENSUS, window, Reason("no_posts"), unit=unit, tables=TABLES)
    now, before = (_counted(ledger, span, main) for span in (window, window.before()))
    if not any(now[column].count() for column in ENGAGEMENT):
        return hidden(name, Statistic.CENSUS, window, Reason("no_engagement"), unit=unit, tables=TABLES)
    used = [column for column in ENGAGEMENT if now[column].count() and before[column].count()]
    medians = [_median_engagement(posts, used) for posts in (now, before)] if used else [None, None]
    if medians[0] is None or medians[1] is None:
        return hidden(name, Statistic.CENSUS, window, Reason("no_earlier_window"), unit=unit, tables=TABLES)
    n = now.drop_nulls(used).height
    beside = {"main_channel": main, "median": medians[0], "median_before": medians[1], "counts": used}
    ratio = medians[0] / medians[1] if medians[1] else 1.0
    return census(name, window, ratio, unit=unit, tables=TABLES, n=n, beside=beside)


def main_channel(ledger: Ledger, window: Window) -> str | None:
    """Return the account with most own posts in the window, the first by name among equals; None when there are none."""
    posts = ledger.kept("posts", window, *PRESENCE).filter(IS_OWN)
    if posts.is_empty():
        return None
    counts = posts.group_by("account").len().sort(["len", "account"], descending=[True, False])
    return str(counts.item(0, "account"))


def channels(ledger: Ledger, window: Window) -> Measure:
    """Return the number of accounts with own posts in the window; beside it the cadence of each, the busiest first."""
    posts = ledger.kept("posts", window, *PRESENCE).filter(IS_OWN)
    rows = []
    for (account,), mine in posts.group_by("account"):
        times = mine["at"].sort()
        begins, ends = _longest(times, window)
        rows.append(
            {
                "account": account,
                "posts": times.len(),
                "per_week": times.len() * 7 / window.days,
                "longest_gap": (ends - begins) / _DAY,
            }
        )
    rows.sort(key=lambda row: (-row["posts"], row["account"]))
    return census("channels", window, len(rows), unit="count", tables=TABLES, n=posts.height, beside={"accounts": rows})


def thread_share(ledger: Ledger, window: Window) -> Measure:
    """Return the share of own posts that continue a thread of the agency's own. Shown, never scored."""
    posts = ledger.kept("posts", window, *PRESENCE).filter(IS_OWN)
    if posts.is_empty():
        return hidden("thread_share", Statistic.CENSUS, window, Reason("no_posts"), unit="share", tables=TABLES)
    share = posts.select(IS_CONTINUATION.mean()).item()
    return census("thread_share", window, share, unit="share", tables=TABLES, n=posts.height)


def posting_hours(ledger: Ledger, window: Window) -> Measure:
    """Return in how many of the week's 168 hours (UTC) the agency posted at all; beside it posts by weekday (Monday first) and hour."""
    name = "posting_hours"
    posts = ledger.kept("posts", window, *PRESENCE).filter(IS_OWN)
    if posts.is_empty():
        return hidden(name, Statistic.CENSUS, window, Reason("no_posts"), unit="count", tables=TABLES)
    hour = (pl.col("at").dt.weekday().cast(pl.Int32) - 1) * 24 + pl.col("at").dt.hour()
    counts = dict(posts.group_by(hour.alias("hour")).len().iter_rows())
    table = [[counts.get(day * 24 + hour, 0) for hour in range(24)] for day in range(7)]
    return census(
        name, window, len(counts), unit="count", tables=TABLES, n=posts.height, beside={"hours": table, "zone": "UTC"}
    )


def _own(ledger: Ledger, window: Window, account: str) -> pl.Series:
    posts = ledger.kept("posts", window, *PRESENCE)
    return posts.filter((pl.col("account") == account) & IS_OWN)["at"].sort()


def _longest(times: pl.Series, window: Window) -> tuple[datetime, datetime]:
    # The end of the window closes the last gap; the first post opens the first one.
    ends = pl.concat([times, pl.Series("at", [window.ends], dtype=times.dtype)])
    gaps = ends.diff().slice(1)
    widest = gaps.arg_max()
    assert widest is not None  # noqa: S101 - there is at least one post
    return ends[widest], ends[widest + 1]


def _counted(ledger: Ledger, window: Window, account: str) -> pl.DataFrame:
    posts = ledger.kept("posts", window, *PRESENCE, *ENGAGEMENT)
    return posts.filter((pl.col("account") == account) & IS_OWN).select(ENGAGEMENT)


def _median_engagement(posts: pl.DataFrame, used: list[str]) -> float | None:
    # Counts are 32 bits wide and may not be added as such.
    sums = posts.drop_nulls(used).select(pl.sum_horizontal(pl.col(used).cast(pl.Int64)).alias("sum"))["sum"]
    median = sums.median()
    return None if median is None else float(median)  # type: ignore[arg-type]


def _last_post(ledger: Ledger, until: datetime) -> datetime | None:
    rows = ledger.table("posts").filter(IS_OWN & (pl.col("at") <= until))
    last: datetime | None = rows.select(pl.col("at").max()).collect().item()
    return last


def _record_begins(ledger: Ledger, window: Window, account: str, first: datetime) -> dict[str, str]:
    """Say when the record of this account begins inside the window: its cadence is then that of a shorter time."""
    mine = ledger.table("posts").filter(pl.col("at") < window.begins, pl.col("account") == account, IS_OWN)
    # One earlier post is enough: a long record is not read to its end.
    begins_before = first == window.begins or mine.select("at").head(1).collect().height
    return {} if begins_before else {"record_begins": first.isoformat()}
