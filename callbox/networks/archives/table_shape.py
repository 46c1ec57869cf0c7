"""What kind of table a plain table is: posts, or the items of an inbox. Told by its column names, or by the person."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

import polars as pl

from callbox.networks.archives import inbox_rows, table_columns, table_rows
from callbox.networks.archives.contract import ArchiveError, Reading
from callbox.networks.archives.table_columns import Names, target_of
from callbox.networks.archives.table_rows import Problem
from callbox.networks.archives.table_times import Times

#: What stands before the names of an inbox table's columns in `--map contacts.at=COLUMN`.
PREFIX: Final = "contacts."


class TableRows(Protocol):
    """Turns blocks of one table into rows of the ledger."""

    account: str
    times: Times

    def take(self, block: pl.DataFrame) -> tuple[pl.DataFrame, list[Problem]]:
        """Return the rows of a block, and what is wrong with the others."""
        ...

    def accounts(self, source: str, columns: Collection[str], /) -> pl.DataFrame:
        """Return one row of `accounts` for each account seen."""
        ...


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of table. table, key: of the ledger, and its column of ids.  private: no excerpt of it may be written anywhere."""

    table: str
    key: str
    names: Names
    rows: Callable[[str, datetime | None, datetime | None], TableRows]
    private: bool = False

    def begin(self, reading: Reading, account: str) -> TableRows:
        """Return what turns the table's blocks into rows. account: the handle where neither table nor reading names one."""
        return self.rows(reading.account or account, reading.earliest, reading.latest)


POSTS: Final = Shape("posts", "post", table_columns.NAMES, table_rows.Rows)
CONTACTS: Final = Shape("contacts", "contact", inbox_rows.NAMES, inbox_rows.InboxRows, private=True)


def shape_of(header: Sequence[str], given: Mapping[str, str], *, file: str) -> tuple[Shape, dict[str, str]]:
    """Return what kind of table has these columns, and which of the names given by the person are meant for it.

    It is an inbox when it has all columns given for one (`contacts.at`), or by itself: a column says whether or when an item was
    answered. A text beside the time of an answer may be a post's, so then the label or the door must tell.

    Raises:
        ArchiveError: it has some of the columns given for an inbox, but not all.
    """
    mine = {name.removeprefix(PREFIX): column for name, column in given.items() if name.startswith(PREFIX)}
    missing = [column for column in mine.values() if column not in header]
    if (mine and not missing) or _is_inbox(header):
        return CONTACTS, mine
    if 0 < len(missing) < len(mine):
        raise ArchiveError(
            f"{file}: no column is called {missing[0]} (columns found: {', '.join(header[:30]) or 'none'})."
        )
    return POSTS, {name: column for name, column in given.items() if not name.startswith(PREFIX)}


def states_time(header: Collection[str]) -> bool:
    """Whether a column is understood as the time of a post or of something received."""
    found = (target_of(name, names) for name in header for names in (POSTS.names, CONTACTS.names))
    return any(known is not None and known[0] == "at" for known in found)


def _is_inbox(header: Sequence[str]) -> bool:
    found = {known[0] for name in header if (known := target_of(name, CONTACTS.names))}
    texts = any((known := target_of(name)) and known[0] == "text" for name in header)
    if not found.intersection(inbox_rows.TELLING):
        return False
    return (
        "answerable" in found or not texts or any(table_columns.plain(name) in ("door", "channel") for name in header)
    )
