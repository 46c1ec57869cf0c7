"""The agency's calendar: which day it is where the agency is, for whatever is due on a day."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from callbox.people.models import Agency


def today(agency: Agency) -> date:
    """Return the day on the agency's clocks; an installation's own clock may be half a day away."""
    return timezone.localdate(timezone=ZoneInfo(agency.time_zone))
