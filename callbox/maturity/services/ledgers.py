"""A measured ledger on disk: one Parquet file a table, so that a proof pack can be written long after the upload was read."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import polars as pl

from callbox.maturity.tables import SCHEMAS, conform
from callbox.networks.ledger import Ledger


def save(ledger: Ledger, folder: Path) -> None:
    """Write every table of `ledger` into `folder`, replacing what an earlier run left there."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for table in SCHEMAS:
        if table in ledger.tables:
            conform(table, ledger.table(table).collect()).write_parquet(folder / f"{table}.parquet")


def load(folder: Path, *, agency: str, as_of: datetime) -> Ledger:
    """Return the ledger that `save` wrote."""
    tables = {path.stem: pl.scan_parquet(path) for path in sorted(folder.glob("*.parquet")) if path.stem in SCHEMAS}
    return Ledger(agency, as_of, tables)


def replace_tables(ledger: Ledger, folder: Path, *tables: str) -> None:
    """Write some tables of `ledger` over those that `save` wrote, each in one step."""
    for table in tables:
        rows = conform(table, ledger.table(table).collect())
        beside = folder / f"{table}.new"
        rows.write_parquet(beside)
        beside.replace(folder / f"{table}.parquet")
