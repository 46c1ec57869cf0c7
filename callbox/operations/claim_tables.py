"""The table of the ledger that holds what the agency claimed in public. No text, no person."""

from __future__ import annotations

from typing import Final

import polars as pl

from callbox.networks.ledger import TIME, Columns

_COLUMNS: Final[dict[str, Columns]] = {
    # One official statement: a message, an alert, or a post made past Callbox. An answer to one resident and a repost are none.
    "claims": {
        "at": TIME,  # when it was out first
        "safety": pl.Boolean,  # urgent, or an alert; null: made past Callbox, where nobody tags it
        "confirmed": pl.Boolean,  # somebody other than who wrote it approved exactly these words before they left
        "wrong": pl.Boolean,  # somebody began to correct it
        "corrected_at": TIME,  # when the first correction was out; null: not yet
    },
}

SCHEMAS: Final = {table: pl.Schema(columns) for table, columns in _COLUMNS.items()}
