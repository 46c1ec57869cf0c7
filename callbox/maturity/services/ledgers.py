"""A measured ledger on disk: one Parquet file a table, so that a proof pack can be written long after the upload was read."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import polars as pl

from callbox.networks.ledger import SCHEMAS, Ledger, conform


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
