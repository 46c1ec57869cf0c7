"""Posts of the network as its public streams show them to everybody: a record and where it lies. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from callbox.networks.bluesky.keys import POST, Address, web_address
from callbox.networks.storable import storable
from callbox.networks.stream import PublicPost

#: A record's text ends at 3,000 bytes by the network's rules (lexicons, app/bsky/feed/post.json); ten times that is kept of one that lies.
LONGEST: Final = 30_000
#: States of an account that nobody expects it to come back from.
_FOR_GOOD: Final = frozenset({"deleted", "takendown"})
#: The network began in 2022 and takes posts from elsewhere with their old times; what claims to be older than this has no clock.
_FIRST: Final = datetime(2000, 1, 1, tzinfo=UTC)


def post(did: str, key: str, record: object, *, seen: datetime) -> PublicPost | None:
    """Return a post; None when the record is none. seen: when the stream showed it, which no author's clock may be ahead of."""
    if not isinstance(record, Mapping) or not isinstance(record.get("text"), str):
        return None
    uri = str(Address(did, POST, key))
    return PublicPost(
        network="bluesky",
        remote_id=uri,
        at=when(record.get("createdAt"), seen=seen),
        text=storable(record["text"][:LONGEST]),
        author=did,
        url=web_address(did, uri),
        language=_language(record.get("langs")),
        parent=_parent(record.get("reply")),
    )


def gone(did: str, key: str, *, seen: datetime) -> PublicPost:
    """Return that the author deleted a post."""
    return PublicPost(network="bluesky", remote_id=str(Address(did, POST, key)), at=seen, author=did, gone=True)


def account_gone(did: object, *, active: object, status: object, seen: datetime) -> PublicPost | None:
    """Return that everything of an account is gone; None where it is not, or not for good.

    Deleted and taken down is meant to last; an account that is suspended or deactivated comes back with its posts
    (https://atproto.com/specs/account).
    """
    if active is not False or status not in _FOR_GOOD or not is_key(did, "x"):
        return None
    return PublicPost(network="bluesky", remote_id="", at=seen, author=str(did), gone=True)


def when(stated: object, *, seen: datetime) -> datetime:
    """Return the author's time as UTC, never after `seen`; `seen` where it is none."""
    try:
        at = datetime.fromisoformat(stated) if isinstance(stated, str) else seen
        at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return seen
    return min(at, seen) if at >= _FIRST else seen


def is_key(did: object, key: object) -> bool:
    """Whether both can name a post (https://atproto.com/specs/did, https://atproto.com/specs/record-key)."""
    return (
        isinstance(did, str)
        and did.startswith("did:")
        and len(did) <= 2048
        and isinstance(key, str)
        and 0 < len(key) <= 512
        and not any(sign in did + key for sign in "/\x00 \n")
    )


def _language(stated: Any) -> str:
    first = stated[0] if isinstance(stated, list) and stated else ""
    return first if isinstance(first, str) and len(first) <= 35 and first.isascii() and first.isprintable() else ""


def _parent(reply: object) -> str:
    parent = reply.get("parent") if isinstance(reply, Mapping) else None
    uri = parent.get("uri") if isinstance(parent, Mapping) else None
    return storable(uri) if isinstance(uri, str) and uri.startswith("at://") and len(uri) <= 3000 else ""
