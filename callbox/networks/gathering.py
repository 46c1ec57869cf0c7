"""What a stream heard, gathered until it is worth handing on. Pure."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from callbox.networks.stream import Heard, PublicPost

#: Posts in one go, and seconds until fewer are handed on; a sign of life is handed on at the latest after the longest span.
MOST: Final = 500
WAIT_SECONDS: Final = 0.5
LIFE_SECONDS: Final = 10.0


class Gathering:
    """Posts, counts and the cursor behind them. cursor: where it began.  clock: seconds that only rise.

    missed: to be set when the server says that it no longer shows what came behind the cursor; handed on once.
    """

    def __init__(self, cursor: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.cursor, self._clock = cursor, clock
        self._posts: list[PublicPost] = []
        self.missed = False
        self._passed = self._unreadable = 0
        self._since = self._handed = clock()

    def take(self, post: PublicPost | None = None, *, cursor: str = "") -> None:
        """Note a post that passed; None is one that could not be read."""
        if not self._passed:
            self._since = self._clock()
        self._passed += 1
        if post is None:
            self._unreadable += 1
        else:
            self._posts.append(post)
        self.cursor = cursor or self.cursor

    def due(self) -> bool:
        """Whether it is time to hand on what there is, a sign of life at least."""
        now = self._clock()
        waited = self._passed and now - self._since >= WAIT_SECONDS
        return self.missed or bool(waited) or self._passed >= MOST or now - self._handed >= LIFE_SECONDS

    @property
    def waits(self) -> bool:
        """Whether there is something."""
        return self.missed or self._passed > 0

    def hand_on(self) -> Heard:
        """Return what was gathered, and begin anew."""
        heard = Heard(tuple(self._posts), self.cursor, self._passed, self._unreadable, self.missed)
        self._posts, self._passed, self._unreadable, self.missed = [], 0, 0, False
        self._handed = self._clock()
        return heard
