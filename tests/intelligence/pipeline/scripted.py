"""A public stream that says what a test told it to, and goes on at a cursor as real ones do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event
from typing import Any

from callbox.networks.stream import Heard, PublicPost, StreamError

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def post(number: int | str, text: str = "fire at the harbour", **more: Any) -> PublicPost:
    """Return one post of Rosa's."""
    told: dict[str, Any] = {"author": "did:plc:rosa", "author_name": "Rosa Quill", "language": "en", "at": AT, **more}
    return PublicPost("bluesky", f"at://did:plc:rosa/app.bsky.feed.post/{number}", text=text, **told)


def gone(number: int | str) -> PublicPost:
    """Return that Rosa deleted one."""
    return PublicPost("bluesky", f"at://did:plc:rosa/app.bsky.feed.post/{number}", AT, gone=True)


def account_gone(who: str = "did:plc:rosa") -> PublicPost:
    """Return that somebody's account was deleted."""
    return PublicPost("bluesky", "", AT, author=who, gone=True)


@dataclass
class Scripted:
    """script: what is heard in turn; an error is raised where it stands, once.  after: whether it then stays open.  asked: every cursor
    it was opened at.
    """

    script: Sequence[Sequence[PublicPost] | StreamError]
    stays: bool = True
    asked: list[str] = field(default_factory=list)
    raised: set[int] = field(default_factory=set)

    def listen(self, cursor: str, stop: Event) -> Iterator[Heard]:
        """Yield from `cursor` on, which counts the lines of the script."""
        self.asked.append(cursor)
        for number in range(int(cursor or 0), len(self.script)):
            said = self.script[number]
            if stop.is_set():
                return
            if isinstance(said, StreamError):
                if number not in self.raised:
                    self.raised.add(number)
                    raise said
                continue
            yield Heard(tuple(said), str(number + 1), passed=len(said))
        while self.stays and not stop.wait(0.05):
            yield Heard((), str(len(self.script)))
