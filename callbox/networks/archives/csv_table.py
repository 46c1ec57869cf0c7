"""Reader of delimited tables: CSV with commas, semicolons, tabs or bars, in UTF-8, UTF-16 or Windows-1252."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from callbox.core.text import Reason
from callbox.networks.archives import csv_file
from callbox.networks.archives.contract import ArchiveError, Batch, Reading, Reject
from callbox.networks.archives.csv_split import LARGEST, Piece, Splitter
from callbox.networks.archives.table_columns import KEYS, recognise
from callbox.networks.archives.table_rows import Problem, worst
from callbox.networks.archives.table_shape import shape_of, states_time

LABEL: Final = "CSV table"

_SUFFIXES: Final = (".csv", ".tsv", ".tab", ".psv")
BLOCK: Final = 16 << 20
#: Blocks parsed ahead of the one that is taken in; with it the memory a file needs is bounded.
_AHEAD: Final = 2


def recognises(path: Path) -> bool:
    """Whether the file is named as a table, or begins with a line of column names."""
    if path.suffix.lower() in _SUFFIXES:
        return True
    try:
        form = csv_file.examine(path)
    except (ArchiveError, OSError):
        return False
    return len(form.header) > 1 and states_time(form.header)


def read(path: Path, reading: Reading, *, block: int = BLOCK) -> Iterator[Batch]:
    """Yield the table's posts or contacts in blocks of about `block` bytes, then its accounts.

    Raises:
        ArchiveError: the file is no table, or no column holds the time.
    """
    yield from _Table(path, reading, block).batches()


class _Table:
    """One table while it is read."""

    def __init__(self, path: Path, reading: Reading, block: int) -> None:
        self._path, self._reading, self._block = path, reading, block
        self._form = csv_file.examine(path)
        self._shape, given = shape_of(self._form.header, reading.columns, file=path.name)
        self._columns = recognise(self._form.header, given, file=path.name, names=self._shape.names)
        self._splitter = Splitter(self._form.separator, self._columns, len(self._form.header))
        self._fields = pl.Schema({f"{index}": pl.String() for index in range(len(self._form.header))})
        self._rows = self._shape.begin(reading, path.stem)
        self._number = 0  # records before the block at hand
        self._begins = self._form.begins  # where that block begins in the file

    def batches(self) -> Iterator[Batch]:
        if "account" not in self._columns:
            self._reading.note(Reason("account_assumed", {"account": self._rows.account}))
        if self._shape.key not in self._columns:
            self._reading.note(Reason("ids_assumed"))
        if self._form.encoding == "windows-1252":
            self._reading.note(Reason("encoding_assumed"))
        for rows in self._blocks():
            if rows.height:
                yield Batch(self._shape.table, rows)
        if self._rows.times.zone_assumed:
            self._reading.note(Reason("zone_assumed"))
        accounts = self._rows.accounts(self._path.name, self._columns)
        if accounts.height:
            yield Batch("accounts", accounts)

    def _blocks(self) -> Iterator[pl.DataFrame]:
        with self._path.open("rb", buffering=0) as file, ThreadPoolExecutor(_AHEAD) as pool:
            blocks = csv_file.Blocks(file, self._form)
            ahead: deque[tuple[bytes, Future[pl.DataFrame | None]]] = deque()
            rest = b""  # read and not yet cut
            wanted, reported = self._block, 0
            while True:
                while len(ahead) < _AHEAD and (rest or not blocks.ended):
                    fresh = blocks.read(wanted - len(rest)) if len(rest) < wanted and not blocks.ended else b""
                    wanted = self._block
                    block, rest = self._cut(rest, fresh, final=blocks.ended)
                    ahead.append((block, pool.submit(self._parse, block)))
                if not ahead:
                    return
                block, parsed = ahead.popleft()
                if (frame := parsed.result()) is not None:
                    posts = self._whole(block, frame)
                else:
                    posts, left = self._carefully(block, final=blocks.ended and not (ahead or rest))
                    if left:
                        # The block was cut within a record, and so were those after it: cut them anew.
                        rest = b"".join((left, *(later for later, _parsed in ahead), rest))
                        ahead.clear()
                        wanted = max(self._block, 2 * len(rest))
                self._reading.advance(blocks.consumed - reported)
                reported = blocks.consumed
                yield posts

    def _cut(self, rest: bytes, fresh: bytes, *, final: bool) -> tuple[bytes, bytes]:
        """Cut before the last line that begins like a record; the second part is kept for the next block."""
        if final:
            data = (rest + fresh).rstrip(b"\r\n")
            return (data + b"\n", b"") if data else (b"", b"")
        if at := self._splitter.last_record(fresh):
            return b"".join((rest, memoryview(fresh)[:at])), fresh[at:]
        data = rest + fresh
        at = self._splitter.last_record(data)
        return (data[:at], data[at:]) if at else (data, b"")

    def _parse(self, block: bytes) -> pl.DataFrame | None:
        """Return the fields of a block that is sound from end to end, else None."""
        if not block.endswith(b"\n") or b"\0" in block:
            return None
        try:
            parsed = pl.read_csv(
                block, has_header=False, infer_schema=False, separator=self._form.separator, schema=self._fields
            )
        except pl.exceptions.PolarsError:  # not UTF-8, or fields too many
            return None
        return parsed if self._splitter.sound(block, parsed) else None

    def _whole(self, block: bytes, parsed: pl.DataFrame) -> pl.DataFrame:
        frame = parsed.select(pl.col(f"{index}").alias(target) for target, index in self._columns.items())
        posts, problems = self._rows.take(frame)
        if problems:
            begins = list(self._splitter.records(block))
            ends = [*begins[1:], len(block)]
            for problem in problems:
                self._reject(block, begins[problem.row], ends[problem.row], problem)
        self._advance(block, parsed.height)
        return posts

    def _carefully(self, block: bytes, *, final: bool) -> tuple[pl.DataFrame, bytes]:
        pieces, taken = self._splitter.split(
            block + b"\n" if final and not block.endswith(b"\n") else block, final=final
        )
        problems: list[Problem] = []
        good: list[int] = []
        texts: list[list[str]] = []
        for index, piece in enumerate(pieces):
            fields, problem = self._decoded(piece)
            if problem:
                problems.append(replace(problem, row=index))
            if fields is not None:
                good.append(index)
                texts.append(fields)
        frame = pl.DataFrame(
            {
                target: pl.Series([fields[index] or None for fields in texts], dtype=pl.String)
                for target, index in self._columns.items()
            }
        )
        posts, found = self._rows.take(frame)
        for problem in worst([*problems, *(replace(problem, row=good[problem.row]) for problem in found)]):
            self._reject(block, pieces[problem.row].begins, pieces[problem.row].ends, problem)
        self._advance(block[:taken], len(pieces))
        return posts, block[taken:]

    def _decoded(self, piece: Piece) -> tuple[list[str] | None, Problem | None]:
        """Return a record's fields as text, and what was wrong or repaired."""
        values = {"n": piece.n, "needed": len(self._form.header), "limit": LARGEST}
        problem = Problem(0, piece.code, values, kept=piece.fields is not None) if piece.code else None
        if piece.fields is None:
            return None, problem
        keys = [self._columns[key] for key in KEYS if key in self._columns]
        fields = piece.fields
        if any(b"\0" in field for field in fields):
            if any(b"\0" in fields[key] for key in keys):
                return None, Problem(0, "nul_byte")
            fields, problem = [field.replace(b"\0", b"") for field in fields], Problem(0, "repaired_nul", kept=True)
        if all(map(_is_text, fields)):
            return [field.decode() for field in fields], problem
        if not all(_is_text(fields[key]) for key in keys):
            return None, Problem(0, "bad_encoding")
        texts = [field.decode() if _is_text(field) else csv_file.windows_1252(field) for field in fields]
        return texts, Problem(0, "repaired_encoding", kept=True)

    def _reject(self, block: bytes, begins: int, ends: int, problem: Problem) -> None:
        excerpt = block[begins : min(ends, begins + 800)].decode("utf-8", "replace").strip()[:200]
        self._reading.reject(
            Reject(
                source=self._path.name,
                record=self._number + problem.row + 1,
                offset=self._begins + self._form.width(block[:begins]),
                code=problem.code,
                values=problem.values,
                excerpt="" if self._shape.private else excerpt,
                kept=problem.kept,
            )
        )

    def _advance(self, taken: bytes, records: int) -> None:
        self._number += records
        self._begins += self._form.width(taken)


def _is_text(field: bytes) -> bool:
    try:
        field.decode()
    except UnicodeDecodeError:
        return False
    return True
