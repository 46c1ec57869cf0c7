"""The table of the ledger that says whether a resident can find and reach the officer of the neighbourhood (practice C3)."""

from __future__ import annotations

from typing import Final

import polars as pl

from callbox.networks.ledger import Columns

_COLUMNS: Final[dict[str, Columns]] = {
    # One beat that residents are offered now.
    "beats": {
        "named": pl.Boolean,  # an officer is named
        "channel": pl.Boolean,  # there is a way to reach the team
        "asked": pl.UInt32,  # questions to it in the last 90 days that a person says need an answer, and whose time is up or answered
        "in_time": pl.Boolean,  # the median answer came within two working days; null: nobody asked
    },
}

SCHEMAS: Final = {table: pl.Schema(columns) for table, columns in _COLUMNS.items()}
