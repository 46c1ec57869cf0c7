"""The envelope of a letter: padded so that its size says little, then sealed with age to keys the server does not hold. Pure.

Format of what is sealed: four bytes, the length of the text that follows (big-endian); JSON in UTF-8; zero bytes up to a power of two
from 4 KiB. `callbox/desk/static/desk/tips.js` reads the same format in the officer's browser.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import pyrage

#: The smallest size of a sealed text, bytes.
FLOOR = 4096
#: The longest letter, characters; with the other fields it still fits 128 KiB.
LONGEST = 20_000


class NotOpenedError(Exception):
    """The key does not open this letter, or the letter was changed."""


class NoKeyError(Exception):
    """What was given is not an age public key."""


@dataclass(frozen=True, slots=True)
class Written:
    """What is inside a letter. at: when it was written, UTC, ISO 8601; it exists nowhere else.  about, place: as the tipster put it."""

    text: str
    at: str
    about: str = ""
    place: str = ""
    language: str = ""


def seal(written: Written, *, recipients: Sequence[str]) -> bytes:
    """Return the letter as an age file that each of `recipients` (age1...) can open.

    Raises:
        NoKeyError: there is no recipient, or one is not a key.
    """
    if not recipients:
        raise NoKeyError("there is no key to seal to")
    try:
        keys = [pyrage.x25519.Recipient.from_str(each) for each in recipients]
    except pyrage.RecipientError:
        raise NoKeyError("one of these is not an age public key") from None
    text = json.dumps(asdict(written), ensure_ascii=False).encode()
    plain = len(text).to_bytes(4) + text
    return bytes(pyrage.encrypt(plain.ljust(_step(len(plain)), b"\0"), keys))


def unseal(sealed: bytes, *, identity: str) -> Written:
    """Return what is inside.

    Raises:
        NotOpenedError: `identity` (AGE-SECRET-KEY-1...) does not open it.
    """
    try:
        plain = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)])
    except (pyrage.DecryptError, pyrage.IdentityError):
        raise NotOpenedError("this key does not open the letter") from None
    length = int.from_bytes(plain[:4])
    return Written(**json.loads(plain[4 : 4 + length]))


def public_half(identity: str) -> str:
    """Return the public key of an identity.

    Raises:
        NoKeyError: it is none.
    """
    try:
        return str(pyrage.x25519.Identity.from_str(identity).to_public())
    except pyrage.IdentityError:
        raise NoKeyError("this is not an age identity") from None


def check_recipient(text: str) -> str:
    """Return `text` as a public key.

    Raises:
        NoKeyError: it is none.
    """
    try:
        return str(pyrage.x25519.Recipient.from_str(text.strip()))
    except pyrage.RecipientError:
        raise NoKeyError("this is not an age public key") from None


def _step(size: int) -> int:
    step = FLOOR
    while step < size:
        step *= 2
    return step
