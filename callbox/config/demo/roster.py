"""The demonstration agency's roster: office hours for twelve weeks and two to come, somebody on call in the evening; nobody at night."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from callbox.operations.services.roster import plan
from callbox.people.models import Agency, User
from callbox.people.roles import Role

#: Weekday, from, until, people, on call.
SHIFTS = (
    *((day, time(8), time(17), 2, False) for day in range(5)),
    *((day, time(17), time(22), 1, True) for day in range(5)),
    (5, time(10), time(16), 1, False),
)
WEEKS = 14


def build(agency: Agency, people: Mapping[Role, User], *, now: datetime) -> None:
    """Plan the shifts."""
    by = people[Role.COMMANDER]
    zone = ZoneInfo(agency.time_zone)
    local = now.astimezone(zone)
    monday = local.date() - timedelta(days=local.weekday(), weeks=WEEKS - 2)
    for day, begins, ends, count, on_call in SHIFTS:
        on = monday + timedelta(days=day)
        from_, until = (datetime.combine(on, each, tzinfo=zone) for each in (begins, ends))
        plan(agency=agency, begins=from_, ends=until, people=count, on_call=on_call, weeks=WEEKS, by=by)
