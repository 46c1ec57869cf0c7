"""The meetings of a beat as a calendar file (iCalendar, RFC 5545)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from callbox.people.models import Beat


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting. at: with its offset."""

    at: datetime
    title: str
    place: str


def meetings_of(beat: Beat) -> tuple[Meeting, ...]:
    """Return the meetings in their order; an hour without an offset is one of the agency's clock."""
    zone = ZoneInfo(beat.agency.time_zone)
    found = []
    for each in beat.meetings:
        at = datetime.fromisoformat(each["at"])
        found.append(
            Meeting(at if at.tzinfo else at.replace(tzinfo=zone), each.get("title", ""), each.get("place", ""))
        )
    return tuple(sorted(found, key=lambda meeting: meeting.at))


def to_come(beat: Beat) -> tuple[Meeting, ...]:
    """Return the meetings that lie ahead, today's included until the day is over."""
    midnight = timezone.localtime(timezone=ZoneInfo(beat.agency.time_zone)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    return tuple(meeting for meeting in meetings_of(beat) if meeting.at >= midnight)


def calendar(beat: Beat, *, host: str, usual: str) -> bytes:
    """Return the file. host: makes the names of the events unlike any other's.  usual: title of a meeting that has none."""
    return b"".join(_folded(line) for line in _lines(beat, meetings_of(beat), host, usual))


def _lines(beat: Beat, meetings: Iterable[Meeting], host: str, usual: str) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Callbox//beats//EN", f"X-WR-CALNAME:{_escaped(beat.name)}")
    for meeting in meetings:
        name = hashlib.sha256(
            f"{beat.agency.slug} {beat.code} {meeting.at.isoformat()} {meeting.place}".encode()
        ).hexdigest()
        yield "BEGIN:VEVENT"
        yield f"UID:{name[:32]}@{host}"
        yield f"DTSTAMP:{_utc(beat.at)}"
        yield f"DTSTART:{_utc(meeting.at)}"
        yield f"SUMMARY:{_escaped(meeting.title or usual)}"
        if meeting.place:
            yield f"LOCATION:{_escaped(meeting.place)}"
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """Return a text value (RFC 5545, 3.3.11)."""
    flat = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return flat.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "")


def _folded(line: str) -> bytes:
    """Return a line of at most 75 octets, the rest on lines that begin with a blank, never cut inside a letter (RFC 5545, 3.1)."""
    parts, room = [b""], 75
    for sign in line:
        data = sign.encode()
        if len(parts[-1]) + len(data) > room:
            parts.append(b"")
            room = 74
        parts[-1] += data
    return b"\r\n ".join(parts) + b"\r\n"
