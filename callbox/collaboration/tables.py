"""The tables of the ledger whose rows are of this area. No name of a partner, no name of a person."""

from __future__ import annotations

from typing import Final

import polars as pl

from callbox.networks.ledger import TIME, Columns

#: As `models.partners.Sector` names them; a test holds both together.
SECTORS: Final = (
    *("schools", "faith", "business", "victims", "media", "city", "police", "emergency", "languages", "critics"),
)

_COLUMNS: Final[dict[str, Columns]] = {
    # One partner the agency works with now.
    "partners": {
        "sector": pl.Enum(SECTORS),
        "named": pl.Boolean,  # somebody who answers there is named
        "contacted": pl.Date,  # last time the agency and they spoke; null: never
    },
    # One message that one partner brought to its own public.
    "shares": {
        "release": pl.String,  # the message, as in `releases`; of an alert the one that took it to the accounts
        "at": TIME,  # when it was out there first
    },
}

SCHEMAS: Final = {table: pl.Schema(columns) for table, columns in _COLUMNS.items()}
