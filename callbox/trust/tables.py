"""The tables of the ledger whose rows are of this area: what was hidden, and how tips were dealt with.

No text, no person, no instant of a tip.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from callbox.networks.ledger import TIME, Columns

#: What became of a hidden comment, and of a tip.
DECISIONS: Final = ("upheld", "restored")
OUTCOMES: Final = ("passed", "useful", "nothing", "duplicate", "elsewhere")

_COLUMNS: Final[dict[str, Columns]] = {
    # One comment that an officer hid.
    "moderation": {
        "account": pl.String,  # where it was hidden
        "at": TIME,
        "ground": pl.String,  # the written ground; null: none was given
        "copied": pl.Boolean,  # a copy of the comment was kept, and is unchanged
        "told_at": TIME,  # when its author was told, with the way to object
        "appealed_at": TIME,
        "decided_at": TIME,  # when a second person decided about the objection
        "decision": pl.Enum(DECISIONS),
        "due_at": TIME,  # end of the day by which it was to be decided, on the agency's calendar; null in packs made before it was kept
    },
    # One tip, without anything by which to find it again: the day it came, and durations (model 7.8).
    "tips": {
        "day": pl.Date,  # UTC
        "threat": pl.Boolean,  # to life, by the word of the officer who read it
        "settled": pl.Boolean,  # a decision was made
        "outcome": pl.Enum(OUTCOMES),
        "minutes_to_open": pl.UInt32,  # rounded up to 5; null: not opened, or nobody's machine has told
        "minutes_to_settle": pl.UInt32,
        "told": pl.Boolean,  # whether the sender was told the outcome; null: not safe, or not yet
        "promoted": pl.Boolean,  # became part of a case, whose own limits hold then
    },
}

SCHEMAS: Final = {table: pl.Schema(columns) for table, columns in _COLUMNS.items()}
