"""The tables of the ledger whose rows are of this area: who was owed word about a report, and when they had it."""

from __future__ import annotations

from typing import Final

import polars as pl

from callbox.networks.ledger import TIME, Columns

#: Kinds of reports whose callers no automatic word may ever reach (model, section 6: an abuser may hold the phone).
EXCLUDED: Final = frozenset({"domestic-violence", "sexual-assault", "danger-in-progress"})

_COLUMNS: Final[dict[str, Columns]] = {
    # One caller or victim who is owed word.
    "notifications": {
        "at": TIME,  # from when word is owed
        "told_at": TIME,  # when the first word could be read; null: not yet
        "kind": pl.String,  # of report
        "excluded": pl.Boolean,  # of a kind that must never be reached
    },
}

SCHEMAS: Final = {table: pl.Schema(columns) for table, columns in _COLUMNS.items()}
