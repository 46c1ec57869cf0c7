"""The contract every network keeps; `tests/networks/contract` holds each of them to it.

A `Network` is pure: it renders, counts and says what it can do. Opened with an account's settings and secrets it becomes a `Session`,
the only thing that speaks to the world. A session never waits out a limit and never repeats a call by itself: it says what it knows
(sent, not sent, unclear), and the delivery's row decides what that means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from callbox.networks.vocabulary import Batch, Content, Identity, Preview, Receipt, Rendition

#: Reads the bytes of a media file by its SHA-256.
type Reader = Callable[[str], bytes]

#: A connection is given up after this many seconds, a whole call after the longer span (reliability: 5.2).
CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a letter goes to. unsubscribe: the web address that ends their letters, empty for none of their own."""

    address: str
    unsubscribe: str = ""


#: Says whose address stands behind the recipient of a delivery, at the last moment before the letter leaves; None when nobody's does.
type Resolver = Callable[[str], Addressee | None]


def as_written(recipient: str) -> Addressee:
    """Return the recipient as the address it is."""
    return Addressee(recipient)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a session works, so that no network reads settings of its own.

    folder: below it a network may write files.  private: "host:port" whose private addresses may be spoken to (`core.http`).
    account: "<network>:<handle>", empty before the network has said who we are.  connection: its row, 0 before it is stored.
    agency: short name of the agency it is for.  resolve: whose address stands behind a recipient.
    """

    folder: Path
    private: frozenset[str] = frozenset()
    account: str = ""
    connection: int = 0
    agency: str = ""
    resolve: Resolver = as_written


class Ability(StrEnum):
    """What a network lets us do; what is missing is shown to the author before the message leaves, not after."""

    EDIT = "edit"  # what was published can be changed in place
    WITHDRAW = "withdraw"  # ... or taken back
    FIND = "find"  # a published post can be looked up when the answer got lost
    KEY = "key"  # a repeated call with the same key publishes once
    REPLY = "reply"
    COLLECT = "collect"  # replies and mentions can be fetched
    MEDIA = "media"
    HIDE = "hide"  # somebody else's comment under our post can be put out of sight, and back


class NetworkError(Exception):
    """A network did not do what was asked. said: what it answered, for people; never a secret."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


class NotSentError(NetworkError):
    """Nothing was published, surely. after: try again in that many seconds; None: it will never be accepted like this."""

    def __init__(self, said: str, *, after: float | None = None) -> None:
        super().__init__(said)
        self.after = after


class SignInError(NotSentError):
    """Nothing was published: the network no longer accepts our token. A person must connect the account again."""


class UnclearError(NetworkError):
    """The call may have been carried out: it timed out, the line broke, the answer made no sense. Look before anything else."""


class Session(Protocol):
    """One account, connected. Every method may raise `NetworkError`; those that change something say which kind."""

    def identity(self) -> Identity:
        """Ask the network who we are; also the probe of a token."""
        ...

    def publish(self, rendition: Rendition, *, key: str, media: Reader, recipient: str = "") -> Receipt:
        """Publish. key: 32 hex digits, the same for the same delivery for ever; sent along where the network takes one.

        recipient: to whom a letter goes; empty on public networks, which pay no heed to it.

        Raises:
            NotSentError, SignInError: nothing was published.
            UnclearError: it may have been.
        """
        ...

    def find(self, rendition: Rendition, *, key: str, since: datetime) -> Receipt | None:
        """Look for what `publish` may have published since then; None when the network shows nothing of it."""
        ...

    def edit(self, remote_id: str, rendition: Rendition, *, key: str, media: Reader) -> Receipt:
        """Change what was published, where the network can (`Ability.EDIT`). Safe to repeat."""
        ...

    def withdraw(self, remote_id: str) -> None:
        """Take back what was published, where the network can (`Ability.WITHDRAW`). Safe to repeat: gone is gone."""
        ...

    def hide(self, remote_id: str, *, hidden: bool) -> None:
        """Put a comment of somebody else out of sight, or back, where the network can (`Ability.HIDE`). Safe to repeat.

        Called for nothing but a person's written decision (`trust.services.moderation`).
        """
        ...

    def exists(self, remote_id: str) -> bool:
        """Whether the network still shows it."""
        ...

    def collect(self, cursor: str) -> Batch:
        """Return the next page after `cursor` ("" from the beginning): what reached us, and what we posted ourselves elsewhere."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


class Network(Protocol):
    """One kind of network. label: its name for people.  settings: what a connection needs, in order.  secrets: what is sealed."""

    kind: str
    label: str
    abilities: frozenset[Ability]
    settings: tuple[str, ...]
    secrets: tuple[str, ...]

    def render(self, content: Content, *, account: str) -> Preview:
        """Return what `account` would show of `content`, counted as this network counts. The same content gives the same rendition."""
        ...

    def render_reply(self, text: str, *, account: str, to: str, language: str) -> Preview:
        """Return an answer to the remote id `to`."""
        ...

    def open(self, settings: Mapping[str, str], secrets: Mapping[str, str], place: Place) -> Session:
        """Return a session. Nothing is asked of the network yet."""
        ...
