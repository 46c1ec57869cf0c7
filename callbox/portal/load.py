"""How much the public plane takes at a time, counted without knowing who sends: a flood is told to wait before it touches the database.

Two bounds for what is sent (reading is kept by the proxy): so many forms at once in this process, so that pages still find a thread;
and so many a second, so that the desk still finds the database. Tips have a measure of their own, which no other form can use up.
Nobody is counted: no address, no cookie, no browser. So a flood makes everybody wait, and nobody is shut out for whose neighbour they are.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from django.conf import settings

log = logging.getLogger(__name__)

MINUTE: Final = 60
#: Seconds of sending that may come at once after a quiet time: a shift change, a link in the evening news.
BURST: Final = 5


class Bucket:
    """Holds `rate` * BURST tokens when full and regains `rate` a second; each form takes one. Safe among threads."""

    def __init__(self, rate: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._tokens, self._at = rate * BURST, clock()
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Take a token; False when there is none."""
        with self._lock:
            now = self._clock()
            self._tokens = min(self._rate * BURST, self._tokens + (now - self._at) * self._rate)
            self._at = now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True


class Gate:
    """Lets in what this process can take. at_once: forms in work.  rate: forms a second, for tips and for all others each."""

    def __init__(self, *, at_once: int, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._places = threading.BoundedSemaphore(at_once)
        self._tips, self._others = Bucket(rate, clock=clock), Bucket(rate, clock=clock)
        self._clock, self._told = clock, -math.inf

    @contextmanager
    def passing(self, path: str) -> Iterator[bool]:
        """Hold a place while a form sent to `path` is taken; yields False, without a place, when there is none."""
        if not self._places.acquire(blocking=False):
            self._tell()
            yield False
            return
        try:
            free = (self._tips if "/tip/" in path else self._others).take()
            if not free:
                self._tell()
            yield free
        finally:
            self._places.release()

    def _tell(self) -> None:
        """Write one line a minute into the log: a line for each form would be a flood of its own."""
        now = self._clock()
        if now - self._told >= MINUTE:
            self._told = now
            log.warning("Forms are told to wait.", extra={"status_code": 503})


def gate_for(threads: int) -> Gate:
    """Return a gate that leaves half of `threads` to those who read."""
    return Gate(at_once=max(1, threads // 2), rate=settings.PORTAL_FORMS)
