"""From findings about events to the ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl

from callbox.intelligence.checklist import rated
from callbox.intelligence.models import Assessment
from callbox.intelligence.product_tables import SCHEMAS, VERDICTS
from callbox.people.models import Agency


def ledger(agency: Agency, *, as_of: datetime) -> dict[str, pl.DataFrame]:
    """Return the table `products` until `as_of`: of each event the last finding that confirmed or refuted it."""
    found = Assessment.objects.filter(event__agency=agency, verdict__in=VERDICTS, at__lte=as_of).order_by("at", "pk")
    columns = ("event", "at", "verdict", "source_grade", "content_grade", "corroboration")
    last: dict[int, tuple[date, str, bool, bool]] = {}
    for event, at, verdict, source, content, elsewhere in found.values_list(*columns):
        last[event] = (at.astimezone(UTC).date(), verdict, rated(source, content), bool(elsewhere.strip()))
    rows = sorted(last.values())  # by what they say, so that a row's place tells nothing
    return {"products": pl.DataFrame(rows, schema=SCHEMAS["products"], orient="row")}
