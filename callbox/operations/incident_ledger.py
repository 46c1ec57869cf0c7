"""From incidents and drills to the ledger. What is only practised never stands among what happened."""

from __future__ import annotations

from datetime import datetime

import polars as pl
from django.db.models import Count, Q

from callbox.operations.incident_tables import SCHEMAS
from callbox.operations.models import Drill, Incident
from callbox.people.models import Agency


def ledger(agency: Agency, *, as_of: datetime) -> dict[str, pl.DataFrame]:
    """Return the tables `incidents` and `exercises` until `as_of`."""
    return {"incidents": _incidents(agency, as_of), "exercises": _exercises(agency, as_of)}


def _incidents(agency: Agency, as_of: datetime) -> pl.DataFrame:
    columns = ("flagged_at", "flagged_from", "first_word_at", "critical", "frozen_at")
    rows = Incident.objects.of(agency).real().filter(flagged_at__lte=as_of).order_by("flagged_at", "pk")
    return pl.DataFrame(list(rows.values_list(*columns)), schema=SCHEMAS["incidents"], orient="row")


def _exercises(agency: Agency, as_of: datetime) -> pl.DataFrame:
    held = Drill.objects.of(agency).filter(state="done", began_at__lte=as_of).order_by("began_at", "pk")
    counted = held.annotate(led_to=Count("actions"), closed=Count("actions", filter=Q(actions__state="closed")))
    rows = counted.values_list("began_at", "kind", "partners", "made", "led_to", "closed")
    found = [
        (at, kind, len(partners), kind == "test" or "alert" in made, led_to, closed)
        for at, kind, partners, made, led_to, closed in rows
    ]
    return pl.DataFrame(found, schema=SCHEMAS["exercises"], orient="row")
