"""From beats and the answers given there to the ledger. The rows are of two rooms: beats of people, answers of this one."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from callbox.people.models import Agency, Beat
from callbox.trust.beat_tables import SCHEMAS
from callbox.trust.ledger import answered

#: An answer within two working days (C3); questions of this long count.
WORKING_DAYS: Final = 2
SPAN: Final = timedelta(days=90)
_SATURDAY: Final = 5


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
    rows = answered(agency, "beat", "opened_at", "answered").filter(
        opened_at__range=(as_of - SPAN, as_of), answerable=True
    )
    found = defaultdict(list)
    for beat, asked, replied in rows.exclude(beat=None):
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
