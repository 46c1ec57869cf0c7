"""The log inside one machine: a file of SQLite, shared by as many processes as wanted, written to disk before it is acknowledged."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from callbox.core.log.contract import KEEP, PATIENCE, Entry, Fetched, LogError

#: Seconds for which an entry that is gone is remembered, so that it is not kept again: longer than a source needs to go on after a crash.
MEMORY: Final = 600.0
#: Seconds between two looks while nothing is there.
_PAUSE: Final = 0.1
#: Seconds between two sweeps of what is too old.
_SWEEP: Final = 60.0

_TABLE: Final = """
    CREATE TABLE IF NOT EXISTS entry (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        data BLOB,                        -- empty once it is acknowledged
        at REAL NOT NULL,                 -- appended, seconds since 1970
        due REAL NOT NULL DEFAULT 0,      -- not given again before
        tries INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX IF NOT EXISTS waiting ON entry (number) WHERE data IS NOT NULL;
    CREATE INDEX IF NOT EXISTS age ON entry (at);
"""


class SqliteLog:
    """A log in the file `path`, which is made if it is not there. Its threads take turns; its processes wait for each other.

    patience: seconds until an entry is given to somebody else.  durable: wait for the disk at each append; tests need not.

    Raises:
        LogError: the file cannot be opened.
    """

    def __init__(self, path: Path, *, patience: float = PATIENCE, durable: bool = True) -> None:
        self._patience = patience
        self._turn = threading.Lock()
        self._swept = 0.0
        try:
            self._file = sqlite3.connect(path, timeout=20, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise LogError(f"the log cannot be opened: {error}") from error
        try:
            with _told():
                self._file.execute("PRAGMA journal_mode=WAL")
                self._file.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
                self._file.execute("PRAGMA secure_delete=ON")
                self._file.executescript(_TABLE)
        except LogError:
            self._file.close()
            raise

    def append(self, entries: Sequence[Entry]) -> None:
        """Keep `entries` durably, in order."""
        now = time.time()
        self._sweep()
        with self._writing() as file:
            file.executemany(
                "INSERT OR IGNORE INTO entry (id, data, at) VALUES (?, ?, ?)",
                [(entry.id, entry.data, now) for entry in entries],
            )

    def fetch(self, count: int, *, seconds: float) -> list[Fetched]:
        """Return up to `count` entries, oldest first; wait at most `seconds` for the first."""
        until = time.monotonic() + seconds
        self._sweep()
        while True:
            found = self._take(count) if self._any() else []
            left = until - time.monotonic()
            if found or left <= 0:
                return found
            time.sleep(min(_PAUSE, left))

    def acknowledge(self, fetched: Sequence[Fetched]) -> None:
        """Say that their effects are kept. What was in them is overwritten; that they were here is remembered for `MEMORY`."""
        with self._writing() as file:
            file.executemany("UPDATE entry SET data = NULL WHERE number = ?", [(int(each.token),) for each in fetched])

    def waiting(self) -> int:
        """Return how many entries are not acknowledged."""
        with (
            self._turn,
            _told(),
            closing(self._file.execute("SELECT count(*) FROM entry WHERE data IS NOT NULL")) as found,
        ):
            return int(found.fetchone()[0])

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            self._file.close()

    def _any(self) -> bool:
        """Look without taking the lock of the file: several workers wait here all day."""
        with self._turn, _told():
            now = time.time()
            found = self._file.execute(
                "SELECT 1 FROM entry WHERE data IS NOT NULL AND due <= ? AND at > ? LIMIT 1", (now, now - KEEP)
            ).fetchone()
        return found is not None

    def _take(self, count: int) -> list[Fetched]:
        now = time.time()
        with self._writing() as file:
            rows = file.execute(
                "SELECT number, id, data, tries FROM entry WHERE data IS NOT NULL AND due <= ? AND at > ? ORDER BY number LIMIT ?",
                (now, now - KEEP, count),
            ).fetchall()
            file.executemany(
                "UPDATE entry SET due = ?, tries = tries + 1 WHERE number = ?",
                [(now + self._patience, number) for number, *_rest in rows],
            )
        return [Fetched(name, data, str(number), tries + 1) for number, name, data, tries in rows]

    def _sweep(self) -> None:
        """Let go of what is too old, whoever uses the log: where nothing is heard any more, nothing may stay either."""
        now = time.time()
        if now - self._swept > _SWEEP:
            self._swept = now
            with self._writing() as file:
                file.execute("DELETE FROM entry WHERE at <= ? OR (at < ? AND data IS NULL)", (now - KEEP, now - MEMORY))

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._turn, _told():
            self._file.execute("BEGIN IMMEDIATE")
            try:
                yield self._file
            except BaseException:
                self._file.execute("ROLLBACK")
                raise
            self._file.execute("COMMIT")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise LogError(f"the log cannot be used: {error}") from error
