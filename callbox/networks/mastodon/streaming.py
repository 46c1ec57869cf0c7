"""A Mastodon server's public stream (https://docs.joinmastodon.org/methods/streaming/), over server-sent events.

The stream itself has no cursor. It is opened first; then what came since the last status is asked of the public timeline, so that
nothing falls between. What was deleted or edited meanwhile is not shown there. A server that does not show its timeline, or holds more
than is asked for, is gone on with from now, and that something was missed is said.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from threading import Event
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import httpx

from callbox.core.http import GuardedTransport, client
from callbox.networks.aside import aside
from callbox.networks.gathering import Gathering
from callbox.networks.mastodon import statuses
from callbox.networks.retry_after import seconds_asked
from callbox.networks.server_sent import Sent, events
from callbox.networks.stream import Barred, Heard, StreamError, nowhere

STREAMS: Final = "/api/v1/streaming/"
#: Seconds until an answer must begin, and that a server may then be silent: it says ":thump" every fifteen.
OPEN_SECONDS: Final = 20.0
QUIET_SECONDS: Final = 45.0
#: The timeline is asked for so many pages of what was missed, and each for so many statuses.
PAGES: Final = 50
PAGE: Final = 40
MAX_REDIRECTS: Final = 3
#: Statuses of other servers are numbered by their authors' clocks and arrive later: so far back the timeline is asked, in ms.
_LATE: Final = 300_000
#: Mastodon's numbers are milliseconds above sixteen bits; smaller ones are another software's.
_CLOCK_BITS: Final = 16
_CLOCKED: Final = 2**50


@dataclass(frozen=True, slots=True)
class PublicStream:
    """One public stream. address: of the server, or of one of its streams (".../api/v1/streaming/public/local").  token: may be empty.

    barred: hosts that it does not follow to.
    """

    address: str
    token: str = ""
    private: frozenset[str] = frozenset()
    barred: Barred = nowhere

    def listen(self, cursor: str, stop: Event) -> Iterator[Heard]:
        """Yield statuses made, edited and deleted, from `cursor` on ("": from now).

        Raises:
            StreamError: it was refused or broke off.
        """
        gathering = Gathering(cursor)
        with ExitStack() as stack:
            response = aside(self._open, stop=stop, drop=lambda late: late.close())
            if response is None:
                return
            stack.callback(response.close)
            yield from self._made_up_for(gathering, stop)
            found = events(response, stop=stop, quiet=QUIET_SECONDS)
            stack.callback(found.close)  # type: ignore[attr-defined]  # a generator
            for sent in found:
                if sent is not None:
                    self._take(sent, gathering)
                if gathering.due() or (sent is None and gathering.waits):
                    yield gathering.hand_on()

    @property
    def _host(self) -> str:
        return urlsplit(self.address).netloc.rpartition("@")[2].lower()

    @property
    def _path(self) -> str:
        path = urlsplit(self.address).path
        return path if path.startswith(STREAMS) else f"{STREAMS}public"

    def _open(self) -> httpx.Response:
        """Return the answer of the stream, begun. Where it points elsewhere it is followed, with the token to the same host's own names."""
        transport = GuardedTransport(
            private=self.private, limit=sys.maxsize, total=OPEN_SECONDS, quiet=2 * QUIET_SECONDS, kept=0.0
        )
        address = urljoin(self.address, f"{self._path}?{urlsplit(self.address).query}".rstrip("?"))
        for _ in range(MAX_REDIRECTS + 1):
            headers = {"Accept": "text/event-stream", "User-Agent": "Callbox", **self._signed(address)}
            try:
                response = transport.handle_request(httpx.Request("GET", address, headers=headers))
            except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
                raise StreamError(f"it could not be reached: {_short(error)}", after=10) from error
            if not response.has_redirect_location:
                break
            response.close()
            try:
                further = urljoin(address, response.headers["Location"])
            except ValueError as error:
                raise StreamError("it points to what is no address", after=3600) from error
            if urlsplit(further).scheme not in {"https", urlsplit(address).scheme}:
                raise StreamError("it points to an address that is not protected", after=3600)
            if self.barred(urlsplit(further).hostname or ""):
                raise StreamError("it points to a platform whose terms bar listening", after=3600)
            address = further
        kind = response.headers.get("Content-Type", "")
        if response.status_code == httpx.codes.OK and kind.startswith("text/event-stream"):
            return response
        response.close()
        raise _refused(response)

    def _signed(self, address: str) -> dict[str, str]:
        host, own = urlsplit(address).hostname or "", urlsplit(self.address).hostname or ""
        ours = host == own or host.endswith(f".{own}")
        return {"Authorization": f"Bearer {self.token}"} if self.token and ours else {}

    def _take(self, sent: Sent, gathering: Gathering) -> None:
        seen = datetime.now(UTC)
        if sent.name == "delete":
            gathering.take(statuses.gone(sent.data, host=self._host, seen=seen))
        elif sent.name in {"update", "status.update"}:
            try:
                self._one(json.loads(sent.data), gathering, seen)
            except (ValueError, RecursionError):
                gathering.take()

    def _one(self, value: Any, gathering: Gathering, seen: datetime) -> None:
        if not statuses.is_public(value):
            return
        post = statuses.status(value, host=self._host, seen=seen)
        key = str(value["id"]) if post else ""
        gathering.take(post, cursor=key if _later(key, gathering.cursor) else "")

    def _made_up_for(self, gathering: Gathering, stop: Event) -> Iterator[Heard]:
        """Yield what the timeline holds since the cursor, oldest first; without a cursor note where we are."""
        ask = partial(self._timeline, stop=stop)
        if not gathering.cursor:
            newest = ask({"limit": "1"})
            if newest is not None:
                gathering.cursor = str(newest[0]["id"]) if newest else "0"
            yield gathering.hand_on()
            return
        after = _before(gathering.cursor)
        for _ in range(PAGES):
            page = ask({"limit": str(PAGE), "min_id": after})
            if page is None:
                break
            for value in reversed(page):
                self._one(value, gathering, datetime.now(UTC))
            if not page or str(page[0]["id"]) == after:
                yield gathering.hand_on()
                return
            after = str(page[0]["id"])
            yield gathering.hand_on()
        gathering.missed = not stop.is_set()

    def _timeline(self, asked: dict[str, str], *, stop: Event) -> list[Any] | None:
        """Return a page of the timeline that belongs to the stream, newest first; None when the server does not show it."""
        path, _, kind = self._path.removeprefix(STREAMS).partition("/")
        if path != "public" or kind not in {"", "local", "remote"}:
            return None
        asked |= {kind: "true"} if kind else {}
        call: Callable[[], Any] = partial(self._get, "/api/v1/timelines/public", asked)
        page = aside(call, stop=stop, drop=lambda _late: None)
        return page if isinstance(page, list) and all(_is_named(each) for each in page) else None

    def _get(self, path: str, asked: dict[str, str]) -> Any:
        address = urljoin(self.address, path)
        headers = {"User-Agent": "Callbox", **self._signed(address)}
        try:
            with client(private=self.private, headers=headers, total=OPEN_SECONDS) as http:
                response = http.get(address, params=asked)
            return response.json() if response.status_code == httpx.codes.OK else None
        except (httpx.HTTPError, ValueError, RecursionError):
            return None


def _refused(response: httpx.Response) -> StreamError:
    if response.status_code in {401, 403, 422}:
        return StreamError("it shows its stream only to somebody who is signed in: a token is needed", after=600)
    if response.status_code == httpx.codes.OK:
        return StreamError("it does not answer with a stream", after=600)
    asked = seconds_asked(response.headers, now=datetime.now(UTC))
    return StreamError(f"it answered {response.status_code}", after=max(60.0, asked or 0.0))


def _is_named(value: Any) -> bool:
    return isinstance(value, dict) and statuses.is_id(value.get("id"))


def _later(key: str, known: str) -> bool:
    """Whether a status comes after the one that is known: numbers by size, names of other software by length and letters."""
    return (len(key), key) > (len(known), known)


def _before(key: str) -> str:
    """Return from where on to ask: a little before, where numbers are times."""
    number = int(key) if key.isascii() and key.isdigit() else 0
    return str(number - (_LATE << _CLOCK_BITS)) if number > _CLOCKED else key


def _short(said: object) -> str:
    return " ".join(str(said).split())[:200] or type(said).__name__
