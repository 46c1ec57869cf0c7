"""Jetstream: the network's public posts as JSON, one frame an event (https://github.com/bluesky-social/jetstream).

Its cursor is the server's time of an event in microseconds. A stream is gone on with a little before it, as its makers advise: what was
shown in between is shown twice, and nothing is missed. A server keeps about a day; what is older is gone, which no answer tells.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from callbox.networks.bluesky import public
from callbox.networks.bluesky.frames import frames, gathered
from callbox.networks.bluesky.keys import POST
from callbox.networks.gathering import Gathering
from callbox.networks.stream import Heard, PublicPost

PATH: Final = "/subscribe"
#: How far before the cursor a stream is gone on with, in microseconds.
OVERLAP: Final = 2_000_000
#: Bytes of the largest frame; a record ends at one million, and the server is asked to leave out what is larger.
LARGEST: Final = 2**20
#: How far the server's own clock may be ahead of ours before its times are not believed.
_AHEAD: Final = timedelta(minutes=5)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Jetstream:
    """One server of it. address: "wss://host" or with its path; a query of its own is kept."""

    address: str
    private: frozenset[str] = frozenset()

    def listen(self, cursor: str, stop: Event) -> Iterator[Heard]:
        """Yield posts made, changed and deleted, and accounts that are gone, from `cursor` on ("": from now).

        Raises:
            StreamError: it broke off.
        """
        is_time = cursor.isascii() and cursor.isdigit()
        now = _micros(datetime.now(UTC))
        gathering = Gathering(cursor if is_time else str(now))
        since = max(1, int(cursor) - OVERLAP) if is_time else now
        found = frames(self._from(since), private=self.private, stop=stop, largest=LARGEST)
        yield from gathered(found, gathering, _take)

    def _from(self, since: int) -> str:
        place = urlsplit(self.address)
        asked = {"wantedCollections": POST, "maxMessageSizeBytes": LARGEST, "cursor": since}
        query = "&".join(part for part in (place.query, urlencode(asked)) if part)
        return urlunsplit((place.scheme, place.netloc, place.path.rstrip("/") or PATH, query, ""))


def _take(frame: bytes, gathering: Gathering) -> None:
    """Read one frame. What is no post passes by; what cannot be read is counted, and the stream goes on."""
    try:
        event = json.loads(frame)
        if not _matters(event):
            return
        at, now = _time(event["time_us"]), datetime.now(UTC)
        found = (_account if event["kind"] == "account" else _post)(event, seen=min(at, now))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        gathering.take()
        return
    # A cursor that lies ahead would skip what comes until then: the stream is then gone on with at the one before.
    gathering.take(found, cursor=str(_micros(at)) if at <= now + _AHEAD else "")


def _matters(event: Mapping[str, Any]) -> bool:
    """Whether an event is of a post, or of an account that is gone.

    Raises:
        TypeError, KeyError: it is none.
    """
    if event["kind"] == "account":
        return _account(event, seen=_EPOCH) is not None
    return bool(event["kind"] == "commit" and event["commit"]["collection"] == POST)


def _account(event: Mapping[str, Any], *, seen: datetime) -> PublicPost | None:
    """Return that an account is gone. It is told whatever collections were asked for."""
    told = event["account"]
    return public.account_gone(event["did"], active=told.get("active"), status=told.get("status"), seen=seen)


def _post(event: Mapping[str, Any], *, seen: datetime) -> PublicPost | None:
    """Return the post of an event; None when it makes no sense.

    Raises:
        TypeError, ValueError, KeyError: neither does its frame.
    """
    did, commit = event["did"], event["commit"]
    key = commit["rkey"]
    if not public.is_key(did, key):
        raise ValueError("it names no post")
    if commit["operation"] == "delete":
        return public.gone(did, key, seen=seen)
    return public.post(did, key, commit["record"], seen=seen)


def _time(stated: object) -> datetime:
    """Return the server's time of an event.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(stated, int) or isinstance(stated, bool) or not 0 < stated < 2**53:
        raise ValueError("it has no time")
    return _EPOCH + timedelta(microseconds=stated)


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)
