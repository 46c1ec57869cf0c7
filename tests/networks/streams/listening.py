"""Somebody who listens to a stream in a thread, as the product does, and what they heard."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from callbox.networks.stream import Heard, PublicPost, Stream, StreamError

#: What comes at all comes within milliseconds; this is for a busy machine.
PATIENCE = 20.0


class Listening:
    """heard: in order.  error: why it ended, None while it goes on and after `stop`."""

    def __init__(self, stream: Stream, cursor: str = "") -> None:
        self.heard: list[Heard] = []
        self.error: StreamError | None = None
        self.cursor = cursor
        self._stop = threading.Event()
        self._news = threading.Condition()
        self._over = False
        self._thread = threading.Thread(target=self._listen, args=(stream, cursor), daemon=True)
        self._thread.start()

    def _listen(self, stream: Stream, cursor: str) -> None:
        try:
            for each in stream.listen(cursor, self._stop):
                with self._news:
                    self.heard.append(each)
                    self.cursor = each.cursor
                    self._news.notify_all()
        except StreamError as error:
            self.error = error
        finally:
            with self._news:
                self._over = True
                self._news.notify_all()

    @property
    def posts(self) -> list[PublicPost]:
        """Every post, in order."""
        return [post for each in self.heard for post in each.posts]

    @property
    def texts(self) -> list[str]:
        """The words of every post that is still there, in order."""
        return [post.text for post in self.posts if not post.gone]

    def until(self, found: Callable[[], bool]) -> None:
        """Wait for something to be heard."""
        with self._news:
            assert self._news.wait_for(lambda: found() or self._over, PATIENCE), f"not heard; {self.heard} {self.error}"
        assert found(), f"it ended before: {self.error} {self.heard}"

    def until_text(self, text: str) -> None:
        """Wait for a post with exactly these words."""
        self.until(lambda: text in self.texts)

    def until_broken(self) -> StreamError:
        """Wait for it to break off, and return what was said."""
        with self._news:
            assert self._news.wait_for(lambda: self._over, PATIENCE), "it goes on"
        assert self.error is not None, "it ended without a word"
        return self.error

    def stop(self) -> float:
        """Stop it; return how long that took, in seconds."""
        began = time.monotonic()
        self._stop.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "it did not stop"
        return time.monotonic() - began
