"""A feed that is asked again and again, as a stream. It cannot tell what was deleted.

What was seen is remembered in the cursor: the marks that the server gave with its last answer, and for each entry a digest of its id
and one of its words, so that a changed entry is shown again and an unchanged one never.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from functools import partial
from threading import Event
from typing import Final, Self
from urllib.parse import urljoin, urlsplit

import httpx

from callbox.core.http import TooMuchError, client
from callbox.networks.aside import aside
from callbox.networks.feeds.gate import NoFeedError
from callbox.networks.feeds.reading import Window, read
from callbox.networks.gathering import LIFE_SECONDS
from callbox.networks.retry_after import seconds_asked
from callbox.networks.stream import Barred, Heard, StreamError, nowhere

#: Bytes of the largest feed and seconds of the longest answer, redirects included (reliability T-49).
MAX_BYTES: Final = 2 * 2**20
TOTAL_SECONDS: Final = 20.0
#: How often a feed is asked, in seconds.
EVERY: Final = 60.0
MAX_REDIRECTS: Final = 5
#: When to ask again after what may pass at once, so that one lost answer is no silence; and the longest wait. Seconds.
SOON: Final = 20.0
DAY: Final = 86_400.0
#: Entries that are remembered, those that the feed no longer shows included: some servers show them again.
_REMEMBERED: Final = 1_000
_LONGEST_MARK: Final = 500
_ID, _WORDS = 12, 8
_ACCEPT: Final = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class Memory:
    """The cursor. etag, modified: the server's marks.  seen: id -> words, as digests, newest last; None before the first answer."""

    etag: str = ""
    modified: str = ""
    seen: Mapping[str, str] | None = None

    @classmethod
    def of(cls, cursor: str) -> Self:
        """Return what a cursor says; one that makes no sense says nothing."""
        try:
            kept = json.loads(cursor) if cursor else {}
            seen = kept.get("seen")
            return cls(str(kept.get("etag", "")), str(kept.get("modified", "")), None if seen is None else dict(seen))
        except (ValueError, TypeError, AttributeError):
            return cls()

    def cursor(self) -> str:
        """Return it as text."""
        return json.dumps({"etag": self.etag, "modified": self.modified, "seen": self.seen}, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server gave. window: None where nothing changed."""

    window: Window | None
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed. every: seconds between two questions.  barred: hosts that it does not follow to."""

    address: str
    private: frozenset[str] = frozenset()
    every: float = field(default=EVERY)
    barred: Barred = field(default=nowhere)

    def listen(self, cursor: str, stop: Event) -> Iterator[Heard]:
        """Yield new and changed entries, oldest first ("": those that are shown from now on).

        Raises:
            StreamError: it did not answer, or not with a feed.
        """
        memory = Memory.of(cursor)
        while not stop.is_set():
            answer = aside(partial(self._ask, memory), stop=stop, drop=lambda _late: None)
            if answer is None:
                return
            memory, heard = _news(memory, answer)
            yield heard
            yield from self._pause(memory, stop)

    def _pause(self, memory: Memory, stop: Event) -> Iterator[Heard]:
        """Wait until it is time to ask again. It answered the last time: that counts as a sign of life until then."""
        end = time.monotonic() + self.every
        while (left := end - time.monotonic()) > 0 and not stop.wait(min(left, LIFE_SECONDS)):
            if end > time.monotonic():
                yield Heard((), memory.cursor())

    def _ask(self, memory: Memory) -> Answer:
        """Fetch and read it.

        Raises:
            StreamError: it did not answer, or not with a feed.
        """
        try:
            with client(private=self.private, limit=MAX_BYTES, total=TOTAL_SECONDS) as http:
                response = self._fetch(http, memory)
        except TooMuchError as error:
            raise StreamError("it is larger than 2 MB, or packed: no feed is", after=3600) from error
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise StreamError(f"it could not be fetched: {_short(error)}", after=SOON) from error
        if response.status_code == httpx.codes.NOT_MODIFIED:
            return Answer(None)
        if response.status_code != httpx.codes.OK:
            raise StreamError(f"it answered {response.status_code}", after=_after(response))
        try:
            window = read(
                response.content, address=self.address, seen=datetime.now(UTC), charset=_charset(response.headers)
            )
        except NoFeedError as error:
            raise StreamError(str(error), after=600) from error
        marks = (response.headers.get(name, "")[:_LONGEST_MARK] for name in ("ETag", "Last-Modified"))
        return Answer(window, *marks)

    def _fetch(self, http: httpx.Client, memory: Memory) -> httpx.Response:
        """Ask, and where it points elsewhere ask there: each address is judged anew, and never one that is less protected."""
        end, address = time.monotonic() + TOTAL_SECONDS, self.address
        headers = {"Accept": _ACCEPT, "User-Agent": "Callbox"}
        headers |= {"If-None-Match": memory.etag} if memory.etag else {}
        headers |= {"If-Modified-Since": memory.modified} if memory.modified else {}
        for _ in range(MAX_REDIRECTS + 1):
            response = http.get(address, headers=headers)
            if not response.has_redirect_location:
                return response
            further = urljoin(address, response.headers["Location"])
            if urlsplit(further).scheme not in {"https", urlsplit(address).scheme}:
                raise StreamError("it points to an address that is not protected", after=3600)
            if self.barred(urlsplit(further).hostname or ""):
                raise StreamError("it points to a platform whose terms bar listening", after=3600)
            if time.monotonic() > end:
                break
            address = further
        raise StreamError("it points elsewhere again and again", after=3600)


def _news(memory: Memory, answer: Answer) -> tuple[Memory, Heard]:
    """Return what is to be remembered, and what is new or changed."""
    if answer.window is None:
        return memory, Heard((), memory.cursor())
    posts, known = answer.window.posts, memory.seen
    shown = {_digest(post.remote_id, _ID): _digest(post.text, _WORDS) for post in posts}
    kept = {} if known is None else {name: words for name, words in known.items() if name not in shown}
    seen = dict([*kept.items(), *shown.items()][-_REMEMBERED:])
    after = Memory(answer.etag, answer.modified, seen)
    if known is None:
        return after, Heard((), after.cursor())
    fresh = tuple(each for each in posts if known.get(_digest(each.remote_id, _ID)) != _digest(each.text, _WORDS))
    # Nothing of what it showed before is left: what came and went between the two questions was not seen.
    missed = bool(known) and bool(shown) and not shown.keys() & known.keys()
    unreadable = answer.window.unreadable
    return after, Heard(fresh, after.cursor(), len(fresh) + unreadable, unreadable, missed)


def _digest(text: str, size: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:size]


def _charset(headers: httpx.Headers) -> str:
    message = Message()
    message["Content-Type"] = headers.get("Content-Type", "")
    return message.get_content_charset("") or ""


def _after(response: httpx.Response) -> float:
    """Return when to ask again: what the server says, within a minute and a day; soon where it is the server's own trouble."""
    asked = seconds_asked(response.headers, now=datetime.now(UTC))
    if asked is not None:
        return min(DAY, max(60.0, asked))
    if response.status_code == httpx.codes.GONE:
        return DAY
    return SOON if response.is_server_error else 300.0


def _short(said: object) -> str:
    return " ".join(str(said).split())[:200] or type(said).__name__
