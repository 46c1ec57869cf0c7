"""The agency's wall clock: what people type and read, beside the instants that are kept."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from callbox.people.models import Agency


class NoSuchHourError(ValueError):
    """The clock is set forward over this hour: no clock on a wall shows it that day."""


def zone_of(agency: Agency) -> ZoneInfo:
    """Return the agency's time zone."""
    return ZoneInfo(agency.time_zone)


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment (UTC) at which clocks in `zone` show `wall`; the first of two when they are set back over it.

    Raises:
        NoSuchHourError: no clock shows it.
    """
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != wall:
        raise NoSuchHourError(f"{wall:%Y-%m-%d %H:%M} does not exist in {zone.key}")
    return moment


def wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return what clocks in `zone` show at `moment`, without its zone."""
    return moment.astimezone(zone).replace(tzinfo=None)
