"""Reader of JSON Lines: one object a line, also nested as the networks' programming interfaces hand posts out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

import polars as pl

from callbox.core.text import Reason
from callbox.networks.archives.contract import Batch, ColumnError, Reading, Reject
from callbox.networks.archives.csv_file import windows_1252
from callbox.networks.archives.csv_split import LARGEST
from callbox.networks.archives.table_columns import KEYS, check_given, listed, target_of
from callbox.networks.archives.table_rows import Problem, worst
from callbox.networks.archives.table_shape import shape_of, states_time

LABEL: Final = "JSON Lines table"

_SUFFIXES: Final = (".jsonl", ".ndjson")
_LINES: Final = 20_000
_BYTES: Final = 16 << 20
_DEPTH: Final = 3
#: Lines by which the kind of table is told.
_LOOK: Final = 200


def recognises(path: Path) -> bool:
    """Whether the file is named so, or its first line is a whole JSON object that states a time."""
    if path.suffix.lower() in _SUFFIXES:
        return True
    with path.open("rb") as file:
        line = file.readline(LARGEST)
    fields = _fields(line) if line.lstrip(b"\xef\xbb\xbf").startswith(b"{") else None
    return fields is not None and states_time(fields)


def read(path: Path, reading: Reading, *, lines: int = _LINES) -> Iterator[Batch]:
    """Yield the posts or contacts of every `lines` lines, then the accounts.

    Raises:
        ArchiveError: no field of the first lines holds the time.
    """
    table = _Table(path, reading)
    with path.open("rb") as file:
        while block := _lines(file, lines):
            rows = table.take(block)
            if rows.height:
                yield Batch(table.shape.table, rows)
    yield from table.accounts()


type _Line = tuple[int, bytes | None, int]  # where it begins, the line (None: too large), its length


def _lines(file: BinaryIO, most: int) -> list[_Line]:
    """Return the next lines, at most so many and so many bytes; one that is too large is passed over."""
    found: list[_Line] = []
    begins = at = file.tell()
    while len(found) < most and at - begins < _BYTES and (line := file.readline(LARGEST + 1)):
        whole: bytes | None = line
        while len(line) > LARGEST and not line.endswith(b"\n"):
            whole, line = None, file.readline(LARGEST + 1)
        ends = file.tell()
        found.append((at, whole, ends - at))
        at = ends
    return found


class _Table:
    """One file while it is read."""

    def __init__(self, path: Path, reading: Reading) -> None:
        self._path, self._reading = path, reading
        self.shape, given = shape_of(_first_names(path), reading.columns, file=path.name)
        for target, name in given.items():
            check_given(target, name, self.shape.names)
        self._rows = self.shape.begin(reading, path.stem)
        self._given = {name: target for target, name in given.items()}
        self._targets: dict[str, tuple[str, int] | None] = {}
        self._columns: set[str] = set()  # what the file has been seen to hold
        self._number = 0

    def take(self, lines: list[_Line]) -> pl.DataFrame:
        records: list[dict[str, str]] = []
        places: list[int] = []
        problems: list[Problem] = []
        lines = [line for line in lines if line[1] is None or line[1].strip(b"\xef\xbb\xbf \t\r\n")]
        for index, (_begins, line, _length) in enumerate(lines):
            record, problem = self._record(line)
            if problem:
                problems.append(Problem(index, problem.code, problem.values, problem.kept))
            if record is not None:
                records.append(record)
                places.append(index)
        rows = pl.DataFrame()
        if records:
            self._learn(records)
            rows, found = self._rows.take(
                pl.DataFrame(
                    {
                        name: pl.Series([record.get(name) for record in records], dtype=pl.String)
                        for name in self.shape.names
                        if name in self._columns
                    }
                )
            )
            problems += [Problem(places[problem.row], problem.code, problem.values, problem.kept) for problem in found]
        for problem in worst(problems):
            self._reject(lines[problem.row], problem)
        self._number += len(lines)
        self._reading.advance(sum(length for _begins, _line, length in lines))
        return rows

    def accounts(self) -> Iterator[Batch]:
        if self._rows.times.zone_assumed:
            self._reading.note(Reason("zone_assumed"))
        accounts = self._rows.accounts(self._path.name, self._columns)
        if accounts.height:
            yield Batch("accounts", accounts)

    def _record(self, line: bytes | None) -> tuple[dict[str, str] | None, Problem | None]:
        """Return what a line says by the names of `table_columns.NAMES`, and what was wrong or repaired."""
        if line is None:
            return None, Problem(0, "record_too_large", {"limit": LARGEST})
        problem = None
        fields = _fields(line)
        if fields is None and not _is_utf8(line):
            fields, problem = _fields(windows_1252(line).encode()), Problem(0, "repaired_encoding", kept=True)
        if fields is None:
            return None, Problem(0, "bad_json")
        found: dict[str, str] = {}
        ranks: dict[str, int] = {}
        for name, value in fields.items():
            known = self._target(name)
            if known and value is not None and known[1] < ranks.get(known[0], 1000):
                found[known[0]], ranks[known[0]] = value, known[1]
        if problem and not all(found.get(key, "").isascii() for key in KEYS):
            return None, Problem(0, "bad_encoding")
        return found, problem

    def _target(self, name: str) -> tuple[str, int] | None:
        if name not in self._targets:
            given = self._given.get(name)
            self._targets[name] = (given, -1) if given else target_of(name, self.shape.names)
        return self._targets[name]

    def _learn(self, records: list[dict[str, str]]) -> None:
        """Widen what the file holds; decide by its first lines what it does not have at all."""
        first = not self._columns
        self._columns |= set().union(*records)
        if not first:
            return
        if "at" not in self._columns:
            raise ColumnError(
                f"{self._path.name}: no field is understood as the time of a post (fields found: {listed(list(self._targets))})."
            )
        if "account" not in self._columns:
            self._reading.note(Reason("account_assumed", {"account": self._rows.account}))
        if self.shape.key not in self._columns:
            self._reading.note(Reason("ids_assumed"))

    def _reject(self, line: _Line, problem: Problem) -> None:
        begins, text, _length = line
        self._reading.reject(
            Reject(
                source=self._path.name,
                record=self._number + problem.row + 1,
                offset=begins,
                code=problem.code,
                values=problem.values,
                excerpt="" if self.shape.private else (text or b"")[:800].decode("utf-8", "replace").strip()[:200],
                kept=problem.kept,
            )
        )


def _first_names(path: Path) -> list[str]:
    """Return the names of the fields in the first lines of a file, in order."""
    with path.open("rb") as file:
        lines = [line for _at, line, _length in _lines(file, _LOOK) if line is not None]
    return list(dict.fromkeys(name for line in lines for name in _fields(line) or ()))


def _fields(line: bytes) -> dict[str, str | None] | None:
    """Return the fields of one object, nested names joined by dots, values as text; None when it is no object."""
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return dict(_flat(value, "", _DEPTH)) if isinstance(value, dict) else None


def _flat(value: Mapping[str, Any], prefix: str, depth: int) -> Iterator[tuple[str, str | None]]:
    for name, inner in value.items():
        if isinstance(inner, dict) and depth > 1:
            yield from _flat(inner, f"{prefix}{name}.", depth - 1)
        elif inner is None or isinstance(inner, str):
            yield prefix + name, None if inner is None else inner.replace("\0", "").encode("utf-8", "replace").decode()
        elif not isinstance(inner, (dict, list)):
            yield prefix + name, str(inner)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
