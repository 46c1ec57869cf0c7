"""Addresses of records in the AT Protocol: `at://<account's DID>/<collection>/<record key>`. Pure."""

from __future__ import annotations

import hashlib
from typing import Final, NamedTuple

POST: Final = "app.bsky.feed.post"
#: Where people read accounts and posts; the network has one public front page.
WEB: Final = "https://bsky.app/profile"
_LETTERS: Final = "234567abcdefghijklmnopqrstuvwxyz"
_TID_LENGTH: Final = 13
#: Bits taken from the digest. As the time in a TID (microseconds above ten bits of a clock's number) they end in September 2005.
_BITS: Final = 60


class Address(NamedTuple):
    """The parts of an address."""

    repo: str
    collection: str
    key: str

    def __str__(self) -> str:
        return f"at://{self.repo}/{self.collection}/{self.key}"


def parts(uri: str) -> Address | None:
    """Return the parts of "at://repo/collection/key"; None when it is something else."""
    scheme, _, rest = uri.partition("://")
    found = rest.split("/")
    return Address(*found) if scheme == "at" and len(found) == len(Address._fields) and all(found) else None


def record_key(key: str) -> str:
    """Return the key under which the post of a delivery is stored: the same for the same delivery, so that it exists once at most.

    The network wants the shape of a TID, 13 letters of base32-sortable (https://atproto.com/specs/tid). Ours name times before 2006, long
    before the network began: no clock makes the same, and readers of repositories take `createdAt` instead.
    """
    digest = hashlib.sha256(f"{POST} {key}".encode()).digest()
    number = int.from_bytes(digest[:8]) >> (64 - _BITS)
    return "".join(_LETTERS[number >> (5 * place) & 31] for place in reversed(range(_TID_LENGTH)))


def web_address(who: str, uri: str) -> str:
    """Return where people read the post `uri`. who: its author's handle, or DID where there is none."""
    place = parts(uri)
    return f"{WEB}/{who}/post/{place.key}" if place else ""
