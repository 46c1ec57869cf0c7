"""The first official word about an incident: proposed from what left after the flag, chosen by a person, never guessed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Min
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.networks.deliveries.models import Delivery, DeliveryQuerySet
from callbox.operations.models import Incident
from callbox.operations.services import incidents
from callbox.people.models import User

#: As many are proposed.
MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Out:
    """A message that is out. subject: `message:12`.  at: when the first network had it.  text: how it begins there."""

    subject: str
    at: datetime
    text: str


def proposed(incident: Incident) -> list[Out]:
    """Return the messages that left after the flag, the earliest first."""
    return list(_out(incident, Delivery.objects.filter(subject__startswith="message:")))[:MOST]


def choose(*, incident: Incident, subject: str, by: User) -> None:
    """Say that this message was the first official word.

    Raises:
        RefusedError: it is none that left after the flag, or `by` may not. Nothing was changed.
    """
    found = next(iter(_out(incident, Delivery.objects.filter(subject=subject))), None)
    if found is None or not subject.startswith("message:"):
        raise RefusedError(_("Choose a message that left after the incident was flagged. Nothing was changed."))
    incidents.set_first_word(incident=incident, subject=subject, at=found.at, title=found.text[:120], by=by)


def _out(incident: Incident, rows: DeliveryQuerySet) -> Iterator[Out]:
    sent = rows.of(incident.agency).filter(state="sent", operation="publish", settled_at__gte=incident.flagged_at)
    first = sent.order_by().values("subject").annotate(out=Min("settled_at")).order_by("out", "subject")[: MOST + 1]
    for each in first:
        row = sent.filter(subject=each["subject"], settled_at=each["out"]).order_by("pk").first()
        if row is not None:
            yield Out(row.subject, each["out"], row.shown.text)
