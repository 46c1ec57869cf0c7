"""How an agency posted, week by week and hour by hour: what the cadence pictures are drawn from. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from callbox.core.measure import Window
from callbox.maturity.model.catalogue import WINDOW_DAYS
from callbox.maturity.report.inputs import Activity
from callbox.networks.ledger import Ledger
from callbox.networks.measures.posts import IS_OWN


def activity(ledger: Ledger, *, days: int = WINDOW_DAYS, zone: str = "UTC") -> Activity:
    """Return the agency's own posts on all its channels over the trailing window, weeks and hours in its local time.

    zone: name in the IANA time zone database.

    Raises:
        ZoneInfoNotFoundError: there is no such zone.
    """
    ZoneInfo(zone)
    window = Window.trailing(ledger.as_of, days=days)
    posts = (
        ledger.table("posts")
        .filter(pl.col("at").is_between(window.begins, window.ends), IS_OWN)
        .select(pl.col("at").dt.convert_time_zone(zone))
        .sort("at")
        .collect()
    )
    if posts.is_empty():
        return Activity(zone=zone)
    times = posts["at"]
    hours = posts.group_by(day=times.dt.weekday() - 1, hour=times.dt.hour()).len()
    grid = [[0] * 24 for _day in range(7)]
    for day, hour, count in hours.iter_rows():
        grid[day][hour] = count
    return Activity(_weeks(times), tuple(map(tuple, grid)), _gap(times), zone)


def _weeks(times: pl.Series) -> tuple[tuple[date, int], ...]:
    counted = dict(times.dt.truncate("1w").dt.date().value_counts().iter_rows())
    monday, last = min(counted), max(counted)
    weeks = []
    while monday <= last:
        weeks.append((monday, counted.get(monday, 0)))
        monday += timedelta(days=7)
    return tuple(weeks)


def _gap(times: pl.Series) -> tuple[datetime, datetime] | None:
    """Return the longest silence between two posts."""
    place = times.diff().arg_max()
    return None if place is None else (times[place - 1], times[place])
