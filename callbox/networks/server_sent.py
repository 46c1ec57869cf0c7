"""Server-sent events: an HTTP answer without end, read line by line within limits. Pure.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream. Reading waits in a thread of its own,
because a wait that times out would end the answer; whoever listens looks every moment and can stop at once.
"""

from __future__ import annotations

import queue
import re
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Final

import httpx

from callbox.networks.stream import StreamError

#: Bytes of one event, and pieces of at most 64 kB that wait in memory.
LARGEST: Final = 2**20
_WAITING: Final = 32
_STEP: Final = 0.2
_LINE: Final = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Sent:
    """One event. name: "message" where it has none."""

    name: str
    data: str


@dataclass(slots=True)
class Lines:
    """Takes the answer's pieces, gives the events that are whole. largest: bytes of an event."""

    largest: int = LARGEST
    _rest: list[bytes] = field(default_factory=list)  # of a line that has not ended
    _held: int = 0  # bytes of it
    _name: str = ""
    _data: list[str] = field(default_factory=list)
    _size: int = 0

    def take(self, piece: bytes) -> Iterator[Sent]:
        """Yield what became whole by `piece`.

        Raises:
            StreamError: an event does not end.
        """
        for line in self._ended_by(piece):
            self._size += len(line)
            if sent := self._line(line.decode("utf-8", "replace")):
                yield sent
        if self._size + self._held > self.largest:
            raise StreamError("it sent a line or an event that does not end", after=60)

    def _ended_by(self, piece: bytes) -> list[bytes]:
        """Return the lines that end in `piece`. What waits is looked at again only then: a line may drip in byte by byte."""
        if not (b"\n" in piece or b"\r" in piece or (self._rest and self._rest[-1].endswith(b"\r"))):
            self._rest.append(piece)
            self._held += len(piece)
            return []
        whole = b"".join((*self._rest, piece))
        # A carriage return at the very end may be half of a line's end.
        held = 1 if whole.endswith(b"\r") else 0
        *lines, rest = _LINE.split(whole[: len(whole) - held])
        self._rest = [rest + whole[len(whole) - held :]]
        self._held = len(self._rest[0])
        return lines

    def _line(self, line: str) -> Sent | None:
        if not line:
            sent = Sent(self._name or "message", "\n".join(self._data)) if self._data else None
            self._name, self._data, self._size = "", [], 0
            return sent
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            self._name = value
        elif name == "data":
            self._data.append(value)
        elif not name and not self._data and not self._name:  # a remark between two events
            self._size = 0
        return None


def events(response: httpx.Response, *, stop: Event, quiet: float) -> Iterator[Sent | None]:
    """Yield the events of an open answer, None in every moment without one, until `stop` is set. The answer is closed then.

    quiet: after so many seconds without a byte it is given up.

    Raises:
        StreamError: it ended, broke off, was silent for too long, or sent something without end.
    """
    pieces: queue.Queue[bytes | Exception | None] = queue.Queue(_WAITING)
    over = Event()
    reader = Thread(target=_read, args=(response, pieces, over), name="server-sent", daemon=True)
    reader.start()
    lines, last = Lines(), time.monotonic()
    try:
        while not stop.is_set():
            try:
                piece = pieces.get(timeout=_STEP)
            except queue.Empty:
                if time.monotonic() - last > quiet:
                    raise StreamError("it gave no sign of life") from None
                yield None
                continue
            if not isinstance(piece, bytes):
                raise StreamError("the connection broke off" if piece else "it ended the stream") from piece
            last = time.monotonic()
            yield from lines.take(piece)
            yield None
    finally:
        over.set()
        _wake(response)


def _read(response: httpx.Response, pieces: queue.Queue[bytes | Exception | None], over: Event) -> None:
    end: Exception | None = None
    try:
        for piece in response.iter_raw():
            if not _put(pieces, piece, over):
                return
    except (httpx.HTTPError, httpx.StreamError, OSError) as error:
        end = error
    finally:
        response.close()
    _put(pieces, end, over)


def _put(pieces: queue.Queue[bytes | Exception | None], piece: bytes | Exception | None, over: Event) -> bool:
    while not over.is_set():
        with suppress(queue.Full):
            pieces.put(piece, timeout=_STEP)
            return True
    return False


def _wake(response: httpx.Response) -> None:
    """End the connection under a reader that waits for it."""
    line = response.extensions.get("network_stream")
    found = line.get_extra_info("socket") if line is not None else None
    if isinstance(found, socket.socket):
        with suppress(OSError):
            found.shutdown(socket.SHUT_RDWR)
