"""What an alert would be as a CAP message, and what stands in its way."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

import shapely
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.operations.cap import checking, reading
from callbox.operations.cap.vocabulary import Message, Reference
from callbox.operations.cap.words import SENTENCES, Problem
from callbox.operations.models import Alert, AlertVersion
from callbox.people.beats.ground import ground_of
from callbox.people.models import Agency

#: The only kind of account an exercise goes to.
PAPER: Final = "paper"
#: What an exercise says it is for.
NOTE: Final = "Exercise. This is practice: nothing has happened, and nobody needs to do anything."


def address(alert: Alert) -> str:
    """Return where people see it; the portal's tests hold it to the portal's own addresses."""
    return f"{settings.PORTAL_URL}/p/{alert.agency.slug}/alerts/{alert.identifier}/"


def sender(agency: Agency) -> str:
    """Return the name of an agency as a sender: its short name at the portal's host."""
    return f"{agency.slug}@{urlsplit(settings.PORTAL_URL).hostname or 'localhost'}"


def message_of(version: AlertVersion, *, sent: datetime) -> Message:
    """Return the CAP message a version would be, sent at that moment."""
    alert = version.alert
    return Message(
        identifier=alert.identifier,
        sender=sender(alert.agency),
        sent=sent.replace(microsecond=0),
        status="Exercise" if alert.exercise else "Actual",
        kind=alert.kind,  # type: ignore[arg-type]  # one of three, kept so by the database
        note=NOTE if alert.exercise else "",
        references=references(alert),
        infos=version.written.infos,
    )


def references(alert: Alert) -> tuple[Reference, ...]:
    """Return what an alert follows, the oldest first, as it stands in the bytes that were published."""
    return tuple(reading.read(each.xml.encode()).reference for each in alert.line)


def setting_of(alert: Alert, now: datetime) -> checking.Setting:
    """Return what is known around an alert."""
    ground = ground_of(alert.agency)
    home = tuple(float(each) for each in shapely.total_bounds(ground.shapes)) if len(ground.shapes) else None
    return checking.Setting(alert.exercise, now, references(alert), home)  # type: ignore[arg-type]  # four numbers


def problems_of(version: AlertVersion, *, now: datetime | None = None) -> list[Problem]:
    """Return everything that keeps a version from being published, but what its accounts say of their own."""
    at = now or timezone.now()
    _data, found = checking.finished(message_of(version, sent=at), setting_of(version.alert, at))
    return [*found, *strays(version)]


def strays(version: AlertVersion, shown: Collection[str] = ()) -> list[Problem]:
    """Return the accounts an exercise must never reach. shown: those something is about to be shown on."""
    if not version.alert.exercise:
        return []
    real = [name for name in sorted({*version.accounts, *shown}) if name.partition(":")[0] != PAPER]
    return [Problem("real_account", values={"account": name}) for name in real]


def said(problems: Sequence[Problem]) -> str:
    """Return problems as one line for a person."""
    found = []
    for each in problems:
        words = _(SENTENCES[each.code]) % dict(each.values)
        found.append(f"{each.place}: {words}" if each.place else words)
    return "; ".join(found)
