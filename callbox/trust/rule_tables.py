"""The table of the ledger that says how the agency's comment policy reads. No word of it."""

from __future__ import annotations

from typing import Final

import polars as pl

from callbox.networks.ledger import Columns

_COLUMNS: Final[dict[str, Columns]] = {
    # One document that states the comment policy and counts as evidence of it now.
    "rules": {
        "read": pl.Boolean,  # it is kept as text, so its words could be looked at
        "doubtful": pl.UInt32,  # words of it that courts objected to (governance.moderation.lint); null: not read
    },
}

SCHEMAS: Final = {table: pl.Schema(columns) for table, columns in _COLUMNS.items()}
