"""What is due on a day is due on the agency's day, wherever the server stands."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine

from callbox.people.days import today
from callbox.people.models import Agency


@pytest.mark.parametrize(
    ("zone", "day"),
    [("UTC", date(2026, 3, 2)), ("America/Los_Angeles", date(2026, 3, 1)), ("Pacific/Auckland", date(2026, 3, 2))],
)
def test_the_day_is_the_agencys(zone: str, day: date) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 3, tzinfo=UTC), tick=False):
        assert today(Agency(time_zone=zone)) == day
