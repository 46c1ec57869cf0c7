"""The table of the ledger that the roster fills."""

from __future__ import annotations

from typing import Final

import polars as pl

from callbox.networks.ledger import TIME, Columns

_COLUMNS: Final[dict[str, Columns]] = {
    # One span in which somebody answered, or could be called.
    "staffing": {
        "at": TIME,  # from
        "until": TIME,
        "people": pl.UInt16,
        "on_call": pl.Boolean,
        "zone": pl.String,  # of the agency, by which its hours are counted
    },
}

SCHEMAS: Final = {table: pl.Schema(columns) for table, columns in _COLUMNS.items()}
