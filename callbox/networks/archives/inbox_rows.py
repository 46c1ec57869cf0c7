"""From the columns of an inbox table to rows of `contacts`: what reached the agency, a person's label, and when a person answered.

No text of a message is read, and ids that may hold somebody's name leave the house as hashes only (`callbox.maturity.proof.redact`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import polars as pl

from callbox.networks.archives.table_rows import (
    NETWORK,
    YES_NO,
    Problem,
    blank,
    trimmed,
    true_rows,
    without_key,
    worst,
    wrong_clock,
)
from callbox.networks.archives.table_times import Times
from callbox.networks.ledger import SCHEMAS

#: What an inbox table may hold and the names it goes by, the surest first; written as in `table_columns.NAMES`.
NAMES: Final[dict[str, tuple[str, ...]]] = {
    "account": (
        "account", "page", "page_name", "profile", "profile_name", "account_name", "handle", "screen_name", "inbox", "recipient",
    ),
    "contact": (
        "contact", "contact_id", "item_id", "message_id", "comment_id", "id", "case_id", "ticket_id", "ticket", "reference", "permalink",
    ),
    "thread": ("thread", "thread_id", "conversation_id", "conversation"),
    "at": (
        "received_at", "received", "received_on", "date_received", "incoming_at", "at", "created_at", "timestamp", "datetime", "created",
        "created_time", "sent_at", "date", "time",
    ),
    "door": (
        "door", "channel", "item_type", "message_type", "interaction_type", "inbox_type", "contact_type", "type",
    ),
    "answerable": ("answerable", "needs_reply", "needs_answer", "reply_needed", "requires_reply", "requires_response", "actionable"),
    # Only names that say "when": a bare "replied" may hold yes or no, a "response time" a duration.
    "replied_at": (
        "replied_at", "first_reply_at", "first_human_reply_at", "answered_at", "first_response_at", "responded_at", "reply_at",
        "response_at", "replied_on", "answered_on", "reply_date", "response_date", "date_replied", "date_answered",
    ),
    "acknowledged_at": (
        "acknowledged_at", "auto_reply_at", "auto_replied_at", "automatic_reply_at", "autoreply_at", "auto_response_at",
    ),
    "urgent": ("urgent",),
    "agency": ("agency", "force", "police_force", "department", "organisation", "organization"),
    "network": ("network", "platform", "social_network"),
    "name": ("display_name",),
}  # fmt: skip
#: Columns that no table of posts has.
TELLING: Final = ("answerable", "replied_at", "acknowledged_at")

#: The doors of the ledger and the words that name them; the first one found counts.
_DOORS: Final = {
    "comment": r"comment|review|visitor|wall",
    "mention": r"mention|\btag",
    "message": r"message|\bdm|\bpm\b|direct|chat|messenger|inbox",
    "enquiry": r"enquir|inquir|mail|form",
}
_NETWORKS: Final = {
    "twitter": "x",
    "messenger": "facebook",
    "facebook messenger": "facebook",
    "facebook page": "facebook",
}


@dataclass
class InboxRows:
    """Turns blocks of one inbox table into rows of `contacts`, and remembers the accounts they reached.

    account: handle where the table names none.  earliest, latest: bounds of a believable clock, both included.
    """

    account: str
    earliest: datetime | None = None
    latest: datetime | None = None
    times: Times = field(default_factory=Times)
    numbered: int = 0  # rows given an id because the table has none
    _replies: Times = field(default_factory=Times)
    _accounts: list[pl.DataFrame] = field(default_factory=list)

    def take(self, block: pl.DataFrame) -> tuple[pl.DataFrame, list[Problem]]:
        """Return the rows of a block whose columns are named as in `NAMES`, and what is wrong with the others."""
        keys = [name for name in ("account", "contact") if name in block.columns]
        block = block.with_columns(pl.col(name).cast(pl.String).str.strip_chars() for name in keys)
        times = self.times.parse(block["at"])
        problems = [
            *without_key(block, times, (("account", "no_account"), ("contact", "no_id"))),
            *wrong_clock(block["at"], times, self.earliest, self.latest),
        ]
        columns = {"at": times}
        for name, code, kept in (
            ("replied_at", "bad_reply_time", False),
            ("acknowledged_at", "bad_automatic_time", True),
        ):
            if name in block.columns:
                columns[name] = self._replies.parse(block[name])
                problems += _not_understood(columns[name], block[name], code, kept=kept)
        self.times.zone_assumed |= self._replies.zone_assumed
        rows = self._rows(block.with_columns(column.alias(name) for name, column in columns.items()))
        if "answerable" in block.columns:
            problems += _not_understood(rows["answerable"], block["answerable"], "bad_label", kept=True)
        out = sorted({problem.row for problem in problems if not problem.kept})
        if out:
            rows = rows.filter(~pl.int_range(pl.len()).is_in(out))
        self._accounts = [
            pl.concat([*self._accounts, rows.select("account", "name")]).unique("account", maintain_order=True)
        ]
        return rows.drop("name"), worst(problems)

    def accounts(self, source: str, _columns: Collection[str]) -> pl.DataFrame:
        """Return one row of `accounts` for each account that something reached."""
        if not self._accounts:
            return pl.DataFrame(schema={"account": pl.String})
        parts = pl.col("account").str.splitn(":", 2).struct
        return self._accounts[0].select(
            "account",
            parts.field("field_0").alias("network"),
            parts.field("field_1").alias("handle"),
            "name",
            pl.lit(source).alias("source"),
            pl.lit(["incoming"], pl.List(pl.String)).alias("carries"),
        )

    def _rows(self, block: pl.DataFrame) -> pl.DataFrame:
        has = frozenset(block.columns)
        if "contact" not in has:
            block = block.with_columns(pl.format("row-{}", pl.int_range(pl.len()) + self.numbered + 1).alias("contact"))
            self.numbered += block.height
        columns = {
            "account": self._account(has),
            "contact": pl.col("contact"),
            "thread": trimmed("thread") if "thread" in has else pl.lit(None, pl.String),
            "at": pl.col("at"),
            "name": trimmed("name") if "name" in has else pl.lit(None, pl.String),
        }
        if "door" in has:
            columns["door"] = _door()
        columns |= {name: _yes_no(name) for name in ("answerable", "urgent") if name in has}
        if "acknowledged_at" in has:
            columns["acknowledged_at"] = pl.col("acknowledged_at")
        if "replied_at" in has:
            replied = pl.col("replied_at")
            # Tools name an automatic answer as the first reply too; it never counts as a person's.
            automatic = replied == pl.col("acknowledged_at") if "acknowledged_at" in has else pl.lit(value=False)
            columns["replied_at"] = pl.when(~automatic.fill_null(value=False)).then(replied)
        if "agency" in has:
            columns["agency"] = trimmed("agency")
        return block.select(expression.alias(name) for name, expression in columns.items())

    def _account(self, has: frozenset[str]) -> pl.Expr:
        handle = pl.col("account").str.strip_prefix("@") if "account" in has else pl.lit(self.account)
        named = handle.str.contains(r"^[a-z]+:[^/\s]")  # as the ledger writes it already
        if "network" in has:
            network = trimmed("network").str.to_lowercase()
            network = network.replace(_NETWORKS).fill_null(NETWORK)
        else:
            network = pl.lit(NETWORK)
        return pl.when(named).then(handle).otherwise(pl.concat_str(network, pl.lit(":"), handle))


def _not_understood(found: pl.Series, stated: pl.Series, code: str, *, kept: bool) -> list[Problem]:
    return [
        Problem(row, code, {"value": str(stated[row])[:60]}, kept)
        for row in true_rows(found.is_null() & ~blank(stated))
    ]


def _door() -> pl.Expr:
    words = pl.col("door").cast(pl.String).str.to_lowercase()
    found = [pl.when(words.str.contains(pattern)).then(pl.lit(door)) for door, pattern in _DOORS.items()]
    return pl.coalesce(found).cast(SCHEMAS["contacts"]["door"])


def _yes_no(name: str) -> pl.Expr:
    return trimmed(name).str.to_lowercase().replace_strict(YES_NO, default=None, return_dtype=pl.Boolean)
