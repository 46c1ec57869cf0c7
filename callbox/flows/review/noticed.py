"""What waits of intelligence, operations and collaboration, as `facts` asks it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from callbox.collaboration.models import Arrival
from callbox.flows.review.ranking import Fact, Kind
from callbox.flows.review.standards import Standards
from callbox.governance.models import Approval
from callbox.intelligence.models import Event, Watch
from callbox.operations.models import Alert, Escalation
from callbox.people.models import Agency, User

#: More of one kind are not counted one by one.
_ENOUGH: Final = 100


def lapsed(agency: Agency, standards: Standards) -> Iterable[Fact]:
    """Tell of what dispatch did not acknowledge in time; exercises ring nobody."""
    rows = Escalation.objects.of(agency).lapsed().filter(exercise=False).order_by("due_by")
    return _fact(Kind.LAPSED, rows.values_list("pk", "due_by"), standards.practice("first_official_word"))


def alerts(agency: Agency, user: User, standards: Standards) -> Iterable[Fact]:
    """Tell of alerts that wait for this person: not an author, and not one who has approved already."""
    mine = Approval.objects.of(agency).standing().filter(by=user, subject__startswith="alert:")
    done = [int(subject.partition(":")[2]) for subject in mine.values_list("subject", flat=True)]
    waiting = Alert.objects.of(agency).filter(state="submitted").exclude(by=user).exclude(versions__by=user)
    rows = waiting.exclude(pk__in=done).order_by("changed_at")
    return _fact(Kind.ALERTS, rows.values_list("pk", "changed_at"), standards.practice("cap_valid"))


def events(agency: Agency, standards: Standards) -> Iterable[Fact]:
    """Tell of events nobody has looked at."""
    rows = Event.objects.of(agency).filter(state="new").order_by("seen_at")
    return _fact(Kind.EVENTS, rows.values_list("pk", "seen_at"), standards.practice("products_rated"))


def arrivals(agency: Agency, standards: Standards) -> Iterable[Fact]:
    """Tell of what partners offer."""
    rows = Arrival.objects.of(agency).to_look_at().order_by("at")
    return _fact(Kind.ARRIVALS, rows.values_list("pk", "at"), standards.practice("partner_sectors"))


def to_sign(agency: Agency, standards: Standards) -> Iterable[Fact]:
    """Tell of watches that touch what law protects."""
    rows = Watch.objects.of(agency).filter(state="stopped").order_by("changed_at")
    return _fact(Kind.SIGNING, rows.values_list("pk", "changed_at"), standards.practice("searches_with_purpose"))


def to_allow(agency: Agency, user: User, standards: Standards) -> Iterable[Fact]:
    """Tell of watches this person did not write and may allow."""
    rows = Watch.objects.of(agency).filter(state="submitted").exclude(by=user).exclude(versions__by=user)
    found = rows.order_by("changed_at").values_list("pk", "changed_at")
    return _fact(Kind.WATCHES, found, standards.practice("searches_with_purpose"))


def _fact(kind: Kind, rows: QuerySet[Any, tuple[int, datetime]], practice: str) -> list[Fact]:
    found = list(rows[:_ENOUGH])
    if not found:
        return []
    return [Fact(kind, len(found), practice, since=found[0][1], about=found[0][0] if len(found) == 1 else None)]
