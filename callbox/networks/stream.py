"""Public streams: what a network shows everybody, as it happens. One contract over Jetstream, firehose, Mastodon and feeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Protocol

#: Says whether nobody may listen at a host, wherever an address that may be listened to points.
type Barred = Callable[[str], bool]


def nowhere(host: str) -> bool:  # noqa: ARG001
    """Bar no host."""
    return False


@dataclass(frozen=True, slots=True)
class PublicPost:
    """One public post. network: "bluesky", "mastodon", "feed".  remote_id: the network's own id.  author: the network's id of them, empty
    for a feed.  at: by the author's clock.  language: BCP 47 as stated, empty when not.  gone: the author deleted it, all else but the
    id may be empty; without an id the account of `author` is gone for good, and with it everything it posted.
    """

    network: str
    remote_id: str
    at: datetime
    text: str = ""
    author: str = ""
    author_name: str = ""
    url: str = ""
    language: str = ""
    parent: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """What came in one go; without posts it is a sign of life. cursor: where to go on once these are safe.  passed: how many posts
    passed on the stream, those that could not be read included.  unreadable: how many of them could not be read.
    missed: between the cursor that was gone on with and these, something may have passed that the server no longer shows.
    """

    posts: tuple[PublicPost, ...]
    cursor: str
    passed: int = 0
    unreadable: int = 0
    missed: bool = False


class StreamError(Exception):
    """The stream broke off or was refused. said: what it answered, for people.  after: seconds to wait before the next try."""

    def __init__(self, said: str, *, after: float = 5.0) -> None:
        super().__init__(said)
        self.said, self.after = said, after


class Stream(Protocol):
    """One public stream."""

    def listen(self, cursor: str, stop: Event) -> Iterator[Heard]:
        """Yield what is heard from `cursor` on ("": from now), at least every fifteen seconds, until `stop` is set.

        Nothing is kept here: whoever listens keeps the cursor once what came before it is safe.

        Raises:
            StreamError: it broke off; where it can be, it is gone on with at the last cursor.
        """
        ...
