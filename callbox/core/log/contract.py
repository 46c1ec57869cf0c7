"""The contract of the log. `sqlite.py` keeps it inside one machine, `jetstream.py` on NATS servers with as many workers as wanted.

What was appended is given to one reader of each group at a time; what is not acknowledged within `PATIENCE` is given again. An entry
appended twice under one id within the log's memory is kept once. Acknowledged by its group, it is gone: the log is a road, not a store.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

#: Seconds after which an entry that was fetched and not acknowledged is given to somebody else.
PATIENCE: Final = 30.0
#: Seconds after which an entry that nobody fetched is let go of: what was heard long ago warns nobody.
KEEP: Final = 86_400.0
#: Times an entry is given before it is set aside as poisoned.
TRIES: Final = 5


class LogError(Exception):
    """The log cannot be reached or written; nothing of the call counts. said: why, for people."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. id: unique for what it stands for, so that appending it again changes nothing.  data: at most a megabyte."""

    id: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Fetched:
    """One entry as it is handed out. token: what acknowledges it.  tries: how often it was given, this time counted."""

    id: str
    data: bytes
    token: str
    tries: int = 1


class Log(Protocol):
    """A log of one topic and one group of readers."""

    def append(self, entries: Sequence[Entry]) -> None:
        """Keep `entries` durably, in order; when this returns they survive a crash.

        Raises:
            LogError: not one of them is certain.
        """
        ...

    def fetch(self, count: int, *, seconds: float) -> list[Fetched]:
        """Return up to `count` entries, oldest first; wait at most `seconds` for the first.

        Raises:
            LogError: the log cannot be reached.
        """
        ...

    def acknowledge(self, fetched: Sequence[Fetched]) -> None:
        """Say that their effects are kept.

        Raises:
            LogError: some may be given again.
        """
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...
