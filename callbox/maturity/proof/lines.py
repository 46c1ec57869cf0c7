"""Ledger tables as plain lines of text: CSV of which every row is one line, the same bytes for the same rows wherever it is made."""

from __future__ import annotations

import io
from typing import Final

import polars as pl

from callbox.maturity.tables import SCHEMAS
from callbox.networks.ledger import TIME

_TIME: Final = "%Y-%m-%dT%H:%M:%S%.6fZ"
#: Columns that packs made before they were kept do not have; always the last ones.
ADDED: Final = {"moderation": ("due_at",)}


def write(table: str, rows: pl.DataFrame) -> bytes:
    """Return the rows of a ledger table as UTF-8 CSV with a heading; no text in it may hold a line break."""
    out = io.BytesIO()
    rows.select(_written(name, kind) for name, kind in SCHEMAS[table].items()).write_csv(out)
    return out.getvalue()


def read(table: str, content: bytes) -> pl.DataFrame:
    """Return the rows that `write` wrote, or wrote before a column was added at the end: that one is null then.

    Raises:
        polars.exceptions.PolarsError: it is no CSV of this table, or a value does not fit its column.
    """
    schema = SCHEMAS[table]
    heading, missing = content.partition(b"\n")[0], ADDED.get(table, ())
    before = [name for name in schema if name not in missing]
    known = next((each for each in (list(schema), before) if heading == ",".join(each).encode()), None)
    if known is None:
        raise pl.exceptions.SchemaError(f"these are not the columns of {table}")
    text = pl.read_csv(content, schema=dict.fromkeys(known, pl.String), quote_char='"')
    found = text.with_columns(pl.lit(None, pl.String).alias(name) for name in missing if name not in known)
    return found.select(_read(name, kind) for name, kind in schema.items())


def split(content: bytes) -> list[bytes]:
    """Return the lines of the rows, the heading left out."""
    return content.split(b"\n")[1:-1] if content.endswith(b"\n") else content.split(b"\n")[1:]


def _written(name: str, kind: pl.DataType) -> pl.Expr:
    match kind:
        case _ if kind == TIME:
            return pl.col(name).dt.strftime(_TIME)
        case pl.List():
            return pl.col(name).list.sort().list.join(" ").replace("", None)
        case _:
            return pl.col(name).cast(pl.String)


def _read(name: str, kind: pl.DataType) -> pl.Expr:
    match kind:
        case _ if kind == TIME:
            return pl.col(name).str.to_datetime(_TIME, time_unit="us", time_zone="UTC", strict=True)
        case pl.Date():
            return pl.col(name).str.to_date("%Y-%m-%d", strict=True)
        case pl.List():
            return pl.col(name).str.split(" ")
        case pl.Boolean():
            return pl.col(name).replace_strict({"true": True, "false": False}, return_dtype=pl.Boolean)
        case _:
            return pl.col(name).cast(kind)
