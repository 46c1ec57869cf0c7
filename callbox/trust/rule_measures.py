"""Whether the comment policy keeps out of what people think (practice T1)."""

from __future__ import annotations

from typing import Final

import polars as pl

from callbox.core.measure import Measure, Statistic, Window, hidden
from callbox.core.text import Reason
from callbox.networks.ledger import Ledger

_TABLES: Final = ("rules",)


def viewpoint_terms(ledger: Ledger, window: Window) -> Measure:
    """Return 0 where the comment policy holds none of the words that courts objected to.

    Where it holds some, the figure is not shown instead of failed: "we never hide criticism" holds such a word too, and only a person
    can tell the two apart.
    """
    name = "viewpoint_terms"
    rows = ledger.tables["rules"].collect() if "rules" in ledger.tables else None
    if rows is None:
        return hidden(
            name, Statistic.ZERO, window, Reason("no_table", {"table": "rules"}), unit="count", tables=_TABLES
        )
    reason = _doubt(rows)
    if reason is not None:
        return hidden(name, Statistic.ZERO, window, reason, unit="count", tables=_TABLES)
    return Measure(name, Statistic.ZERO, window, "count", _TABLES, n=rows.height, value=0.0, bound=0.0)


def _doubt(rows: pl.DataFrame) -> Reason | None:
    if rows.is_empty():
        return Reason("no_policy")
    if not rows["read"].all():
        return Reason("policy_unread")
    doubtful = int(rows["doubtful"].sum())
    return Reason("policy_doubtful", {"n": doubtful}) if doubtful else None
