"""WebSocket frames of the AT Protocol's streams, through the same guard as every call: public addresses alone, limits on everything.

A server gives a sign of life when something comes or when it answers a ping; one that does neither is given up. Packing is not offered,
so that the size on the wire is the size. Nothing is followed elsewhere.
"""

from __future__ import annotations

import logging
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from enum import Enum
from functools import cache, partial
from threading import Event, Timer
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httpx

from callbox.core.address import AddressRefusedError
from callbox.core.address import connect as connect_to
from callbox.networks.aside import aside
from callbox.networks.gathering import Gathering
from callbox.networks.retry_after import seconds_asked
from callbox.networks.stream import Heard, StreamError

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

CONNECT_SECONDS: Final = 5.0
#: TLS and the opening answer, together.
OPEN_SECONDS: Final = 10.0
#: After so long without anything a server is asked for a sign of life, and may take the other span to answer; in seconds.
QUIET_SECONDS, PATIENCE_SECONDS = 5.0, 20.0
#: How long one look for the next frame takes at most.
_STEP: Final = 0.2
_CLOSE_SECONDS: Final = 0.4
#: Frames that wait in memory, each up to the caller's size.
_WAITING: Final = 16


#: What the library would write down of every server that misbehaves is said once, by whoever listens.
_library = logging.getLogger("callbox.frames")
_library.setLevel(logging.CRITICAL)


class Quiet(Enum):
    """No frame. NOTHING: nothing came for a moment.  ALIVE: it was opened, or the server answered a ping."""

    NOTHING = "nothing"
    ALIVE = "alive"


def frames(address: str, *, private: frozenset[str], stop: Event, largest: int) -> Iterator[bytes | Quiet]:
    """Yield the frames as they come, and how quiet it is between them, until `stop` is set.

    address: of the stream, "wss://..." or "ws://...", with its query.  largest: bytes of one frame.

    Raises:
        StreamError: it was refused, broke off, gave no sign of life, or sent a frame that is too large.
    """
    connection = aside(partial(_open, address, private, largest), stop=stop, drop=_close)
    if connection is None:
        return
    try:
        yield Quiet.ALIVE
        yield from _heard(connection, stop)
    finally:
        _close(connection)


def gathered(
    found: Iterator[bytes | Quiet], gathering: Gathering, take: Callable[[bytes, Gathering], None]
) -> Iterator[Heard]:
    """Yield what `take` gathers from the frames, in goes; a sign of life where there is nothing."""
    for frame in found:
        if isinstance(frame, bytes):
            take(frame, gathering)
        if gathering.due() or frame is Quiet.ALIVE or (frame is Quiet.NOTHING and gathering.waits):
            yield gathering.hand_on()


def _heard(connection: ClientConnection, stop: Event) -> Iterator[bytes | Quiet]:
    from websockets.exceptions import ConnectionClosed  # noqa: PLC0415

    last = time.monotonic()
    answer: Event | None = None
    try:
        while not stop.is_set():
            try:
                frame = connection.recv(timeout=_STEP, decode=False)
            except TimeoutError:
                yield Quiet.NOTHING
            else:
                last, answer = time.monotonic(), None
                yield frame
                continue
            if answer is not None and answer.is_set():
                last, answer = time.monotonic(), None
                yield Quiet.ALIVE
            elif answer is None and time.monotonic() - last > QUIET_SECONDS:
                answer = connection.ping()
            elif time.monotonic() - last > QUIET_SECONDS + PATIENCE_SECONDS:
                raise StreamError("it gave no sign of life")
    except ConnectionClosed as error:
        raise StreamError(_why(error), after=_after(error)) from error


def _close(connection: ClientConnection) -> None:
    """Say goodbye; where the server does not let us finish, hang up."""
    last_word = Timer(_CLOSE_SECONDS, _hang_up, (connection,))
    last_word.daemon = True
    last_word.start()
    connection.close()
    last_word.cancel()


def _hang_up(connection: ClientConnection) -> None:
    with suppress(OSError):
        connection.socket.shutdown(socket.SHUT_RDWR)


def _open(address: str, private: frozenset[str], largest: int) -> ClientConnection:
    from websockets.exceptions import InvalidHandshake, InvalidStatus, InvalidURI  # noqa: PLC0415
    from websockets.sync.client import connect  # noqa: PLC0415

    place = urlsplit(address)
    secure = place.scheme == "wss"
    try:
        if place.scheme not in {"ws", "wss"} or not place.hostname:
            raise StreamError("this is no address of a stream: it begins with wss://", after=3600)
        port = place.port or (443 if secure else 80)
        line = connect_to(place.hostname, port, private=private, seconds=CONNECT_SECONDS)
        line.settimeout(None)
        return connect(
            address,
            legacy=True,
            sock=line,
            ssl=_trusted() if secure else None,
            compression=None,
            proxy=None,
            user_agent_header="Callbox",
            open_timeout=OPEN_SECONDS,
            ping_interval=None,  # asked for where the wait for it is seen
            close_timeout=_CLOSE_SECONDS,
            max_size=largest,
            max_queue=_WAITING,
            logger=_library,
        )
    except AddressRefusedError as error:
        raise StreamError(f"{error}, so nothing was sent", after=60) from error
    except InvalidStatus as error:
        asked = seconds_asked(error.response.headers, now=datetime.now(UTC))
        raise StreamError(f"it answered {error.response.status_code}", after=max(30.0, asked or 0.0)) from error
    except (InvalidURI, InvalidHandshake, ValueError) as error:
        raise StreamError(f"it does not speak as a stream does: {_short(error)}", after=30) from error
    except (OSError, EOFError) as error:
        raise StreamError(f"it could not be reached: {_short(error)}", after=10) from error


@cache
def _trusted() -> ssl.SSLContext:
    """Return what is trusted, read once a process."""
    return httpx.create_ssl_context(trust_env=False)


def _why(error: Exception) -> str:
    sent = getattr(error, "sent", None)
    if sent is not None and sent.code == 1009:  # we closed it: a frame was larger than allowed
        return "it sent more in one piece than anybody posts"
    received = getattr(error, "rcvd", None)
    return (
        f"it closed the stream: {_short(received.reason)}"
        if received is not None and received.reason
        else ("the connection broke off")
    )


def _after(error: Exception) -> float:
    """Return when to try again: a server that closes in order asked to be come back to; a frame too large comes again."""
    sent = getattr(error, "sent", None)
    return 60.0 if sent is not None and sent.code == 1009 else 5.0


def _short(said: object) -> str:
    return " ".join(str(said).split())[:200] or type(said).__name__
