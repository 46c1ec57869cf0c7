"""The table of the ledger of what was made of events: one row for each that somebody judged. No text, no place, no person."""

from __future__ import annotations

from typing import Final

import polars as pl

from callbox.networks.ledger import Columns

#: What was found.
VERDICTS: Final = ("confirmed", "refuted")

_COLUMNS: Final[dict[str, Columns]] = {
    # One event that a person confirmed or refuted: the finding that stands.
    "products": {
        "day": pl.Date,  # of that finding, UTC
        "verdict": pl.Enum(VERDICTS),
        "rated": pl.Boolean,  # the source A to E and the information 1 to 5; F and 6 say that it cannot be judged
        "corroborated": pl.Boolean,  # confirmed from elsewhere, in words
    },
}

SCHEMAS: Final = {table: pl.Schema(columns) for table, columns in _COLUMNS.items()}
