"""The firehose: every change of every repository, as signed blocks (com.atproto.sync.subscribeRepos).

Source: https://atproto.com/specs/event-stream and https://atproto.com/specs/sync. A frame is two values in DAG-CBOR, head and body;
the records lie in a CAR inside it and are taken only where they match their hash. The cursor is the number of the last frame; a
server sends what came after it, as far back as it keeps.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event
from typing import Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

import libipld

from callbox.networks.archives import car
from callbox.networks.bluesky import public
from callbox.networks.bluesky.frames import frames, gathered
from callbox.networks.bluesky.keys import POST
from callbox.networks.gathering import Gathering
from callbox.networks.stream import Heard, PublicPost, StreamError

PATH: Final = "/xrpc/com.atproto.sync.subscribeRepos"
#: Bytes of the largest frame that the protocol allows.
LARGEST: Final = 5 * 2**20
#: Changes of one frame; the protocol allows as many.
_MOST_CHANGES: Final = 200
_HEAD_AND_BODY: Final = 2


class _AheadError(Exception):
    """The server's numbers end before our cursor: it was set up anew."""


@dataclass(frozen=True, slots=True)
class Firehose:
    """One server of it. address: "wss://host" of a relay or a personal data server, or with its path."""

    address: str
    private: frozenset[str] = frozenset()

    def listen(self, cursor: str, stop: Event) -> Iterator[Heard]:
        """Yield posts made, changed and deleted, and accounts that are gone, from `cursor` on ("": from now).

        A server that knows no such cursor is listened to from now on, and that something was missed is said.

        Raises:
            StreamError: it broke off.
        """
        gathering = Gathering(cursor)
        try:
            yield from self._from(cursor, gathering, stop)
        except _AheadError:
            gathering = Gathering("")
            gathering.missed = True
            yield from self._from("", gathering, stop)

    def _from(self, cursor: str, gathering: Gathering, stop: Event) -> Iterator[Heard]:
        place = urlsplit(self.address)
        asked = urlencode({"cursor": cursor}) if cursor.isascii() and cursor.isdigit() else ""
        query = "&".join(part for part in (place.query, asked) if part)
        address = urlunsplit((place.scheme, place.netloc, place.path.rstrip("/") or PATH, query, ""))
        found = frames(address, private=self.private, stop=stop, largest=LARGEST)
        yield from gathered(found, gathering, _take)


def _take(frame: bytes, gathering: Gathering) -> None:
    """Read one frame. What is no post passes by; what cannot be read is counted, and the stream goes on.

    Raises:
        StreamError: the server says that it ends the stream.
    """
    try:
        head, body = _parts(frame)
        if head["op"] == -1:
            _end(body)
        elif head["op"] == 1:
            _message(head["t"], body, gathering)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        gathering.take()


def _parts(frame: bytes) -> tuple[Any, Any]:
    parts = libipld.decode_dag_cbor_multi(frame)
    if len(parts) != _HEAD_AND_BODY:
        raise ValueError("a frame has a head and a body")
    return parts[0], parts[1]


def _end(body: Mapping[str, Any]) -> None:
    if body.get("error") == "FutureCursor":
        raise _AheadError
    said = " ".join(f"{body.get('error')} {body.get('message') or ''}".split())
    raise StreamError(f"it ended the stream: {said[:200]}")


def _message(kind: str, body: Mapping[str, Any], gathering: Gathering) -> None:
    if kind == "#info":
        gathering.missed |= body.get("name") == "OutdatedCursor"
        return
    number = body["seq"]
    if not isinstance(number, int) or not 0 <= number < 2**63:
        raise ValueError("it has no number")
    if kind == "#commit":
        for post in _posts(body):
            gathering.take(post)
    elif (gone := _account(kind, body)) is not None:
        gathering.take(gone)
    gathering.cursor = str(number)


def _account(kind: str, body: Mapping[str, Any]) -> PublicPost | None:
    """Return that an account is gone; older servers say so with a tombstone."""
    if kind not in {"#account", "#tombstone"}:
        return None
    state = (False, "deleted") if kind == "#tombstone" else (body.get("active"), body.get("status"))
    return public.account_gone(body.get("did"), active=state[0], status=state[1], seen=_seen(body.get("time")))


def _posts(body: Mapping[str, Any]) -> list[PublicPost | None]:
    """Return the posts of one commit; None for each that cannot be read.

    Raises:
        TypeError, ValueError, KeyError: the commit makes no sense.
    """
    changes = [each for each in body["ops"][:_MOST_CHANGES] if str(each["path"]).startswith(f"{POST}/")]
    if body.get("tooBig"):
        return [None]  # what changed is not told
    if not changes:
        return []
    did, seen = body["repo"], _seen(body["time"])
    wanted = {each["cid"] for each in changes if each["action"] in {"create", "update"}}
    records = _records(body["blocks"], wanted) if wanted else {}
    return [_post(did, change, records, seen) for change in changes]


def _records(blocks: bytes, wanted: set[bytes]) -> dict[bytes, Any]:
    """Return the records by their content id; those that do not match it are left out."""
    found = car.blocks(io.BytesIO(blocks))
    return {
        car.CID_HEAD + each.digest: car.decode(each.data)
        for each in found
        if isinstance(each, car.Block) and car.CID_HEAD + each.digest in wanted
    }


def _post(did: object, change: Mapping[str, Any], records: Mapping[bytes, Any], seen: datetime) -> PublicPost | None:
    key = change["path"].partition("/")[2]
    if not isinstance(did, str) or not public.is_key(did, key):
        return None
    if change["action"] == "delete":
        return public.gone(did, key, seen=seen)
    return public.post(did, key, records.get(change["cid"]), seen=seen)


def _seen(stated: object) -> datetime:
    return public.when(stated, seen=datetime.now(UTC))
