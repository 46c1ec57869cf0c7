"""Every table a record can have: those that archives fill too, and those whose rows are of one area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from callbox.collaboration import tables as collaboration
from callbox.intelligence import product_tables as products
from callbox.intelligence import tables as intelligence
from callbox.networks import ledger
from callbox.operations import alert_tables as alerts
from callbox.operations import claim_tables as claims
from callbox.operations import incident_tables as incidents
from callbox.operations import staffing_tables as staffing
from callbox.operations import tables as operations
from callbox.trust import beat_tables as beats
from callbox.trust import rule_tables as rules
from callbox.trust import tables as trust

#: The tables that only the agency's own rows fill. One that is there without rows says that there was nothing.
OF_AREAS: Final[Mapping[str, pl.Schema]] = {
    **trust.SCHEMAS,
    **rules.SCHEMAS,
    **operations.SCHEMAS,
    **alerts.SCHEMAS,
    **incidents.SCHEMAS,
    **claims.SCHEMAS,
    **staffing.SCHEMAS,
    **intelligence.SCHEMAS,
    **products.SCHEMAS,
    **collaboration.SCHEMAS,
    **beats.SCHEMAS,
}
SCHEMAS: Final[Mapping[str, pl.Schema]] = {**ledger.SCHEMAS, **OF_AREAS}


def conform(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with exactly the columns of `table`, as `callbox.networks.ledger.conform` does, for any table there is."""
    return ledger.conform(table, frame, schemas=SCHEMAS)
