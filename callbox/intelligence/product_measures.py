"""Whether it is written down how far information can be believed (practice I5)."""

from __future__ import annotations

from typing import Final

import polars as pl

from callbox.core.measure import Measure, Statistic, Window, hidden, sample
from callbox.core.text import Reason
from callbox.networks.ledger import Ledger

_PRODUCTS: Final = ("products",)


def products_rated(ledger: Ledger, window: Window) -> Measure:
    """Return the share of judged events that were rated for source and content and corroborated from elsewhere (28 CFR 23; BJA 2013)."""
    name = "products_rated"
    if "products" not in ledger.tables:
        reason = Reason("no_table", {"table": "products"})
        return hidden(name, Statistic.SAMPLE, window, reason, unit="share", tables=_PRODUCTS)
    within = pl.col("day").is_between(window.begins.date(), window.ends.date())
    rows = ledger.table("products").filter(within).collect()
    if rows.is_empty():
        return hidden(name, Statistic.SAMPLE, window, Reason("no_products"), unit="share", tables=_PRODUCTS)
    both = pl.col("rated").fill_null(value=False) & pl.col("corroborated").fill_null(value=False)
    return sample(name, window, int(rows.select(both.sum()).item()), rows.height, tables=_PRODUCTS)
