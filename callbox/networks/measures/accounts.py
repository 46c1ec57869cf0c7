"""Whether the agency's accounts are listed, linked and held safely (practice V2)."""

from __future__ import annotations

from typing import Final

import polars as pl

from callbox.core.measure import Measure, Statistic, Window, census, hidden
from callbox.core.text import Reason
from callbox.networks.ledger import Ledger

_TABLES: Final = ("accounts",)

#: Both must hold; false as soon as one is known not to.
_SECURED: Final = (pl.col("admins") >= 2) & pl.col("second_factor")


def accounts_linked(ledger: Ledger, window: Window) -> Measure:
    """Return the share of accounts that the agency's own site links to."""
    return _share(ledger, window, "accounts_linked", pl.col("linked"))


def accounts_secured(ledger: Ledger, window: Window) -> Measure:
    """Return the share of accounts with at least two administrators and a second factor."""
    return _share(ledger, window, "accounts_secured", _SECURED)


def _share(ledger: Ledger, window: Window, name: str, holds: pl.Expr) -> Measure:
    """Count accounts of which every source that says anything says yes; one nobody spoke of does not count as one that holds.

    Accounts declared not official are left out.
    """
    rows = ledger.table("accounts").select("account", "official", holds=holds).collect()
    accounts = rows.group_by("account").agg(pl.col("holds", "official").min())
    accounts = accounts.filter(pl.col("official").fill_null(value=True))
    said = accounts["holds"].count()
    if not said:
        return hidden(name, Statistic.CENSUS, window, Reason("no_account_details"), unit="share", tables=_TABLES)
    yes = int(accounts["holds"].sum())
    beside = {"successes": yes, "unknown": accounts.height - said}
    return census(name, window, yes / accounts.height, unit="share", tables=_TABLES, n=accounts.height, beside=beside)
