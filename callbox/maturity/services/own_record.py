"""What Callbox itself recorded: the live rows of every area as one ledger, alone or joined with what files hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from callbox.collaboration import ledger as collaboration
from callbox.intelligence import ledger as intelligence
from callbox.intelligence import product_ledger as products
from callbox.maturity.services import claims
from callbox.maturity.tables import conform
from callbox.networks.items import ledger as items
from callbox.networks.joining import joined
from callbox.networks.ledger import Ledger
from callbox.operations import alert_ledger as alerts
from callbox.operations import incident_ledger as incidents
from callbox.operations import ledger as operations
from callbox.operations import staffing_ledger as staffing
from callbox.people.models import Agency
from callbox.trust import beat_ledger as beats
from callbox.trust import ledger as trust


@dataclass(frozen=True, slots=True)
class Own:
    """The live rows of an agency. rows: how many of each table."""

    ledger: Ledger
    rows: Mapping[str, int]

    def beside(self, files: Ledger) -> Ledger:
        """Return the record of `files` and of the live rows, at the moment of the live rows."""
        return joined(files, self.ledger)


def read(agency: Agency, *, as_of: datetime) -> Own:
    """Return what the agency's own rows say until `as_of`."""
    posts = items.ledger(agency, as_of=as_of)
    heard, told = trust.ledger(agency, as_of=as_of), operations.ledger(agency, as_of=as_of)
    told = told | alerts.ledger(agency, as_of=as_of) | incidents.ledger(agency, as_of=as_of)
    told = told | products.ledger(agency, as_of=as_of) | staffing.ledger(agency, as_of=as_of)
    told = told | intelligence.ledger(agency, as_of=as_of)
    told = told | collaboration.ledger(agency, as_of=as_of) | beats.ledger(agency, as_of=as_of)
    accounts = pl.concat([posts.table("accounts").collect(), heard["accounts"]])
    out = {name: rows.collect() for name, rows in posts.tables.items()}
    told["claims"] = claims.table(
        agency, posts=out["posts"], releases=out["releases"], alerts=told["alerts"], as_of=as_of
    )
    told["shares"] = _shares(told["shares"], alerts.messages(agency))
    tables = out | heard | told | {"accounts": accounts}
    held = {name: conform(name, rows) for name, rows in tables.items()}
    ledger = replace(posts, agency=agency.name, tables={name: rows.lazy() for name, rows in held.items()})
    return Own(ledger, {name: rows.height for name, rows in held.items() if name != "accounts"})


def _shares(rows: pl.DataFrame, messages: Mapping[str, str]) -> pl.DataFrame:
    """Return what partners passed on, an alert as the message that took it to the accounts: that is the post they share (model 7.8)."""
    named = rows.with_columns(pl.col("release").replace(messages))
    return named.filter(~pl.col("release").str.starts_with("alert:"))
