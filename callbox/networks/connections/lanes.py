"""One thread an account, so that a network that hangs delays no other."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable

from django.db import connection, connections

log = logging.getLogger("callbox.worker")

#: A lane that found nothing to do is looked at again after this many seconds, also while others are still at work.
PAUSE = 1.0


def run(waiting: Callable[[], Iterable[int]], work: Callable[[int], int]) -> int:
    """Work on every key that `waiting` names, each in its own thread, until nothing waits; return the sum of what `work` returned.

    `waiting` is asked again while others work. `work` returns how much it did. What it raises is logged and counts as nothing done.
    Inside a transaction, whose rows no other thread could see, everything runs here, one key after the other.
    """
    if connection.in_atomic_block:
        return sum(_until_done(key, work) for key in list(waiting()))
    return _Lanes(work).run(waiting)


def _until_done(key: int, work: Callable[[int], int]) -> int:
    total = 0
    while done := _guarded(key, work):
        total += done
    return total


def _guarded(key: int, work: Callable[[int], int]) -> int:
    try:
        return work(key)
    except Exception as error:
        # Its words may hold what a network echoed; its kind and place are enough to find it.
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"
        log.error("The lane of connection %d failed: %s at %s.", key, type(error).__name__, where)
        return 0


class _Lanes:
    def __init__(self, work: Callable[[int], int]) -> None:
        self._work = work
        self._busy: dict[int, threading.Thread] = {}
        self._rest: dict[int, float] = {}
        self._done: queue.SimpleQueue[tuple[int, int]] = queue.SimpleQueue()

    def run(self, waiting: Callable[[], Iterable[int]]) -> int:
        total = 0
        while True:
            for key in waiting():
                if key not in self._busy and self._rest.get(key, 0.0) <= time.monotonic():
                    self._begin(key)
            if not self._busy:
                return total
            total += self._await_one()

    def _begin(self, key: int) -> None:
        thread = threading.Thread(target=self._lane, args=(key,), name=f"lane-{key}", daemon=True)
        self._busy[key] = thread
        thread.start()

    def _lane(self, key: int) -> None:
        count = 0
        try:
            count = _guarded(key, self._work)
        finally:
            connections.close_all()  # the thread’s own
            self._done.put((key, count))

    def _await_one(self) -> int:
        try:
            key, count = self._done.get(timeout=PAUSE)
        except queue.Empty:
            return 0
        self._busy.pop(key).join()
        if not count:
            self._rest[key] = time.monotonic() + PAUSE
        return count
