"""The tables of the ledger that hold what happened and what was practised: incidents and exercises, which are never mixed."""

from __future__ import annotations

from typing import Final

import polars as pl

from callbox.networks.ledger import TIME, Columns

_COLUMNS: Final[dict[str, Columns]] = {
    # One incident that happened; an exercise has no row here.
    "incidents": {
        "at": TIME,  # flagged
        "flagged_from": pl.String,  # dispatch, command: two clocks
        "first_word_at": TIME,  # null: none is written down
        "critical": pl.Boolean,
        "frozen_at": TIME,  # everything scheduled had stopped; null: it had not
    },
    # One official word about an incident: the first one, a message a person put into it, an alert drafted from it.
    "updates": {
        "incident": pl.String,  # which words belong together
        "at": TIME,  # when it was out
        "closed_at": TIME,  # of the incident; null: it lasts
    },
    # One drill, exercise or test of alerting that was held to its end.
    "exercises": {
        "at": TIME,  # began
        "kind": pl.String,  # replay, exercise, test
        "partners": pl.Int64,  # other agencies that took part
        "alerted": pl.Boolean,  # an alert was tried
        "actions": pl.Int64,  # it led to
        "actions_closed": pl.Int64,
    },
}

SCHEMAS: Final = {table: pl.Schema(columns) for table, columns in _COLUMNS.items()}
