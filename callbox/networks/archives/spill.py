"""Rows of a record while it is read: in memory as long as they are few, in Parquet files of a folder when they are many.

Repeated rows are found by a 64-bit hash of their key and confirmed on the key itself, so that only the suspects are ever compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import polars as pl

from callbox.networks.ledger import SCHEMAS

#: What makes a row of a table the same as another.
KEYS: Final = {"posts": ("account", "post"), "contacts": ("account", "contact"), "releases": ("release", "language")}

#: Bytes of rows kept in memory before they go to files, and rows of one such file.
IN_MEMORY: Final = 256 << 20
PART_ROWS: Final = 500_000
HASHES_AT_ONCE: Final = 8_000_000


@dataclass
class _Part:
    """Rows of one file of the record, in memory or in a Parquet file."""

    file: int
    rows: int
    frame: pl.DataFrame | None = None
    path: Path | None = None

    def read(self, *columns: str) -> pl.DataFrame:
        if self.frame is not None:
            return self.frame.select(columns) if columns else self.frame
        return (self.scan().select(columns) if columns else self.scan()).collect()

    def scan(self) -> pl.LazyFrame:
        return self.frame.lazy() if self.frame is not None else pl.scan_parquet(self.path or "", glob=False)

    def drop(self) -> None:
        if self.path is not None:
            self.path.unlink()


@dataclass
class Rows:
    """Rows of one table that belong together."""

    table: str
    parts: list[_Part]

    def lazy(self) -> pl.LazyFrame:
        """Return the rows with every column of the table in its place, scanned when they are asked for."""
        schema = SCHEMAS[self.table]
        if not self.parts:
            return pl.LazyFrame(schema=schema)
        whole = pl.concat([part.scan() for part in self.parts], how="diagonal")
        has = whole.collect_schema().names()
        return whole.select(
            (pl.col(name) if name in has else pl.lit(None)).cast(kind).alias(name) for name, kind in schema.items()
        )

    def spans(self, until: datetime) -> Iterator[tuple[int, datetime, datetime]]:
        """Yield for each part its file and the first and last of its times not after `until`."""
        for part in self.parts:
            at = part.read("at")["at"]
            at = at.filter(at <= until)
            first, last = at.min(), at.max()
            if isinstance(first, datetime) and isinstance(last, datetime):
                yield part.file, first, last


class Store:
    """The rows of one ledger table, from several files."""

    def __init__(self, table: str, folder: Path, *, in_memory: int = IN_MEMORY, part_rows: int = PART_ROWS) -> None:
        self.table = table
        self._folder, self._in_memory, self._part_rows = folder, in_memory, part_rows
        self._parts: list[_Part] = []
        self._open: list[pl.DataFrame] = []
        self._open_rows = self._written = self._bytes = 0
        self._file = 0
        self._spilled = False

    def add(self, rows: pl.DataFrame, *, file: int) -> None:
        """Take in some rows of the file with this number; files come one after the other."""
        if file != self._file:
            self._close_part()
            self._file = file
        # A column that says nothing costs memory a row; the ledger gives it back as null.
        rows = rows.select(column for column in rows if column.null_count() < rows.height)
        if self.table in KEYS:
            first, second = (name if name in rows.columns else None for name in KEYS[self.table])
            rows = rows.with_columns(_hash(first, 1).xor(_hash(second, 2)).alias("_key"))
        self._open.append(rows)
        self._open_rows += rows.height
        self._bytes += int(rows.estimated_size())
        if not self._spilled and self._bytes > self._in_memory:
            self._spill()
        if self._open_rows >= self._part_rows:
            self._close_part()

    def finish(self) -> Counter[int]:
        """Drop repeated rows, the first stays; return how many by file."""
        self._close_part()
        repeated: Counter[int] = Counter()
        if self.table not in KEYS:
            return repeated
        for number, rows in self._repeated().items():
            part = self._parts[number]
            repeated[part.file] += len(rows)
            self._replace(part, part.read().filter(~pl.int_range(pl.len()).is_in(rows.implode())))
        return repeated

    def split(self, by: Callable[[pl.DataFrame], pl.Series]) -> dict[str, Rows]:
        """Return the rows by the name that `by` gives each of them. The store is empty afterwards."""
        groups: dict[str, Rows] = {}
        for part in self._parts:
            frame = part.read()
            named = frame.with_columns(by(frame).alias("_by"))
            for (name,), rows in named.partition_by(
                "_by", as_dict=True, maintain_order=True, include_key=False
            ).items():
                piece = _Part(part.file, rows.height)
                self._keep(piece, rows)
                groups.setdefault(name, Rows(self.table, [])).parts.append(piece)
            part.drop()
        self._parts = []
        return groups

    def whole(self) -> Rows:
        """Return all rows."""
        return Rows(self.table, [part for part in self._parts if part.rows])

    def __len__(self) -> int:
        return self._open_rows + sum(part.rows for part in self._parts)

    def _close_part(self) -> None:
        if self._open_rows:
            part = _Part(self._file, self._open_rows)
            self._keep(part, pl.concat(self._open, how="diagonal"))
            self._parts.append(part)
        self._open, self._open_rows = [], 0

    def _keep(self, part: _Part, frame: pl.DataFrame) -> None:
        part.rows = frame.height
        if not self._spilled:
            part.frame, part.path = frame, None
            return
        self._written += 1
        part.frame, part.path = None, self._folder / f"{self.table}-{self._written}.parquet"
        frame.write_parquet(part.path, compression="lz4", statistics=False)

    def _replace(self, part: _Part, frame: pl.DataFrame) -> None:
        old = _Part(part.file, part.rows, path=part.path)
        self._keep(part, frame)
        old.drop()

    def _spill(self) -> None:
        self._spilled = True
        for part in self._parts:
            self._keep(part, part.read())
        self._close_part()

    def _repeated(self) -> dict[int, pl.Series]:
        """Return, by part, the numbers of the rows whose key stood in an earlier row."""
        suspects: list[pl.DataFrame] = []
        ranges = len(self) // HASHES_AT_ONCE + 1
        for number in range(ranges):
            mine = (pl.col("_key") % ranges) == number
            hashes = pl.concat(
                [part.read("_key").filter(mine) for part in self._parts] or [pl.DataFrame({"_key": []})]
            )["_key"]
            if hashes.n_unique() == len(hashes):
                continue
            twice = hashes.filter(hashes.is_duplicated()).unique()
            suspects += [
                part.read(*self._key_of(part), "_key").with_row_index("_row").filter(pl.col("_key").is_in(twice.implode()))
                .with_columns(pl.lit(index).alias("_part"))
                for index, part in enumerate(self._parts)
            ]  # fmt: skip
        if not suspects:
            return {}
        rows = pl.concat(suspects, how="diagonal").sort("_part", "_row")
        key = [name for name in KEYS[self.table] if name in rows.columns]
        later = rows.filter(~pl.struct(key).is_first_distinct())
        return {int(number): group["_row"] for (number,), group in later.partition_by("_part", as_dict=True).items()}

    def _key_of(self, part: _Part) -> list[str]:
        columns = part.frame.columns if part.frame is not None else pl.read_parquet_schema(part.path or "")
        return [name for name in KEYS[self.table] if name in columns]


def _hash(column: str | None, seed: int) -> pl.Expr:
    return pl.lit(seed, pl.UInt64) if column is None else pl.col(column).hash(seed)
