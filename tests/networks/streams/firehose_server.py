"""A firehose that says what a test tells it: frames in DAG-CBOR with the records in a CAR, written here byte by byte.

It knows nothing of the product; that real servers write the same is seen in `test_real.py`.
"""

from __future__ import annotations

import hashlib
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

POST = "app.bsky.feed.post"


@dataclass(frozen=True, slots=True)
class Link:
    """A content id."""

    cid: bytes


def encode(value: Any) -> bytes:
    """Return a value as DAG-CBOR (RFC 8949, tag 42 for links)."""
    match value:
        case None | bool():
            return {None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value]
        case int():
            return _head(0, value) if value >= 0 else _head(1, -1 - value)
        case bytes():
            return _head(2, len(value)) + value
        case str():
            return _head(3, len(value.encode())) + value.encode()
        case list():
            return _head(4, len(value)) + b"".join(map(encode, value))
        case dict():
            ordered = sorted(value.items(), key=lambda pair: (len(pair[0]), pair[0]))
            return _head(5, len(value)) + b"".join(encode(name) + encode(each) for name, each in ordered)
        case Link(cid):
            return b"\xd8\x2a" + encode(b"\x00" + cid)
    raise TypeError(value)


def _head(major: int, number: int) -> bytes:
    for bits, size in enumerate((1, 2, 4, 8)):
        if number < 24:
            return bytes([major << 5 | number])
        if number < 1 << 8 * size:
            return bytes([major << 5 | 24 + bits]) + number.to_bytes(size)
    raise ValueError(number)


def cid_of(block: bytes) -> bytes:
    """Return the content id of a block in DAG-CBOR."""
    return b"\x01\x71\x12\x20" + hashlib.sha256(block).digest()


def car(*blocks: tuple[bytes, bytes]) -> bytes:
    """Return a CAR of blocks with their content ids, which need not match."""
    header = encode({"version": 1, "roots": [Link(blocks[0][0] if blocks else cid_of(b""))]})
    return b"".join([_varint(len(header)) + header, *(_varint(len(c) + len(b)) + c + b for c, b in blocks)])


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def frame(kind: str, body: dict[str, Any]) -> bytes:
    """Return a message."""
    return encode({"op": 1, "t": kind}) + encode(body)


def error(name: str, message: str = "") -> bytes:
    """Return the word that ends a stream."""
    return encode({"op": -1}) + encode({"error": name, "message": message})


class FirehoseServer:
    """What runs. Its numbers begin at 1; a cursor behind the last is answered as the protocol says."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        #: The first number that is still kept; a cursor before it is outdated.
        self.kept_from = 0
        self._more = threading.Condition()
        self._open: set[ServerConnection] = set()
        self._ended = False
        self._server = serve(self._serve, "127.0.0.1", 0, close_timeout=0.5, max_size=None)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def place(self) -> str:
        host, port = self._server.socket.getsockname()[:2]
        return f"{host}:{port}"

    @property
    def address(self) -> str:
        return f"ws://{self.place}"

    def say(self, message: bytes) -> None:
        """Show a frame, whatever it is."""
        with self._more:
            self.frames.append(message)
            self._more.notify_all()

    def commit(self, changes: list[tuple[str, str, dict[str, Any] | None]], **other: Any) -> None:
        """Show a commit of changes: what was done, the path, the record."""
        blocks = [(cid_of(encode(each)), encode(each)) for _what, _path, each in changes if each is not None]
        ops = [
            {"action": what, "path": path, "cid": Link(cid_of(encode(each))) if each is not None else None}
            for what, path, each in changes
        ]
        body = {
            "seq": len(self.frames) + 1,
            "repo": "did:plc:resident",
            "rev": "3k",
            "time": "2026-11-22T10:00:00.000Z",
            "tooBig": False,
            "rebase": False,
            "blobs": [],
            "ops": ops,
            "blocks": car(*blocks),
        }
        self.say(frame("#commit", {**body, **other}))

    def post(self, text: str, *, key: str = "") -> str:
        """Show a new post; return its key."""
        key = key or f"3k{len(self.frames) + 1}"
        self.commit(
            [("create", f"{POST}/{key}", {"$type": POST, "text": text, "createdAt": "2026-11-22T10:00:00.000Z"})]
        )
        return key

    def delete(self, key: str) -> None:
        """Show that a post was deleted."""
        self.commit([("delete", f"{POST}/{key}", None)])

    def cut(self) -> None:
        """Break off every connection without a word, once there is one."""
        self.wait_open()
        self._shut()

    def wait_open(self) -> None:
        """Wait until somebody is listening."""
        with self._more:
            assert self._more.wait_for(lambda: bool(self._open), 20), "nobody listens"

    def _shut(self) -> None:
        with self._more:
            for connection in tuple(self._open):
                with suppress(OSError):
                    connection.socket.shutdown(2)

    def close(self) -> None:
        """End."""
        with self._more:
            self._ended = True
            self._more.notify_all()
        self._shut()
        self._server.shutdown()
        self._thread.join(5)

    def _serve(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        asked = parse_qs(urlsplit(connection.request.path).query)
        with self._more:
            self._open.add(connection)
            self._more.notify_all()
            at = int(asked["cursor"][0]) if "cursor" in asked else len(self.frames)
            future, outdated = at > len(self.frames), at < self.kept_from and "cursor" in asked
        try:
            if future:
                connection.send(error("FutureCursor", "Cursor in the future."))
                return
            if outdated:
                connection.send(frame("#info", {"name": "OutdatedCursor"}))
                at = self.kept_from
            while waiting := self._after(at):
                for each in waiting:
                    connection.send(each)
                at += len(waiting)
        except (ConnectionClosed, OSError):
            return
        finally:
            self._open.discard(connection)

    def _after(self, at: int) -> list[bytes]:
        """Wait for frames behind a place; none at the end."""
        with self._more:
            self._more.wait_for(lambda: self._ended or len(self.frames) > at)
            return [] if self._ended else self.frames[at:]
