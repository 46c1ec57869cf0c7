"""What residents, watches or partners brought is handed to dispatch, or becomes an incident. The only place that reads both sides.

A tip can be no subject: what a resident sealed for the police stays sealed.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.collaboration.bundle import from_row
from callbox.collaboration.models import Arrival
from callbox.collaboration.services import arrivals
from callbox.core.refusal import RefusedError
from callbox.core.state import MovedMeanwhileError
from callbox.intelligence.models import Event
from callbox.operations.gateways.payload import URGENCIES, Content, Urgency
from callbox.operations.models import Escalation, Gateway, Incident
from callbox.operations.services import escalations, incidents
from callbox.people.models import Agency, User
from callbox.people.roles import Action, can
from callbox.trust.models import Conversation, Line

#: What may be handed over, and what one must be allowed to read for it.
KINDS: Final[Mapping[str, Action]] = {
    "conversation": Action.READ_INBOX,
    "event": Action.READ_EVENTS,
    "incident": Action.READ_INCIDENTS,
    "arrival": Action.READ_PARTNERS,
}
#: Characters of a resident's words that may go along.
WORDS: Final = 500


@dataclass(frozen=True, slots=True)
class Matter:
    """What is at hand. subject: `conversation:12`.  title: its name on the desk, never sent.  what, where: to start from.
    about: what an officer may choose to include of a person, by what it is.  urgent: words of danger, or an officer said so.
    incident: the open one it belongs to.
    """

    subject: str
    title: str
    what: str = ""
    where: str = ""
    about: Mapping[str, str] = field(default_factory=dict)
    urgent: bool = False
    exercise: bool = False
    incident: Incident | None = None


def matter(*, agency: Agency, subject: str, by: User) -> Matter | None:
    """Return what `subject` names, None where there is no such thing in this agency or `by` may not read it."""
    kind, _colon, number = subject.partition(":")
    if kind not in KINDS or not number.isdecimal() or len(number) > 18 or not can(by, KINDS[kind], agency):
        return None
    if kind == "conversation":
        return _conversation(agency, int(number))
    if kind == "event":
        return _event(agency, int(number))
    if kind == "arrival":
        return _arrival(agency, int(number))
    row = Incident.objects.of(agency).filter(pk=int(number)).first()
    if row is None:
        return None
    return Matter(
        row.subject, row.title, row.title, row.place, urgent=row.critical, exercise=row.exercise, incident=row
    )


def _conversation(agency: Agency, number: int) -> Matter | None:
    row = Conversation.objects.of(agency).select_related("beat").filter(pk=number).first()
    if row is None:
        return None
    last = row.lines.filter(kind=Line.Kind.RESIDENT).order_by("-at", "-pk").first()
    about = {"words": last.text[:WORDS] if last else "", "name": row.person}
    subject = f"conversation:{row.pk}"
    return Matter(
        subject,
        row.topic,
        where=str(row.beat or ""),
        about={name: text for name, text in about.items() if text},
        urgent=row.urgent,
        incident=incidents.open_of(agency, subject),
    )


def _event(agency: Agency, number: int) -> Matter | None:
    row = Event.objects.of(agency).filter(pk=number).first()
    if row is None:
        return None
    what = row.title if row.named else ""  # words a person chose; those of the grouping are residents' own
    return Matter(row.subject, row.title, what, row.place, incident=incidents.open_of(agency, row.subject))


def _arrival(agency: Agency, number: int) -> Matter | None:
    """What a partner shared; of a recall, and of what a newer version replaced, nothing is made any more."""
    row = Arrival.objects.of(agency).filter(pk=number).exclude(state__in=("superseded", "recalled")).first()
    shown = from_row(row.bundle).shown if row is not None else None
    if row is None or shown is None:
        return None
    title = shown.title or next(iter(shown.texts.values()))[:80]
    return Matter(row.subject, title, title, urgent=shown.urgent, incident=incidents.open_of(agency, row.subject))


def known(*, agency: Agency, subject: str, by: User) -> None:
    """Tell the partner that we know of what it shared, once somebody acts on it. Belongs into the transaction of the act."""
    kind, _colon, number = subject.partition(":")
    if kind == "arrival":
        with suppress(RefusedError, MovedMeanwhileError):  # somebody decided about it already, which is as good
            arrivals.noted(arrival=Arrival.objects.of(agency).get(pk=int(number)), by=by)


def content(found: Matter, *, what: str, where: str, urgency: str, chosen: Collection[str], link: str) -> Content:
    """Return what would be sent, to be shown before it is.

    chosen: names of what an officer wants to include of the person; nothing else of them goes along.

    Raises:
        RefusedError: the urgency is none of those there are.
    """
    if urgency not in URGENCIES:
        raise RefusedError(_("Say how urgent it is. Nothing was sent."))
    known: Urgency = next(each for each in URGENCIES if each == urgency)
    about = {name: text for name, text in found.about.items() if name in chosen}
    return Content(" ".join(what.split()), " ".join(where.split()), known, link, about)


def escalate(
    *, agency: Agency, subject: str, gateway: Gateway, told: Content, seen: str, key: uuid.UUID, by: User
) -> Escalation:
    """Hand something to dispatch, exactly as it was shown. seen: the digest of what was shown.  key: of the form, so that twice is once.

    Raises:
        RefusedError: what would leave is not what was shown, there is no such thing, or operations refuses. Nothing was sent.
    """
    found = matter(agency=agency, subject=subject, by=by)
    if found is None or gateway.agency_id != agency.pk:
        raise RefusedError(_("There is nothing of this name that you may hand over. Nothing was sent."))
    if told.digest != seen:
        raise RefusedError(
            _("Something changed since you looked at it. Read below what would be sent; nothing was sent yet.")
        )
    incident = found.incident if found.incident and found.incident.exercise == gateway.exercise else None
    if found.exercise and not gateway.exercise:
        incident = found.incident  # refused in operations, with its sentence
    with transaction.atomic():
        row = escalations.ask(gateway=gateway, subject=subject, content=told, key=key, incident=incident, by=by)
        known(agency=agency, subject=subject, by=by)
    return row


@transaction.atomic
def open_incident(*, agency: Agency, subject: str, title: str, critical: bool, by: User) -> Incident:
    """Open an incident from a conversation, an event or an arrival in one action; what was escalated from the same belongs to it.

    Raises:
        RefusedError: there is no such thing, it has an open incident, or `by` may not lead one.
    """
    found = matter(agency=agency, subject=subject, by=by)
    if found is None or subject.startswith("incident:"):
        raise RefusedError(_("There is nothing of this name from which you could open an incident."))
    row = incidents.open_incident(
        agency=agency,
        title=title or found.what or _("New incident"),
        place=found.where,
        subjects=[subject],
        critical=critical,
        flagged_at=timezone.now(),
        by=by,
    )
    known(agency=agency, subject=subject, by=by)
    for sent in Escalation.objects.of(agency).filter(subject=subject, incident=None).exclude(state="settled"):
        escalations.link(escalation=sent, incident=row, by=by)
    return row
