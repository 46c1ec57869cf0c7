"""The five times of a drill, read from the rows that the real code wrote; nobody stops a watch by hand."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Min

from callbox.flows.drill import ground
from callbox.governance.audit import Value
from callbox.governance.models import Approval
from callbox.intelligence.models import Event
from callbox.networks.models import Delivery
from callbox.operations.models import Alert, Drill, Escalation, Incident
from callbox.operations.services import drills
from callbox.people.models import Agency
from callbox.trust.models import Line
from callbox.voice.models import Message


def observe(drill: Drill) -> bool:
    """Write down what has come since the drill was looked at last; return whether anything had."""
    twin = ground.find(drill.agency)
    if twin is None or drill.state != "running":
        return False
    incident = Incident.objects.of(twin).order_by("flagged_at", "pk").first()
    found = {name: at for name, at in _times(twin).items() if at is not None and at >= drill.began_at}
    return drills.note(drill=drill, steps=found, made=_made(twin), incident=incident)


def _times(twin: Agency) -> dict[str, datetime | None]:
    """Return each step with the first moment that shows it.

    detected: an event or a resident's word stands on the desk.  verified: a person found it true or false, or dispatch has it.
    approved: a second person let words go.  published: they are out.  corrected: what puts them right is out.
    """
    events, sent = (
        Event.objects.of(twin),
        Delivery.objects.of(twin).filter(state="sent", subject__startswith="message:"),
    )
    heard = Line.objects.filter(conversation__agency=twin, kind=Line.Kind.RESIDENT)
    words = Approval.objects.of(twin)
    corrections = [message.subject for message in Message.objects.of(twin).exclude(corrects=None)]
    alerts = Alert.objects.of(twin).published()
    return {
        "detected": _first(_min(events, "seen_at"), _min(heard, "item__seen_at")),
        "verified": _first(_min(events, "decided_at"), _min(Escalation.objects.of(twin), "acknowledged_at")),
        "approved": _first(
            _min(words.filter(subject__startswith="message:"), "at"),
            _min(words.filter(subject__startswith="alert:"), "at"),
        ),
        "published": _first(_min(sent.exclude(subject__in=corrections), "settled_at"), _min(alerts, "sent")),
        "corrected": _first(
            _min(sent.filter(subject__in=corrections), "settled_at"), _min(alerts.exclude(follows=None), "sent")
        ),
    }


def _made(twin: Agency) -> dict[str, Value]:
    """Return what the drill made, by what that is: the alert that shows that alerting was tried, and how many of the rest."""
    alert = Alert.objects.of(twin).published().order_by("pk").first()
    counts: dict[str, Value] = {
        "events": Event.objects.of(twin).count(),
        "escalations": Escalation.objects.of(twin).count(),
        "messages": Message.objects.of(twin).filter(state__in=("out", "withdrawn")).count(),
    }
    return counts | ({"alert": alert.identifier} if alert else {})


def _min(rows: object, field: str) -> datetime | None:
    found: datetime | None = rows.aggregate(first=Min(field))["first"]  # type: ignore[attr-defined]
    return found


def _first(*moments: datetime | None) -> datetime | None:
    return min((each for each in moments if each is not None), default=None)
