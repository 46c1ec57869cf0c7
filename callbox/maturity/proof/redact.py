"""What of a record leaves the house in a proof pack: what the measures read, without an id that leads back to a person."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Final

import polars as pl

from callbox.core.measure import Window
from callbox.maturity.scoring.evidence import Standing
from callbox.maturity.scoring.probes import LOOKBACK_DAYS
from callbox.maturity.tables import OF_AREAS, SCHEMAS, conform
from callbox.networks.ledger import Ledger
from callbox.networks.measures.posts import IS_OWN

#: Columns whose values are replaced by keyed hashes, so that rows still belong together. Handles are those of the agency alone.
_HIDDEN: Final = ("post", "contact", "thread", "release", "source", "incident")
#: How the rows of each table are put in order; the rest of the columns breaks ties.
_ORDER: Final = ("account", "at", "release", "language", "post", "contact", "source", "coder")
#: What no measure reads of the rows of one person: it stays at home.
_BLANK: Final = {"tips": ("outcome",), "notifications": ("kind",)}
#: Days back at which a measure tells tips apart: only on which side of these a tip lies leaves the house, never its day.
_TIP_DAYS: Final = (
    timedelta(minutes=15),
    timedelta(hours=72),
    timedelta(days=7),
    timedelta(days=90),
    timedelta(days=730),
)
#: Signs that would break a row over two lines of a text file, or hide in one.
_CONTROL: Final = r"[\x00-\x1f\x7f\x{85}\x{2028}\x{2029}]+"


def tables(ledger: Ledger, secret: bytes) -> dict[str, pl.DataFrame]:
    """Return the redacted tables of a ledger, rows in a fixed order. A table without rows is left out, unless that itself is evidence.

    secret: key of the hashes that stand for ids; who lacks it cannot try ids out.
    """
    found = {name: _rows(ledger, name) for name in SCHEMAS if name in ledger.tables}
    return {name: _redacted(name, rows, secret) for name, rows in found.items() if rows.height or name in OF_AREAS}


def standing(stated: Standing) -> Standing:
    """Return what the agency states of itself with its people as "person 1", "person 2", ...: who differs still differs."""
    people: dict[str, str] = {}

    def hidden[T: (str, str | None)](name: T) -> T:
        return people.setdefault(name, f"person {len(people) + 1}") if name else name

    return replace(
        stated,
        attestations=tuple(
            replace(row, owner=hidden(row.owner), reviewer=hidden(row.reviewer)) for row in stated.attestations
        ),
        exemptions=tuple(replace(row, approver=hidden(row.approver)) for row in stated.exemptions),
    )


def _rows(ledger: Ledger, name: str) -> pl.DataFrame:
    if name in OF_AREAS:
        rows = ledger.tables[name].collect()
        return _without_days(rows, ledger) if name == "tips" else rows
    if "at" not in SCHEMAS[name]:
        return ledger.table(name).collect()
    span = Window.trailing(ledger.as_of, days=LOOKBACK_DAYS)
    rows = ledger.window(name, span)
    if name != "posts":
        return rows
    # The last own post before: it tells a channel that has fallen silent from one that begins inside the window.
    before = ledger.table(name).filter(IS_OWN & (pl.col("at") < ledger.as_of - timedelta(days=LOOKBACK_DAYS)))
    last = before.sort("at", "post").group_by("account").last().collect()
    return pl.concat([rows, last.select(rows.columns)])


def _without_days(tips: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """Return tips with the first day on which every measure would count them alike, instead of their own."""
    firsts = sorted({(ledger.as_of - back).date() for back in _TIP_DAYS})
    nearest = pl.lit(firsts[0] - timedelta(days=1))
    for first in firsts:
        nearest = pl.when(pl.col("day") >= first).then(pl.lit(first)).otherwise(nearest)
    return tips.with_columns(nearest.alias("day"))


def _redacted(name: str, rows: pl.DataFrame, secret: bytes) -> pl.DataFrame:
    clean = conform(name, rows).with_columns(pl.col(pl.String).str.replace_all(_CONTROL, " ").replace("", None))
    clean = clean.with_columns(pl.lit(None).alias(column) for column in _BLANK.get(name, ()))
    clean = conform(name, clean).with_columns(
        _hashed(clean[column], secret) for column in _HIDDEN if column in clean.columns
    )
    if "coder" in clean.columns:
        clean = clean.with_columns(pl.format("coder {}", pl.col("coder").rank("dense")).alias("coder"))
    first = [column for column in _ORDER if column in clean.columns]
    # A list has no place in a line of text; nor is any order of its aspects meant.
    order = [*first, *(column for column in clean.columns if column not in first)]
    sortable = [
        pl.col(column).list.join(" ") if clean.schema[column] == pl.List else pl.col(column) for column in order
    ]
    return clean.sort(sortable)


def _hashed(ids: pl.Series, secret: bytes) -> pl.Series:
    known = ids.drop_nulls().unique()
    hashes = [hashlib.blake2b(value.encode(), key=secret, digest_size=10).hexdigest() for value in known]
    return ids.replace_strict(known, pl.Series(hashes, dtype=pl.String), return_dtype=pl.String)
