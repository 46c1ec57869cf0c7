"""One server of each kind with people who post there, all alike, so that one contract can be asked of every stream."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Protocol, cast
from urllib.parse import urlsplit

from feedgen.feed import FeedGenerator

from callbox.networks.feeds.polling import Feed
from callbox.networks.stream import Stream
from callbox.networks.streams import open_stream
from tests.networks.streams.firehose_server import FirehoseServer
from tests.networks.streams.raw_server import RawServer, relay_to
from tests.servers.jetstream import JetstreamServer
from tests.servers.mastodon_mock import mastodon_mock, signed_in


class Source(Protocol):
    """Where people post. kind: of the stream.  tells_deletions: whether it says that something was deleted."""

    kind: str
    tells_deletions: bool

    def stream(self) -> Stream:
        """Return the stream of it, as the product opens it."""
        ...

    def post(self, text: str) -> str:
        """Post; return what `delete` takes."""
        ...

    def delete(self, key: str) -> None:
        """Delete a post."""
        ...

    def cut(self) -> None:
        """Break off every connection. A feed has none between two questions: it is unreachable then."""
        ...


class OnJetstream(JetstreamServer):
    """Jetstream."""

    kind, tells_deletions = "jetstream", True

    def stream(self) -> Stream:
        return open_stream(self.kind, self.address, secrets={}, private=frozenset({self.place}))


class OnFirehose(FirehoseServer):
    """The firehose."""

    kind, tells_deletions = "firehose", True

    def stream(self) -> Stream:
        return open_stream(self.kind, self.address, secrets={}, private=frozenset({self.place}))


class OnMastodon:
    """A server of the Mastodon API made by others, behind a line that can be cut."""

    kind, tells_deletions = "mastodon", True

    def __init__(self, url: str) -> None:
        self._line = RawServer(relay_to(urlsplit(url).port or 80))
        self._bob: Any = signed_in(url, "bob")
        self.place = self._line.place
        self.cut = self._line.cut
        self.close = self._line.close

    def stream(self) -> Stream:
        return open_stream(self.kind, f"http://{self.place}", secrets={}, private=frozenset({self.place}))

    def post(self, text: str) -> str:
        return str(self._bob.status_post(text).id)

    def delete(self, key: str) -> None:
        self._bob.status_delete(key)


class OnFeed:
    """A feed that a generator of others writes."""

    kind, tells_deletions = "feed", False

    def __init__(self) -> None:
        self.entries: list[tuple[str, str]] = []
        self.broken = False
        self.asked: list[dict[str, str]] = []
        source = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                source.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.place = f"127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Give the feed, or break off."""
        self.asked.append(dict(handler.headers.items()))
        if self.broken:
            handler.close_connection = True
            return
        mark = f'"{len(self.entries)}"'
        if handler.headers.get("If-None-Match") == mark:
            handler.send_response(304)
            handler.end_headers()
            return
        body = self.written()
        handler.send_response(200)
        for name, value in (
            ("Content-Type", "application/atom+xml"),
            ("ETag", mark),
            ("Content-Length", str(len(body))),
        ):
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    def written(self) -> bytes:
        """Return the feed as it is now."""
        feed = cast(Any, FeedGenerator)()
        feed.id("tag:example.org,2026:roads")
        feed.title("Roads")
        feed.updated(_moment(0))
        for number, (key, text) in enumerate(self.entries):
            entry = feed.add_entry()
            entry.id(key)
            entry.title(text)
            entry.link(href=f"https://example.org/{number}")
            entry.updated(_moment(number))
        written: bytes = feed.atom_str()
        return written

    def stream(self) -> Stream:
        return Feed(f"http://{self.place}/feed", frozenset({self.place}), every=0.2)

    def post(self, text: str) -> str:
        key = f"tag:example.org,2026:{len(self.entries)}"
        self.entries.append((key, text))
        return key

    def delete(self, key: str) -> None:
        self.entries = [each for each in self.entries if each[0] != key]

    def cut(self) -> None:
        self.broken = True

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


def _moment(number: int) -> datetime:
    return datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=number)


_shared = ExitStack()
atexit.register(_shared.close)


@cache
def _mock() -> str:
    """Return one server of the Mastodon API for every test of this process: it takes seconds to start."""
    return str(_shared.enter_context(mastodon_mock()).base_url)


@contextmanager
def _closing(made: Callable[[], Any]) -> Iterator[Source]:
    source = made()
    try:
        yield source
    finally:
        source.close()


#: Kind -> how to start one.
SOURCES: Final[dict[str, Callable[[], AbstractContextManager[Source]]]] = {
    "jetstream": lambda: _closing(OnJetstream),
    "firehose": lambda: _closing(OnFirehose),
    "mastodon": lambda: _closing(lambda: OnMastodon(_mock())),
    "feed": lambda: _closing(OnFeed),
}
