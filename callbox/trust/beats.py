"""Whether a resident can find and reach the officer of the neighbourhood (practice C3): the table, from rows to it, the measure.

The rows are of two rooms: beats of people, answers of this one.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from callbox.core.measure import Measure, Statistic, Window, census, hidden
from callbox.core.text import Reason
from callbox.networks.ledger import Columns, Ledger
from callbox.people.models import Agency, Beat
from callbox.trust.models import Conversation

#: An answer within two working days (C3); questions of this long count.
WORKING_DAYS: Final = 2
SPAN: Final = timedelta(days=90)
_SATURDAY: Final = 5

_COLUMNS: Final[dict[str, Columns]] = {
    # One beat that residents are offered now.
    "beats": {
        "named": pl.Boolean,  # an officer is named
        "channel": pl.Boolean,  # there is a way to reach the team
        "asked": pl.UInt32,  # questions to it in the last 90 days that a person says need an answer, and whose time is up or answered
        "in_time": pl.Boolean,  # the median answer came within two working days; null: nobody asked
    },
}

SCHEMAS: Final = {table: pl.Schema(columns) for table, columns in _COLUMNS.items()}


def ledger(agency: Agency, *, as_of: datetime) -> dict[str, pl.DataFrame]:
    """Return the table `beats` at `as_of`."""
    answers, zone = _answers(agency, as_of), ZoneInfo(agency.time_zone)
    found = []
    for beat in Beat.objects.of(agency).standing().order_by("pk"):
        judged = [
            each for each in (in_time(*pair, as_of=as_of, zone=zone) for pair in answers[beat.pk]) if each is not None
        ]
        named = any(str(member.get("name", "")).strip() for member in beat.team)
        half = median(judged) >= 0.5 if judged else None  # half of them or more in time
        found.append((named, bool(beat.public_contact.strip()), len(judged), half))
    return {
        "beats": pl.DataFrame(found, schema=SCHEMAS["beats"], orient="row").sort(
            list(SCHEMAS["beats"]), nulls_last=True
        )
    }


def _answers(agency: Agency, as_of: datetime) -> dict[int, list[tuple[datetime, datetime | None]]]:
    rows = Conversation.objects.of(agency).filter(opened_at__range=(as_of - SPAN, as_of), answerable=True)
    found = defaultdict(list)
    for beat, asked, replied in rows.exclude(beat=None).values_list("beat", "opened_at", "replied_at"):
        found[beat].append((asked, replied))
    return found


def in_time(asked: datetime, replied: datetime | None, *, as_of: datetime, zone: ZoneInfo) -> bool | None:
    """Return whether an answer came by the end of the second working day after the question; None while that day lasts.

    Working days are Monday to Friday on the agency's own clock; holidays count as working days, so the figure is never better than it was.
    """
    day, left = asked.astimezone(zone).date(), WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY
    limit = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
    if replied is not None and replied < limit:
        return True
    return False if as_of >= limit else None


def reachable_beats(ledger: Ledger, window: Window) -> Measure:
    """Return the share of beats with a named officer and a way to reach them, where the median answer took at most two working days.

    A beat that nobody asked counts by its name and channel alone; beside it stands how many those are.
    """
    name, tables = "reachable_beats", ("beats",)
    rows = ledger.tables["beats"].collect() if "beats" in ledger.tables else None
    if rows is None or rows.is_empty():
        reason = Reason("no_table", {"table": "beats"}) if rows is None else Reason("no_beats")
        return hidden(name, Statistic.CENSUS, window, reason, unit="share", tables=tables)
    reachable = rows.filter(pl.col("named") & pl.col("channel") & pl.col("in_time").fill_null(value=True))
    beside = {"never_asked": reachable["in_time"].null_count()}
    share = reachable.height / rows.height
    return census(name, window, share, unit="share", tables=tables, n=rows.height, beside=beside)
