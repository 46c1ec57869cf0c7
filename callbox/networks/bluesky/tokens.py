"""The tokens of each account, kept in memory for as long as the process lives.

A sign-in is dear (the real network allows 300 a day and account), so a token is renewed rather than asked for anew, and shared by all
sessions of the account. Nothing of it is written anywhere.
"""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass, field
from typing import Final

#: Seconds after which a token is renewed before it is used; servers take one for two hours.
RENEW_SECONDS: Final = 3_600.0


@dataclass(frozen=True, slots=True)
class Tokens:
    """What signing in gave. did: the account's lasting name.  since: `time.monotonic()` when they were given."""

    did: str
    handle: str
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    since: float = field(default_factory=time.monotonic)

    @property
    def old(self) -> bool:
        """Whether they should be renewed before the next call."""
        return time.monotonic() - self.since > RENEW_SECONDS


@dataclass(slots=True)
class Slot:
    """Where the tokens of one account hang. lock: held while they are asked for or renewed, so that it happens once."""

    tokens: Tokens | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class Keyring:
    """One slot an account and password."""

    def __init__(self) -> None:
        self._slots: dict[tuple[str, str, bytes], Slot] = {}
        self._lock = threading.Lock()

    def slot(self, server: str, handle: str, password: str) -> Slot:
        """Return the slot, the same for every session; another password is another slot."""
        key = (server, handle, hashlib.sha256(password.encode()).digest())
        with self._lock:
            return self._slots.setdefault(key, Slot())
