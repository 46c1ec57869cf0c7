"""What every archive reader takes and gives. One module a format, listed in `callbox.networks.archives.registry`.

A reader streams: it never holds a whole file, it reports the bytes it has consumed, and it sets a bad record aside
without losing the good ones around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

import polars as pl

from callbox.core.text import Reason

#: Columns that a batch of posts or contacts may carry beside those of the ledger; they are read for labels and never kept.
PASSING: Final = {"text": pl.String, "agency": pl.String}


class ArchiveError(Exception):
    """The file as a whole cannot be read. The message is one sentence for the person who gave the file, without a stack trace."""


class ColumnError(ArchiveError):
    """A plain table whose columns are not understood until the person names them."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of one ledger table, conforming to `ledger.SCHEMAS[table]`, with the `PASSING` columns where known.

    `agency` is only given where the file itself tells agencies apart (a column of a table).
    """

    table: str
    rows: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that was set aside, or (`kept`) taken in after a repair.

    record: its number from 1 in `member` (or file); offset: its first byte there, when known.
    """

    source: str
    record: int
    offset: int | None
    code: str  # of callbox.core.text.SENTENCES
    values: Mapping[str, object] = field(default_factory=dict)
    member: str | None = None
    excerpt: str = ""  # at most 200 characters
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read.

    columns: ledger column -> column of the table, for plain tables whose names are not understood by themselves.
    account: name to use where the file names none.  advance: called with the number of bytes of the file consumed since the last call.
    reject: called with every record set aside.  note: called with what the reader had to assume about the file as a whole.
    earliest, latest: a time outside them comes from a wrong clock; a reader that knows a record's place sets it aside itself.
    """

    advance: Callable[[int], None] = lambda _count: None
    reject: Callable[[Reject], None] = lambda _reject: None
    columns: Mapping[str, str] = field(default_factory=dict)
    account: str | None = None
    note: Callable[[Reason], None] = lambda _reason: None
    earliest: datetime | None = None
    latest: datetime | None = None


class Reader(Protocol):
    """One format. `recognises` looks at name and first bytes (or members) only; `read` yields batches, `accounts` rows among them."""

    LABEL: str

    def recognises(self, path: Path) -> bool:
        """Whether this reader understands the file."""
        ...

    def read(self, path: Path, reading: Reading) -> Iterator[Batch]:
        """Yield the file's rows in batches.

        Raises:
            ArchiveError: the file as a whole cannot be read.
        """
        ...
