"""A small record to measure: rows written as plain values, times as days before the moment the record speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import polars as pl

from callbox.core.measure import Window
from callbox.maturity.tables import SCHEMAS
from callbox.networks.ledger import ASPECTS, Ledger

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
WINDOW = Window.trailing(NOW)
MAIN = "paper:mill-valley-police"

type Row = dict[str, Any]

_numbers = count(1)


def ago(days: float = 0, *, minutes: float = 0) -> datetime:
    """Return a moment before `NOW`."""
    return NOW - timedelta(days=days, minutes=minutes)


def post(days: float = 1, **values: Any) -> Row:
    """Return one row of posts: a plain post of the main account, unless said otherwise."""
    return {"account": MAIN, "post": f"p{next(_numbers)}", "at": ago(days), "action": "post", **values}


def answer(days: float = 1, **values: Any) -> Row:
    """Return one row of posts: a reply to somebody else."""
    return post(days, action="reply", addressee="other", **values)


def contact(days: float, replied_after: timedelta | None = None, *, answerable: bool | None = True) -> Row:
    """Return one row of contacts, answered after a time or never."""
    at = ago(days)
    replied = None if replied_after is None else at + replied_after
    return {"account": MAIN, "contact": f"c{next(_numbers)}", "at": at, "answerable": answerable, "replied_at": replied}


def account(name: str = MAIN, *, carries: Sequence[str] = ASPECTS, **values: Any) -> Row:
    """Return one row of accounts: a source that carries everything, unless said otherwise."""
    return {"account": name, "source": "archive", "carries": list(carries), **values}


def ledger(
    posts: Sequence[Row] = (),
    *,
    carries: Sequence[str] = ASPECTS,
    accounts: Sequence[Row] | None = None,
    **tables: Sequence[Row],
) -> Ledger:
    """Return a record of these rows."""
    rows = {"posts": posts, "accounts": [account(carries=carries)] if accounts is None else accounts, **tables}
    frames = {name: pl.DataFrame(list(given), schema=SCHEMAS[name]).lazy() for name, given in rows.items()}
    return Ledger("Mill Valley Police", NOW, frames)
