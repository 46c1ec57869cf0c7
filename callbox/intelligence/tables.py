"""The tables of the ledger whose rows are of this area: what was listened for and looked at with which papers, and what is kept of it.

No text, no query, no person.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from callbox.networks.ledger import TIME, Columns

#: A watch that listened, or a look behind a pseudonym. Callbox knows no other search, and one tier alone: overt. Trying words on posts
#: that watches kept is none: it asks no source, and those posts are records here with the papers of their watch.
KINDS: Final = ("watch", "reveal")

_COLUMNS: Final[dict[str, Columns]] = {
    # One watch that was allowed, or one look at an author that was allowed.
    "watches": {
        "at": TIME,  # from when it could listen or look
        "until": TIME,  # its end, or when somebody ended it
        "kind": pl.Enum(KINDS),
        "purpose": pl.Boolean,  # purpose and lawful basis are written, with a number where the basis asks for one
        "tier": pl.String,  # "overt"; null: not stated
        "approver": pl.Boolean,  # somebody other than those who wrote it allowed exactly this
        "exception": pl.Boolean,  # its papers are not in order: altered, unapproved or unsigned, and it is not ended
    },
    # One record that a watch led to: a sighting.
    "records": {
        "day": pl.Date,  # when it reached us (UTC)
        "review_by": pl.Date,  # past it, it is late
        "papers": pl.Boolean,  # at least one watch that had been allowed in that version led to it
    },
}

SCHEMAS: Final = {table: pl.Schema(columns) for table, columns in _COLUMNS.items()}
