"""A Jetstream server in a thread of the tests: the network's events as JSON, remembered, replayed from a cursor, then live.

There is none to be installed. It says what a test tells it, or what a personal data server's firehose shows; that is read by the
library `atproto`, not by Callbox's own reader, so that one cannot hide the other's mistakes.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.sync.server import Server, ServerConnection, serve

POST = "app.bsky.feed.post"


class JetstreamServer:
    """What runs. events: everything that was said, as it goes over the wire, in order; a frame may also be any bytes."""

    def __init__(self) -> None:
        self.events: list[tuple[int, bytes]] = []
        self._more = threading.Condition()
        self._open: set[ServerConnection] = set()
        self._ended = False
        self._number = 0
        self._server: Server = serve(self._serve, "127.0.0.1", 0, close_timeout=0.5)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def place(self) -> str:
        """Its "host:port"."""
        host, port = self._server.socket.getsockname()[:2]
        return f"{host}:{port}"

    @property
    def address(self) -> str:
        """What a source is given."""
        return f"ws://{self.place}"

    def say(self, event: Mapping[str, Any] | bytes, *, at: int | None = None) -> int:
        """Show one event to everybody; return its time. at: in microseconds, now unless given; one time is never used twice."""
        with self._more:
            now = time.time_ns() // 1000 if at is None else at
            last = max((moment for moment, _ in self.events), default=0)
            stamp = max(now, last + 1) if at is None else at
            frame = event if isinstance(event, bytes) else json.dumps({"time_us": stamp, **event}).encode()
            self.events.append((stamp, frame))
            self._more.notify_all()
        return stamp

    def post(self, text: str, *, did: str = "did:plc:resident", key: str = "", **record: Any) -> str:
        """Show a new post; return its key."""
        self._number += 1
        key = key or f"3k{self._number}"
        value = {"$type": POST, "text": text, "createdAt": "2026-11-22T10:00:00.000Z", **record}
        commit = {"rev": "1", "operation": "create", "collection": POST, "rkey": key, "record": value, "cid": "b"}
        self.say({"did": did, "kind": "commit", "commit": commit})
        return key

    def delete(self, key: str, *, did: str = "did:plc:resident") -> None:
        """Show that a post was deleted."""
        commit = {"rev": "2", "operation": "delete", "collection": POST, "rkey": key}
        self.say({"did": did, "kind": "commit", "commit": commit})

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
            since = int(asked["cursor"][0]) if "cursor" in asked else (1 << 62)
            at = next((place for place, (stamp, _) in enumerate(self.events) if stamp >= since), len(self.events))
        try:
            while waiting := self._after(at):
                for frame in waiting:
                    connection.send(frame.decode() if _is_text(frame) else frame)
                at += len(waiting)
        except (ConnectionClosed, OSError):
            return
        finally:
            self._open.discard(connection)

    def _after(self, at: int) -> list[bytes]:
        """Wait for frames behind a place; none at the end."""
        with self._more:
            self._more.wait_for(lambda: self._ended or len(self.events) > at)
            return [] if self._ended else [frame for _, frame in self.events[at:]]


def _is_text(frame: bytes) -> bool:
    with suppress(UnicodeDecodeError):
        frame.decode()
        return True
    return False


@contextmanager
def jetstream() -> Iterator[JetstreamServer]:
    """Start one that says what a test tells it."""
    server = JetstreamServer()
    try:
        yield server
    finally:
        server.close()


@contextmanager
def jetstream_of(firehose: str) -> Iterator[JetstreamServer]:
    """Start one that shows what a personal data server shows. firehose: "ws://host:port"."""
    with ExitStack() as stack:
        server = stack.enter_context(jetstream())
        address = f"{firehose}/xrpc/com.atproto.sync.subscribeRepos"
        line = stack.enter_context(connect(address, max_size=None, proxy=None, compression=None))
        pump = threading.Thread(target=_pump, args=(line, server), daemon=True)
        pump.start()
        yield server
        line.close()
        pump.join(5)


def _pump(line: Any, server: JetstreamServer) -> None:
    from atproto import CAR, models, parse_subscribe_repos_message  # noqa: PLC0415 - half a second
    from atproto_subscription.frames import Frame  # noqa: PLC0415

    with suppress(ConnectionClosed):
        while True:
            message = parse_subscribe_repos_message(Frame.from_bytes(line.recv()))
            if isinstance(message, models.ComAtprotoSyncSubscribeRepos.Commit):
                blocks = CAR.from_bytes(message.blocks).blocks if isinstance(message.blocks, bytes) else {}
                for change in message.ops:
                    server.say(_event(message, change, blocks))
            elif isinstance(message, models.ComAtprotoSyncSubscribeRepos.Identity):
                server.say({"did": message.did, "kind": "identity", "identity": {"did": message.did}})


def _event(message: Any, change: Any, blocks: Mapping[Any, Any]) -> dict[str, Any]:
    collection, _, key = change.path.partition("/")
    commit = {"rev": message.rev, "operation": change.action, "collection": collection, "rkey": key}
    if change.cid:
        commit |= {"cid": str(change.cid), "record": json.loads(json.dumps(blocks.get(change.cid), default=str))}
    return {"did": message.repo, "kind": "commit", "commit": commit}
