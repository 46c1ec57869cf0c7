"""From the roster to the ledger."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from callbox.operations.models import Shift
from callbox.operations.staffing_tables import SCHEMAS
from callbox.people.models import Agency


def ledger(agency: Agency, *, as_of: datetime) -> dict[str, pl.DataFrame]:
    """Return the table `staffing` until `as_of`: what stands on the roster and has begun."""
    rows = Shift.objects.of(agency).standing().filter(begins__lte=as_of).order_by("begins", "pk")
    found = [
        (begins, ends, people, on_call, agency.time_zone)
        for begins, ends, people, on_call in rows.values_list("begins", "ends", "people", "on_call")
    ]
    return {"staffing": pl.DataFrame(found, schema=SCHEMAS["staffing"], orient="row")}
