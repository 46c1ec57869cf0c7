"""From incidents and drills to the ledger. What is only practised never stands among what happened."""

from __future__ import annotations

from datetime import datetime

import polars as pl
from django.db.models import Count, Min, Q

from callbox.networks.models import Delivery
from callbox.operations.incident_tables import SCHEMAS
from callbox.operations.models import Alert, Drill, Incident
from callbox.people.models import Agency


def ledger(agency: Agency, *, as_of: datetime) -> dict[str, pl.DataFrame]:
    """Return the tables `incidents`, `updates` and `exercises` until `as_of`."""
    return {
        "incidents": _incidents(agency, as_of),
        "updates": _updates(agency, as_of),
        "exercises": _exercises(agency, as_of),
    }


def _incidents(agency: Agency, as_of: datetime) -> pl.DataFrame:
    columns = ("flagged_at", "flagged_from", "first_word_at", "critical", "frozen_at")
    rows = Incident.objects.of(agency).real().filter(flagged_at__lte=as_of).order_by("flagged_at", "pk")
    return pl.DataFrame(list(rows.values_list(*columns)), schema=SCHEMAS["incidents"], orient="row")


def _updates(agency: Agency, as_of: datetime) -> pl.DataFrame:
    """One row for each word; a message that carries an alert is counted with the alert."""
    rows = list(Incident.objects.of(agency).real().filter(flagged_at__lte=as_of))
    alerts = Alert.objects.of(agency).published().real().filter(incident__in=rows, sent__lte=as_of)
    carrying = set(Alert.objects.of(agency).exclude(message="").values_list("message", flat=True))
    messages = {row.pk: {*row.subjects, row.first_word} - carrying for row in rows}
    out = _out({subject for each in messages.values() for subject in each if subject.startswith("message:")}, agency)
    ends = {row.pk: row.closed_at if row.closed_at and row.closed_at <= as_of else None for row in rows}
    found = [
        (f"incident:{row.pk}", out[subject], ends[row.pk])
        for row in rows
        for subject in messages[row.pk]
        if subject in out and row.flagged_at <= out[subject] <= as_of
    ]
    for number, sent in alerts.values_list("incident", "sent"):
        if number is not None and sent is not None:  # the query says so
            found.append((f"incident:{number}", sent, ends[number]))
    return pl.DataFrame(found, schema=SCHEMAS["updates"], orient="row").sort(list(SCHEMAS["updates"]), nulls_last=True)


def _out(subjects: set[str], agency: Agency) -> dict[str, datetime]:
    """Return when each message was out first, on whichever account; a correction in place is out when it stands there."""
    sent = Delivery.objects.of(agency).filter(state="sent", operation__in=("publish", "edit"), subject__in=subjects)
    return dict(sent.order_by().values("subject").annotate(out=Min("settled_at")).values_list("subject", "out"))


def _exercises(agency: Agency, as_of: datetime) -> pl.DataFrame:
    held = Drill.objects.of(agency).filter(state="done", began_at__lte=as_of).order_by("began_at", "pk")
    counted = held.annotate(led_to=Count("actions"), closed=Count("actions", filter=Q(actions__state="closed")))
    rows = counted.values_list("began_at", "kind", "partners", "made", "led_to", "closed")
    found = [
        (at, kind, len(partners), kind == "test" or "alert" in made, led_to, closed)
        for at, kind, partners, made, led_to, closed in rows
    ]
    return pl.DataFrame(found, schema=SCHEMAS["exercises"], orient="row")
