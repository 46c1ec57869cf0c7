"""Reader of Parquet tables, a block of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import polars as pl
from polars.datatypes import DataType, DataTypeClass

from callbox.core.text import Reason
from callbox.networks.archives.contract import ArchiveError, Batch, Reading, Reject
from callbox.networks.archives.table_columns import recognise
from callbox.networks.archives.table_shape import Shape, TableRows, shape_of

LABEL: Final = "Parquet table"

_MAGIC: Final = b"PAR1"
_ROWS: Final = 100_000
#: A corrupt file can stop the library itself; that is the file's fault and not ours.
_DAMAGE: Final = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)


def recognises(path: Path) -> bool:
    """Whether the file begins with the mark of the format."""
    with path.open("rb") as file:
        return file.read(4) == _MAGIC


def read(path: Path, reading: Reading, *, rows: int = _ROWS) -> Iterator[Batch]:
    """Yield the posts or contacts of every `rows` rows, then the accounts. A damaged block is set aside whole.

    Raises:
        ArchiveError: the file is damaged as a whole, or no column holds the time.
    """
    scan = pl.scan_parquet(path, glob=False)
    try:
        fields = _fields(scan.collect_schema())
        total = int(scan.select(pl.len()).collect().item())
    except _DAMAGE:
        raise ArchiveError(f"{path.name}: this Parquet file is damaged or cut short.") from None
    names = list(fields)
    shape, given = shape_of(names, reading.columns, file=path.name)
    columns = recognise(names, given, file=path.name, names=shape.names)
    chosen = scan.select(fields[names[index]].alias(target) for target, index in columns.items())
    table = shape.begin(reading, path.stem)
    if "account" not in columns:
        reading.note(Reason("account_assumed", {"account": table.account}))
    if shape.key not in columns:
        reading.note(Reason("ids_assumed"))
    size = path.stat().st_size
    for begins, count, block in _blocks(chosen, total, rows):
        if block is None:
            reading.reject(Reject(path.name, begins + 1, None, "bad_block", {"n": count}))
        elif (found := _rows(block, begins, table, shape, reading, path.name)).height:
            yield Batch(shape.table, found)
        reading.advance(size * (begins + count) // total - size * begins // total)
    if table.times.zone_assumed:
        reading.note(Reason("zone_assumed"))
    accounts = table.accounts(path.name, columns)
    if accounts.height:
        yield Batch("accounts", accounts)


def _blocks(chosen: pl.LazyFrame, total: int, rows: int) -> Iterator[tuple[int, int, pl.DataFrame | None]]:
    """Yield the first row, the number of rows, and the rows of each block, None where it is damaged; one is read ahead."""

    def collect(begins: int) -> pl.DataFrame | None:
        try:
            return chosen.slice(begins, rows).collect()
        except _DAMAGE:
            return None

    with ThreadPoolExecutor(1) as pool:
        ahead = pool.submit(collect, 0)
        for begins in range(0, total, rows):
            block = ahead.result()
            if begins + rows < total:
                ahead = pool.submit(collect, begins + rows)
            yield begins, min(rows, total - begins), block


def _rows(
    block: pl.DataFrame, begins: int, table: TableRows, shape: Shape, reading: Reading, name: str
) -> pl.DataFrame:
    rows, problems = table.take(block)
    for problem in problems:
        row = block.row(problem.row, named=True)
        excerpt = ", ".join(f"{column}={value}" for column, value in row.items() if value is not None)[:200]
        reading.reject(
            Reject(
                name,
                begins + problem.row + 1,
                None,
                problem.code,
                problem.values,
                excerpt="" if shape.private else excerpt,
                kept=problem.kept,
            )
        )
    return rows


def _fields(schema: pl.Schema) -> dict[str, pl.Expr]:
    """Return every plain column by name, those of nested ones with a dot between."""
    found: dict[str, pl.Expr] = {}
    waiting: list[tuple[str, pl.Expr, DataType | DataTypeClass]] = [
        (name, pl.col(name), kind) for name, kind in schema.items()
    ]
    for name, expression, kind in waiting:
        if isinstance(kind, pl.Struct):
            waiting += [
                (f"{name}.{inner.name}", expression.struct.field(inner.name), inner.dtype) for inner in kind.fields
            ]
        elif not kind.is_nested() and kind != pl.Binary:
            found[name] = expression
    return found
