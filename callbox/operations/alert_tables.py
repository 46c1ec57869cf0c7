"""The table of the ledger that holds the alerts an agency published."""

from __future__ import annotations

from typing import Final

import polars as pl

from callbox.networks.ledger import TIME, Columns

_COLUMNS: Final[dict[str, Columns]] = {
    # One alert, update or cancel that was published.
    "alerts": {
        "at": TIME,  # sent
        "kind": pl.String,  # Alert, Update, Cancel
        "exercise": pl.Boolean,
        "severity": pl.String,  # of its first language
        "approvers": pl.Int64,  # different people who approved it as it went out
        "valid": pl.Boolean,  # its bytes, as they were kept, are CAP 1.2 with areas that can be used
        "expires": TIME,
    },
}

SCHEMAS: Final = {table: pl.Schema(columns) for table, columns in _COLUMNS.items()}
