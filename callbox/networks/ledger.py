"""The ledger: small columnar tables that archives and live rows both fill, and that every measure reads.

One row of `posts` is one public post or repost of the agency; one row of `contacts` is one message, mention or comment that reached it;
one row of `accounts` is one account as one source (file or live connection) saw it, with what that source can and cannot carry.
No text and no person outside the agency is ever kept in it: texts are read for their labels and dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final

import polars as pl

from callbox.core.measure import Window

#: Times are UTC with microseconds everywhere.
TIME: Final = pl.Datetime("us", "UTC")

#: What kind of thing the agency did.
ACTIONS: Final = ("post", "reply", "repost", "quote")
#: Whom a reply addresses: the agency itself (a thread), somebody else, or the record does not say.
ADDRESSEES: Final = ("self", "other", "unknown")
#: What a source can carry; `accounts.carries` lists the ones it does.
ASPECTS: Final = (
    "replies",  # replies to others are in the record when there were any
    "media",  # which posts carry images or video
    "alt_text",
    "captions",
    "language",
    "engagement",
    "incoming",  # messages or comments that reached the agency
)

type Columns = dict[str, pl.DataType | type[pl.DataType]]

_COLUMNS: Final[dict[str, Columns]] = {
    "posts": {
        "account": pl.String,  # "<network>:<handle>", as in accounts
        "post": pl.String,  # the network's own id
        "at": TIME,
        "action": pl.Enum(ACTIONS),
        "addressee": pl.Enum(ADDRESSEES),  # of a reply; null when it is none
        "thread": pl.String,  # id of the first post of the thread, null when alone or unknown
        "images": pl.UInt16,  # null: the record does not say
        "images_described": pl.UInt16,  # images with a non-trivial alternative text
        "videos": pl.UInt16,
        "videos_captioned": pl.UInt16,
        "language": pl.String,  # BCP 47 primary tag as stated by the record
        "likes": pl.UInt32,
        "reposts": pl.UInt32,
        "replies": pl.UInt32,
        "urgent": pl.Boolean,  # tagged life-safety, missing, suspect at large, evacuation; null: never tagged
        "release": pl.String,  # the agency message it renders, when known
        "kind": pl.Enum(("inform", "engage", "gather")),
        "prevention": pl.Boolean,
        "services": pl.Boolean,
        "labelled_by": pl.Enum(("person", "machine")),
    },
    "contacts": {
        "account": pl.String,
        "contact": pl.String,
        "thread": pl.String,
        "at": TIME,
        "door": pl.Enum(("comment", "mention", "message", "enquiry")),
        "answerable": pl.Boolean,  # a person's label; null: nobody has labelled it
        "replied_at": TIME,  # first reply by a person on the same thread
        "acknowledged_at": TIME,  # first automatic reply; never counts
        "urgent": pl.Boolean,
    },
    "releases": {
        "release": pl.String,
        "language": pl.String,
        "at": TIME,
        "urgent": pl.Boolean,
        "checked": pl.Boolean,  # a person checked the translation
    },
    "accounts": {
        "account": pl.String,
        "network": pl.String,
        "handle": pl.String,
        "name": pl.String,
        "source": pl.String,  # file name or connection this row came from
        "carries": pl.List(pl.String),  # of ASPECTS
        "as_of": TIME,  # the source's own stated time, null when it states none
        "followers": pl.UInt32,
        "official": pl.Boolean,
        "owner": pl.Boolean,  # has a named owner
        "admins": pl.UInt16,
        "second_factor": pl.Boolean,
        "linked": pl.Boolean,  # linked from the agency's own site
    },
    # What one person made of one of the agency's posts, working apart from the other coder.
    "codings": {
        "account": pl.String,
        "post": pl.String,
        "coder": pl.String,
        "kind": pl.Enum(("inform", "engage", "gather")),
        "prevention": pl.Boolean,
        "services": pl.Boolean,
    },
    # The languages the agency has adopted for urgent messages.
    "languages": {
        "language": pl.String,  # BCP 47 primary tag
    },
}


SCHEMAS: Final = {table: pl.Schema(columns) for table, columns in _COLUMNS.items()}


def empty(table: str) -> pl.DataFrame:
    """Return `table` without rows."""
    return pl.DataFrame(schema=SCHEMAS[table])


def conform(table: str, frame: pl.DataFrame, *, schemas: Mapping[str, pl.Schema] = SCHEMAS) -> pl.DataFrame:
    """Return `frame` with exactly the columns of `table`, in order: missing ones null, values cast strictly.

    schemas: of the tables known; those of the areas have theirs beside their measures.

    Raises:
        polars.exceptions.PolarsError: a value does not fit its column, or a column is not of the table.
    """
    schema = schemas[table]
    strange = [name for name in frame.columns if name not in schema]
    if strange:
        raise pl.exceptions.ColumnNotFoundError(f"{table} has no column {', '.join(strange)}")
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in schema.items()
    )


@dataclass(frozen=True)
class Ledger:
    """The record of one agency: its tables, lazily scanned, and the moment it speaks of.

    Posts are unique by (account, post): whoever builds a ledger has set repeated ones aside.
    """

    agency: str
    as_of: datetime
    tables: Mapping[str, pl.LazyFrame] = field(default_factory=dict)

    def table(self, name: str) -> pl.LazyFrame:
        """Return a table, without rows when the record has none."""
        found = self.tables.get(name)
        return empty(name).lazy() if found is None else found

    def window(self, name: str, window: Window, *columns: str) -> pl.DataFrame:
        """Return the rows of `name` whose `at` lies in `window`, only `columns` when any are named."""
        rows = self.table(name).filter(pl.col("at").is_between(window.begins, window.ends))
        return (rows.select(columns) if columns else rows).collect()

    def kept(self, name: str, window: Window, *columns: str) -> pl.DataFrame:
        """Return `columns` of the rows of `name` in `window`, collected once and kept: several measures read the same few.

        Who is about to ask for several sets of columns asks for all of them first: what holds them already is not collected again.
        """
        wanted = frozenset(columns)
        for (table, span, held), rows in self._kept.items():
            if table == name and span == window and wanted <= held:
                return rows.select(columns)
        rows = self.window(name, window, *columns)
        self._kept[name, window, wanted] = rows
        return rows

    @cached_property
    def _kept(self) -> dict[tuple[str, Window, frozenset[str]], pl.DataFrame]:
        return {}

    def carrying(self, aspect: str) -> list[str]:
        """Return the accounts of which at least one source carries `aspect`, in order of name."""
        accounts = self.table("accounts").filter(pl.col("carries").list.contains(aspect))
        return accounts.select("account").collect()["account"].unique().drop_nulls().sort().to_list()

    @cached_property
    def carried(self) -> frozenset[str]:
        """The aspects that at least one source of this record carries."""
        accounts = self.table("accounts").select(pl.col("carries").explode()).collect()
        return frozenset(accounts["carries"].drop_nulls().to_list())
