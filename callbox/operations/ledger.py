"""From this area's live rows to the ledger: who was owed word about a report, and when they had it."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from callbox.operations.models import Case
from callbox.operations.tables import EXCLUDED, SCHEMAS
from callbox.people.models import Agency


def ledger(agency: Agency, *, as_of: datetime) -> dict[str, pl.DataFrame]:
    """Return the tables of the ledger that this area's rows fill until `as_of`."""
    return {"notifications": notifications(agency).filter(pl.col("at") <= as_of)}


def notifications(agency: Agency) -> pl.DataFrame:
    """Return the table `notifications`: one row for each case whose caller is owed word."""
    rows = Case.objects.of(agency).order_by("eligible_at", "pk").values_list("eligible_at", "told_at", "kind")
    found = [(at, told, kind, kind in EXCLUDED) for at, told, kind in rows.iterator()]
    return pl.DataFrame(found, schema=SCHEMAS["notifications"], orient="row")
