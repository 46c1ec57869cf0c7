"""How long incidents, escalations and drills are kept. What is still open is never purged."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from callbox.governance.retention.keeping import Keeper, Rows, numbers
from callbox.operations.models import Action, Drill, Escalation, Incident, Note
from callbox.people.models import Agency

#: How an escalation ends.
_ENDED = ("acknowledged", "settled")


def _incidents(agency: Agency) -> Rows:
    closed = Incident.objects.of(agency).filter(state="closed")
    return closed.exclude(escalations__state="lapsed").annotate(started=F("closed_at"))


def _held_incidents(subjects: Sequence[str]) -> Q:
    return Q(pk__in=numbers(subjects, "incident")) | Q(escalations__in=numbers(subjects, "escalation"))


def _remove_incidents(rows: Rows) -> None:
    gone = list(rows.values_list("pk", flat=True))
    Note.objects.filter(incident__in=gone).delete()
    Escalation.objects.filter(incident__in=gone).delete()
    Incident.objects.filter(pk__in=gone).delete()


def _escalations(agency: Agency) -> Rows:
    """Those without an incident; the others go with theirs."""
    ended = Escalation.objects.of(agency).filter(incident=None, state__in=_ENDED)
    return ended.annotate(started=Coalesce("settled_at", "acknowledged_at", "at"))


def _held_escalations(subjects: Sequence[str]) -> Q:
    return Q(pk__in=numbers(subjects, "escalation")) | Q(subject__in=list(subjects))


def _remove_escalations(rows: Rows) -> None:
    Escalation.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).delete()


def _drills(agency: Agency) -> Rows:
    ended = Drill.objects.of(agency).exclude(state="running").exclude(actions__state="open")
    return ended.annotate(started=Coalesce("ended_at", "began_at"))


def _held_drills(subjects: Sequence[str]) -> Q:
    return Q(pk__in=numbers(subjects, "drill"))


def _remove_drills(rows: Rows) -> None:
    gone = list(rows.values_list("pk", flat=True))
    Action.objects.filter(drill__in=gone).delete()
    Drill.objects.filter(pk__in=gone).delete()


INCIDENTS = Keeper("incidents", _incidents, _held_incidents, _remove_incidents, frozenset({Note, Escalation}))
ESCALATIONS = Keeper("escalations", _escalations, _held_escalations, _remove_escalations)
DRILLS = Keeper("drills", _drills, _held_drills, _remove_drills, frozenset({Action}))
