"""From files to the record of one or several agencies: every file read, repeated posts set aside, one ledger an agency."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl

from callbox.core.text import Reason
from callbox.networks.archives import registry
from callbox.networks.archives.contract import PASSING, ArchiveError, Reading, Reject
from callbox.networks.archives.rejects import Rejects
from callbox.networks.archives.spill import Rows, Store
from callbox.networks.ledger import SCHEMAS, TIME, Ledger, conform

#: Before the first networks, a clock is wrong; so it is more than a day ahead (a whole turn of time zones) of the reader's own.
EARLIEST: Final = datetime(2004, 1, 1, tzinfo=UTC)
TOLERANCE: Final = timedelta(days=1)
MOST_AGENCIES: Final = 1_000

#: Texts and languages of some posts in, columns `kind` and `labelled_by` out, one row each.
type Label = Callable[[pl.Series, pl.Series], pl.DataFrame]


@dataclass
class FileSummary:
    """What one file gave. read = kept + repeated + set aside; `reasons` and `repaired` count by code; times are those of the kept rows."""

    name: str
    format: str
    bytes: int
    sha256: str = ""
    read: int = 0
    kept: int = 0
    repeated: int = 0
    set_aside: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    repaired: dict[str, int] = field(default_factory=dict)
    begins: datetime | None = None
    ends: datetime | None = None
    notes: list[Reason] = field(default_factory=list)


@dataclass(frozen=True)
class Record:
    """Everything the files held. rejects: the file of records set aside or repaired, None when there were none."""

    ledgers: tuple[Ledger, ...]
    files: tuple[FileSummary, ...]
    rejects: Path | None = None
    _files_of: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the summary of all files as plain JSON values."""
        return {
            "agencies": [ledger.agency for ledger in self.ledgers],
            "files": [_plain(file) for file in self.files],
            "rejects": self.rejects.name if self.rejects else None,
        }

    def summary(self, agency: str) -> dict[str, Any]:
        """Return what was read for one agency as plain JSON values: the files that hold rows of it."""
        mine = self._files_of.get(agency, frozenset())
        return {"files": [_plain(file) for number, file in enumerate(self.files) if number in mine]}


def build(
    paths: Sequence[Path],
    *,
    now: datetime,
    workdir: Path,
    agency: str | None = None,
    columns: Mapping[str, str] | None = None,
    advance: Callable[[int], None] = lambda _count: None,
    label: Label | None = None,
) -> Record:
    """Read files and return their record, agencies in order of name.

    agency: every file and account is this agency's.  Without it, a table with an `agency` column is told apart by it, one without is
    told apart by account, and the archives of networks are together one agency.  now: the clock, with a zone.  workdir: an existing
    folder for the rejects and for rows that do not fit in memory.  columns: ledger column -> column of a table.
    advance: called with the bytes consumed.  label: says what posts do; called with a batch of texts, which are then dropped.

    Raises:
        ArchiveError: a file is no archive or table, or no file holds a single valid record.
    """
    if now.tzinfo is None:
        raise ValueError("the clock needs a zone")
    builder = _Builder(now, workdir, agency, label)
    try:
        for path in paths:
            builder.read(path, columns or {}, advance)
    finally:
        builder.rejects.close()
    return builder.finish()


class _Builder:
    """A record while it is read."""

    def __init__(self, now: datetime, workdir: Path, agency: str | None, label: Label | None) -> None:
        self._now, self._agency, self._label = now, agency, label
        self.rejects = Rejects(workdir)
        self._files: list[FileSummary] = []
        self._tables: list[bool] = []  # whether the file is a plain table
        self._inboxes: set[int] = set()  # which of them are tables of an inbox
        self._house: str | None = None  # the agency that archives of networks belong to
        self._stores = {table: Store(table, workdir) for table in SCHEMAS if table != "accounts"}
        self._accounts: list[pl.DataFrame] = []
        self._hinted: list[pl.DataFrame] = []  # account and agency, where a table names both

    def read(self, path: Path, columns: Mapping[str, str], advance: Callable[[int], None]) -> None:
        reader = registry.reader_of(path)
        number, file = len(self._files), FileSummary(path.name, reader.LABEL, path.stat().st_size)
        self._files.append(file)
        self._tables.append(reader in registry.TABLES)
        reading = Reading(
            advance=advance,
            reject=lambda reject: self.rejects.add(reject, file=number),
            note=file.notes.append,
            columns=columns,
            earliest=EARLIEST,
            latest=self._now + TOLERANCE,
        )
        with ThreadPoolExecutor(1) as pool:
            digest = pool.submit(_sha256, path)
            try:
                for batch in reader.read(path, reading):
                    if batch.table == "contacts" and self._tables[number]:
                        self._inboxes.add(number)
                    self._take(batch.table, batch.rows, number)
            except OSError as error:
                reason = (error.strerror or "input error").lower()
                raise ArchiveError(f"{path.name}: cannot be read to its end: {reason}.") from error
            file.sha256 = digest.result()

    def _take(self, table: str, rows: pl.DataFrame, number: int) -> None:
        if table == "accounts":
            self._accounts.append(rows.with_columns(pl.lit(number).alias("_file")))
            return
        file = self._files[number]
        if "at" in rows.columns:
            rows = self._right_clocks(rows, number)
        file.read += rows.height
        if table == "posts":
            rows = self._labelled(rows)
        if "agency" in rows.columns:
            self._hinted.append(rows.select("account", "agency").unique().with_columns(pl.lit(number).alias("_file")))
        rows = rows.drop(set(PASSING) - {"agency"}, strict=False)
        if rows.height:
            self._stores[table].add(rows, file=number)

    def _right_clocks(self, rows: pl.DataFrame, number: int) -> pl.DataFrame:
        at = rows["at"]
        first, last = at.min(), at.max()
        if not at.null_count() and first is not None and first >= EARLIEST and last <= self._now + TOLERANCE:  # type: ignore[operator]
            return rows
        right = at.is_between(EARLIEST, self._now + TOLERANCE).fill_null(value=False)
        file = self._files[number]
        for row in (~right).arg_true():
            code, values = ("wrong_clock", {"value": str(at[row])}) if at[row] is not None else ("no_time", {})
            self.rejects.add(Reject(file.name, file.read + row + 1, None, code, values), file=number)
        return rows.filter(right)

    def _labelled(self, rows: pl.DataFrame) -> pl.DataFrame:
        if self._label is None or "text" not in rows.columns:
            return rows
        missing = [name for name in ("kind", "labelled_by", "language") if name not in rows.columns]
        rows = rows.with_columns(pl.lit(None, SCHEMAS["posts"][name]).alias(name) for name in missing)
        wanted = rows.with_row_index("_row").filter(pl.col("text").is_not_null() & pl.col("kind").is_null())
        if wanted.is_empty():
            return rows
        labels = self._label(wanted["text"], wanted["language"])
        found = wanted.select("_row").hstack(
            [labels[name].cast(SCHEMAS["posts"][name]).alias(f"_{name}") for name in ("kind", "labelled_by")]
        )
        return (
            rows.with_row_index("_row")
            .join(found, on="_row", how="left", maintain_order="left")
            .with_columns(pl.coalesce(name, f"_{name}").alias(name) for name in ("kind", "labelled_by"))
            .drop("_row", "_kind", "_labelled_by")
        )

    def finish(self) -> Record:
        repeated: Counter[int] = Counter()
        for store in self._stores.values():
            repeated += store.finish()
        for number, file in enumerate(self._files):
            file.reasons, file.repaired = self.rejects.set_aside(number), self.rejects.repaired(number)
            file.set_aside, file.repeated = sum(file.reasons.values()), repeated[number]
            file.kept = file.read - file.repeated
            file.read += file.set_aside
        if not self._accounts:
            raise ArchiveError(self._nothing())
        accounts = self._accounts_of_agencies()
        names = accounts["agency"].unique().sort()
        if len(names) > MOST_AGENCIES:
            raise ArchiveError(
                f"{self._files[0].name}: the posts of {len(names)} accounts; are they one agency's (--agency NAME), "
                f"or does a column name the agency (--map agency=COLUMN)? At most {MOST_AGENCIES} agencies are read at once."
            )
        parts = {table: self._split(table, accounts, names) for table in self._stores}
        ledgers = [self._ledger(name, accounts.filter(pl.col("agency") == name), parts) for name in names]
        files_of = {name: frozenset(files) for name, files in accounts.group_by("agency").agg("_file").iter_rows()}
        path = self.rejects.path if self.rejects.first else None
        return Record(tuple(ledgers), tuple(self._files), path, files_of)

    def _accounts_of_agencies(self) -> pl.DataFrame:
        """Return the rows of `accounts` with the agency each belongs to; an account of two agencies stands once for each."""
        accounts = pl.concat(self._accounts, how="diagonal")
        tables = [number for number, table in enumerate(self._tables) if table]
        archived = accounts.filter(~pl.col("_file").is_in(tables))
        self._house = self._agency or (_title(archived.row(0, named=True)) if archived.height else None)
        if self._agency is not None:
            return accounts.with_columns(pl.lit(self._agency).alias("agency"))
        own = pl.col("account").is_in(archived["account"].implode())
        if archived.height:
            # What reached an agency is handed over beside its archives.
            own |= pl.col("_file").is_in(sorted(self._inboxes))
        accounts = accounts.with_columns(pl.when(own).then(pl.lit(self._house)).otherwise("handle").alias("_own"))
        if not self._hinted:
            return accounts.with_columns(pl.col("_own").alias("agency"))
        hinted = pl.concat(self._hinted).unique(maintain_order=True)
        return accounts.join(hinted, on=["account", "_file"], how="left", maintain_order="left").with_columns(
            pl.coalesce("agency", "_own").alias("agency")
        )

    def _split(self, table: str, accounts: pl.DataFrame, names: pl.Series) -> dict[str, Rows]:
        store = self._stores[table]
        if len(names) == 1:
            return {names[0]: store.whole()}
        owner = dict(accounts.select("account", "_own").iter_rows())

        def agency_of(rows: pl.DataFrame) -> pl.Series:
            if "account" not in rows.columns:
                return pl.Series([self._house or names[0]]).new_from_index(0, rows.height)
            named = rows["account"].replace_strict(owner, return_dtype=pl.String)
            return rows["agency"].fill_null(named) if "agency" in rows.columns else named

        return store.split(agency_of)

    def _ledger(self, name: str, accounts: pl.DataFrame, parts: Mapping[str, Mapping[str, Rows]]) -> Ledger:
        rows = {table: found[name] for table, found in parts.items() if name in found}
        stated = {
            file: as_of
            for file, as_of in accounts.select("_file", pl.col("as_of").cast(TIME)).drop_nulls().iter_rows()
            if as_of <= self._now + TOLERANCE
        } if "as_of" in accounts.columns else {}  # fmt: skip
        newest = dict(stated)
        for table in ("posts", "contacts"):
            for file, first, last in rows[table].spans(self._now + TOLERANCE) if table in rows else ():
                summary = self._files[file]
                summary.begins = min(first, summary.begins or first)
                summary.ends = max(last, summary.ends or last)
                if file not in stated:
                    newest[file] = max(last, newest.get(file, last))
        tables = {table: found.lazy() for table, found in rows.items()}
        if "contacts" in tables:
            tables["contacts"] = _replied(tables["contacts"], tables["posts"])
        tables["accounts"] = conform(
            "accounts", accounts.select(column for column in accounts if column.name in SCHEMAS["accounts"])
        ).lazy()
        return Ledger(name, min(max(newest.values(), default=self._now), self._now), tables)

    def _nothing(self) -> str:
        names = ", ".join(file.name for file in self._files)
        count, first = sum(file.set_aside for file in self._files), self.rejects.first
        if first is None:
            return f"{names}: no record found."
        reason = Reason(first.code, first.values).sentence
        return f"{names}: none of {count} records could be read; the first (record {first.record}): {reason}."


def _replied(contacts: pl.LazyFrame, posts: pl.LazyFrame) -> pl.LazyFrame:
    """Fill the time of the first later reply on the same thread where the archive does not state one itself."""
    replies = posts.filter(
        (pl.col("action") == "reply") & (pl.col("addressee") != "self"), pl.col("thread").is_not_null()
    )
    later = replies.select("account", "thread", "at", pl.col("at").alias("_replied")).sort("at").collect()
    waiting = contacts.collect()
    if later.is_empty() or waiting.is_empty():
        return waiting.lazy()
    joined = waiting.sort("at").join_asof(
        later, on="at", by=["account", "thread"], strategy="forward", allow_exact_matches=False, check_sortedness=False
    )
    return joined.with_columns(pl.coalesce("replied_at", "_replied").alias("replied_at")).drop("_replied").lazy()


def _title(account: Mapping[str, Any]) -> str:
    return str(account.get("name") or account.get("handle") or account["account"])


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _plain(file: FileSummary) -> dict[str, Any]:
    return {
        **asdict(file),
        "begins": file.begins.isoformat() if file.begins else None,
        "ends": file.ends.isoformat() if file.ends else None,
        "notes": [asdict(note) for note in file.notes],
    }
