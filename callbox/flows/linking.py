"""What belongs to an incident besides what was done in it: messages, conversations, events and what partners shared, put there by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from callbox.collaboration.bundle import from_row
from callbox.collaboration.models import Arrival
from callbox.core.refusal import RefusedError
from callbox.flows.escalation import KINDS, known, matter
from callbox.intelligence.models import Event
from callbox.operations.models import Escalation, Incident
from callbox.operations.services import escalations, incidents
from callbox.people.models import Agency, User
from callbox.people.roles import Action, can
from callbox.trust.models import Conversation
from callbox.voice.models import Message

#: As many of a kind are proposed, the newest first.
MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Linked:
    """Something that belongs to an incident, or could. subject: `message:12`.  title: empty where the reader may not read it."""

    subject: str
    title: str

    @property
    def kind(self) -> str:
        """Return what it is: message, conversation, event or arrival."""
        return self.subject.partition(":")[0]


def linked(incident: Incident, *, by: User) -> list[Linked]:
    """Return what belongs to an incident, in the order in which it was put there."""
    return [Linked(subject, _title(incident.agency, subject, by)) for subject in incident.subjects]


def proposed(incident: Incident, *, by: User) -> list[Linked]:
    """Return the newest things `by` may read that do not belong to it yet, kind by kind."""
    return [each for each in _newest(incident.agency, by) if each.subject not in incident.subjects]


def _newest(agency: Agency, by: User) -> Iterator[Linked]:
    for row in Message.objects.of(agency).exclude(state="dropped").order_by("-pk")[:MOST]:
        yield Linked(row.subject, _words(row))
    if can(by, KINDS["conversation"], agency):
        for talk in Conversation.objects.of(agency).order_by("-last_at", "-pk")[:MOST]:
            yield Linked(f"conversation:{talk.pk}", talk.topic)
    if can(by, KINDS["event"], agency):
        for event in Event.objects.of(agency).open().order_by("-last_at", "-pk")[:MOST]:
            yield Linked(event.subject, event.title)
    shared = Arrival.objects.of(agency).exclude(state__in=("superseded", "recalled")).filter(recalls=False)
    for arrival in shared.order_by("-at", "-pk")[:MOST]:
        yield Linked(arrival.subject, _said(arrival))


def _said(arrival: Arrival) -> str:
    shown = from_row(arrival.bundle).shown
    return "" if shown is None else shown.title or next(iter(shown.texts.values()))[:80]


def _title(agency: Agency, subject: str, by: User) -> str:
    message = _message(agency, subject, by)
    if message is not None:
        return _words(message)
    found = matter(agency=agency, subject=subject, by=by)
    return found.title if found else ""


def _message(agency: Agency, subject: str, by: User) -> Message | None:
    kind, _colon, number = subject.partition(":")
    readable = kind == "message" and number.isdecimal() and len(number) < 19 and can(by, Action.READ_MESSAGES, agency)
    return Message.objects.of(agency).filter(pk=int(number)).first() if readable else None


def _words(message: Message) -> str:
    content = message.newest.written
    return (content.title or content.text).replace("\n", " ")[:80]


@transaction.atomic
def link(*, incident: Incident, subject: str, by: User) -> None:
    """Put something into an incident, with a line in its log that says no more than what kind of thing it is, unless all may read it.

    Raises:
        RefusedError: there is no such thing that `by` may read, or `operations.services.incidents.link` refuses. Nothing was changed.
    """
    agency = incident.agency
    message, found = _message(agency, subject, by), matter(agency=agency, subject=subject, by=by)
    if message is None and (found is None or subject.startswith("incident:")):
        raise RefusedError(_("There is nothing of this name that could belong to an incident. Nothing was changed."))
    said = {
        "conversation": _("A conversation belongs to it."),
        "event": _("An event belongs to it."),
        "arrival": _("Something a partner shared belongs to it."),
    }
    text = (
        said[subject.partition(":")[0]]
        if message is None
        else _("A message belongs to it: %(title)s") % {"title": _words(message)}
    )
    incidents.link(incident=incident, subject=subject, text=text, by=by)
    known(agency=agency, subject=subject, by=by)
    for sent in Escalation.objects.of(agency).filter(subject=subject, incident=None).exclude(state="settled"):
        escalations.link(escalation=sent, incident=incident, by=by)


def open_ones(agency: Agency) -> Sequence[Incident]:
    """Return the open incidents something may be put into, the newest first."""
    return list(Incident.objects.of(agency).filter(state="open")[:MOST])
