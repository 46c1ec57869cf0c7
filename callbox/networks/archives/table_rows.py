"""From the columns of a table to rows of the ledger. The same for every kind of table; only what a record states is taken."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import polars as pl

from callbox.networks.archives.table_columns import KEYS
from callbox.networks.archives.table_replies import NOTHING, actions, addressees, each, language
from callbox.networks.archives.table_times import Times
from callbox.networks.ledger import SCHEMAS

#: Network of an account where the table names none.
NETWORK: Final = "table"

#: Alternative texts that describe nothing.
_TRIVIAL: Final = ("image", "photo", "picture", "img", "alt", "media", "bild", "foto", "untitled")
_ALWAYS: Final = (*KEYS, "text")
_COUNTS: Final = ("reposts", "likes", "replies", "images", "videos")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row of a block. Without `kept` the row is left out."""

    row: int
    code: str
    values: Mapping[str, object] = field(default_factory=dict)
    kept: bool = False


@dataclass
class Rows:
    """Turns blocks of one table into rows of `posts`, and gathers what each account's rows carry.

    account: handle where the table names none.  earliest, latest: bounds of a believable clock, both included.
    """

    account: str
    earliest: datetime | None = None
    latest: datetime | None = None
    times: Times = field(default_factory=Times)
    numbered: int = 0  # rows given an id because the table has none
    _carried: list[pl.DataFrame] = field(default_factory=list)
    _known: frozenset[str] = frozenset()  # accounts of which the rows can tell nothing new

    def take(self, block: pl.DataFrame) -> tuple[pl.DataFrame, list[Problem]]:
        """Return the rows of a block whose columns are named as in `table_columns.NAMES`, and what is wrong with the others."""
        times, names = self.times.parse(block["at"]), "name" in block.columns
        block = block.select(column for column in block if column.name in _ALWAYS or column.null_count() < block.height)
        if "account" in block.columns:
            block = block.with_columns(each(block["account"], _handle))
        if "post" in block.columns:
            block = block.with_columns(pl.col("post").cast(pl.String).str.strip_chars())
        problems = [
            *without_key(block, times, (("account", "no_account"), ("post", "no_id"))),
            *wrong_clock(block["at"], times, self.earliest, self.latest),
        ]
        counts = {}
        for name in _COUNTS:
            if name in block.columns:
                counts[name], bad = _count(block[name], SCHEMAS["posts"][name])
                problems += [Problem(row, "bad_count", {"column": name}, kept=True) for row in bad]
        rows = self._rows(block.with_columns(times, **counts))
        out = {problem.row for problem in problems if not problem.kept}
        if out:
            rows = rows.filter(~pl.int_range(pl.len()).is_in(sorted(out)))
        self._remember(rows, names=names)
        return rows.select(pl.exclude("name")), worst(problems)

    def accounts(self, source: str, columns: Collection[str]) -> pl.DataFrame:
        """Return one row of `accounts` for each account seen, with what its rows carry."""
        if not self._carried:
            return pl.DataFrame(schema={"account": pl.String})
        seen = _merge(self._carried)
        carries = [
            [aspect for aspect in ("replies", "language", "engagement") if row[aspect]]
            + (["media"] if "images" in columns else [])
            + (["alt_text"] if {"images", "alt_text"} <= set(columns) else [])
            for row in seen.select("replies", "language", "engagement").to_dicts()
        ]
        parts = pl.col("account").str.splitn(":", 2).struct
        return seen.select(
            "account", parts.field("field_0").alias("network"), parts.field("field_1").alias("handle"), "name",
            pl.lit(source).alias("source"),
            pl.Series("carries", carries, dtype=pl.List(pl.String)),
        )  # fmt: skip

    def _rows(self, block: pl.DataFrame) -> pl.DataFrame:
        has = frozenset(block.columns)
        if "account" not in has:
            block = block.with_columns(pl.lit(self.account).alias("account"))
        if "post" not in has:
            block = block.with_columns(pl.format("row-{}", pl.int_range(pl.len()) + self.numbered + 1).alias("post"))
            self.numbered += block.height
        action = actions(block)
        columns: dict[str, pl.Expr | pl.Series] = {
            "account": _account(block),
            "post": pl.col("post"),
            "at": pl.col("at"),
            "action": action,
            "addressee": addressees(block, action),
            "name": trimmed("name") if "name" in has else pl.lit(None, pl.String),
        }
        columns |= {name: pl.col(name) for name in _COUNTS if name in has}
        if "thread" in has:
            columns["thread"] = trimmed("thread")
        if "language" in has:
            columns["language"] = each(block["language"], language)
        if "alt_text" in has:
            columns |= _described(has)
        if "urgent" in has:
            columns["urgent"] = (
                trimmed("urgent").str.to_lowercase().replace_strict(YES_NO, default=None, return_dtype=pl.Boolean)
            )
        if "kind" in has:
            columns |= _kind()
        columns |= {name: pl.col(name).cast(pl.String) for name in ("text", "agency") if name in has}
        return block.select(expression.alias(name) for name, expression in columns.items())

    def _remember(self, rows: pl.DataFrame, *, names: bool) -> None:
        """Note what each account's rows carry. names: the table has names of accounts."""
        if self._known.issuperset(rows["account"].unique()):
            return
        has = frozenset(rows.columns)
        counted = [pl.col(name).is_not_null().any() for name in ("likes", "reposts") if name in has]
        self._carried.append(
            rows.group_by("account", maintain_order=True).agg(
                pl.col("name").drop_nulls().first(),
                (pl.col("addressee") == "other").any().alias("replies"),
                (pl.col("language").is_not_null().any() if "language" in has else pl.lit(value=False)).alias(
                    "language"
                ),
                (pl.any_horizontal(counted) if counted else pl.lit(value=False)).alias("engagement"),
            )
        )
        if len(self._carried) > 64:
            self._carried = [_merge(self._carried)]
        whole = pl.col("replies") & pl.col("language") & pl.col("engagement")
        if names:
            whole &= pl.col("name").is_not_null()
        self._known |= frozenset(self._carried[-1].filter(whole)["account"])


YES_NO: Final = {"true": True, "yes": True, "1": True, "y": True, "false": False, "no": False, "0": False, "n": False}


def without_key(block: pl.DataFrame, times: pl.Series, keys: Iterable[tuple[str, str]]) -> list[Problem]:
    """Return the rows that lack a key column (name and code of its lack) or a time that is understood."""
    found = []
    for column, code in keys:
        if column in block.columns:
            found += [
                Problem(row, code) for row in true_rows((block[column].str.len_bytes() == 0).fill_null(value=True))
            ]
    if times.null_count():
        stated, nothing = block["at"], blank(block["at"])
        for row in true_rows(times.is_null() & ~nothing):
            found.append(Problem(row, "bad_time", {"value": str(stated[row])[:60]}))
        found += [Problem(row, "no_time") for row in true_rows(nothing)]
    return found


def wrong_clock(
    stated: pl.Series, times: pl.Series, earliest: datetime | None, latest: datetime | None
) -> list[Problem]:
    """Return the rows whose time lies outside what is believable."""
    if times.null_count() == len(times):
        return []
    if (not earliest or times.min() >= earliest) and (not latest or times.max() <= latest):  # type: ignore[operator]
        return []
    early = times < earliest if earliest else pl.Series([False]).new_from_index(0, len(times))
    late = times > latest if latest else pl.Series([False]).new_from_index(0, len(times))
    return [
        Problem(row, "wrong_clock", {"value": str(stated[row])[:60]})
        for row in true_rows((early | late).fill_null(value=False))
    ]


def worst(problems: Iterable[Problem]) -> list[Problem]:
    """Return one problem a row: the first for which it is left out, else the first of all; in order of rows."""
    found: dict[int, Problem] = {}
    for problem in problems:
        known = found.get(problem.row)
        if known is None or (known.kept and not problem.kept):
            found[problem.row] = problem
    return [found[row] for row in sorted(found)]


def _merge(parts: list[pl.DataFrame]) -> pl.DataFrame:
    return (
        pl.concat(parts)
        .group_by("account", maintain_order=True)
        .agg(
            pl.col("name").drop_nulls().first(),
            pl.col("replies", "language", "engagement").any(),
        )
    )


def _handle(text: str) -> str | None:
    return text.strip().removeprefix("@") or None


def _account(block: pl.DataFrame) -> pl.Series:
    """Return the accounts as the ledger names them: network, colon, handle."""
    if "network" not in block.columns:
        return block.select(pl.lit(f"{NETWORK}:") + pl.col("account")).to_series()
    networks = each(block["network"], lambda text: re.sub(r"[\s:]+", " ", text).strip().lower() or None).fill_null(
        NETWORK
    )
    return block.select(pl.concat_str(networks, pl.lit(":"), "account").alias("account")).to_series()


def true_rows(mask: pl.Series) -> list[int]:
    """Return the numbers of the rows where a mask holds."""
    return mask.arg_true().to_list() if mask.any() else []


def blank(column: pl.Series) -> pl.Series:
    """Whether each cell of a column says nothing."""
    if column.dtype == pl.String:
        return column.is_null() | column.str.contains(r"^\s*$").fill_null(value=False)
    return column.is_null()


def trimmed(name: str) -> pl.Expr:
    """Return a column as text without spaces around it; null where nothing is left."""
    trimmed = pl.col(name).cast(pl.String).str.strip_chars()
    return pl.when(trimmed.str.len_bytes() > 0).then(trimmed)


def _count(column: pl.Series, kind: pl.DataType) -> tuple[pl.Series, list[int]]:
    """Return the column as whole numbers, and the rows that state something else."""
    numbers = column.cast(kind, strict=False)
    if numbers.null_count() == column.null_count():
        return numbers, []
    texts = column.cast(pl.String).str.strip_chars()
    decimals = texts.cast(pl.Float64, strict=False)
    numbers = numbers.fill_null(
        pl.select(pl.when(decimals == decimals.floor()).then(decimals)).to_series().cast(kind, strict=False)
    )
    stated = texts.is_not_null() & ~texts.str.to_lowercase().is_in(NOTHING)
    return numbers, true_rows(numbers.is_null() & stated)


def _described(has: frozenset[str]) -> dict[str, pl.Expr]:
    """One cell can describe one image only; the images of a record are never fewer than those described."""
    alt = trimmed("alt_text").str.to_lowercase()
    described = (alt.is_not_null() & ~alt.is_in((*_TRIVIAL, *NOTHING))).cast(pl.UInt16)
    if "images" not in has:
        return {}
    return {"images_described": pl.when(pl.col("images").is_not_null()).then(pl.min_horizontal(described, "images"))}


def _kind() -> dict[str, pl.Expr]:
    kinds = (
        pl.col("kind").cast(pl.String).str.strip_chars().str.to_lowercase().cast(SCHEMAS["posts"]["kind"], strict=False)
    )
    person = pl.when(kinds.is_not_null()).then(pl.lit("person")).cast(SCHEMAS["posts"]["labelled_by"])
    return {"kind": kinds, "labelled_by": person}
