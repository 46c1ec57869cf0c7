"""The receipt of a tip: nine words, and everything that is derived from them. Pure.

Nine words of a list of 7,775 carry 116 bits (9 x log2 7775), above the 112 that OWASP ASVS 6.5.2 asks of such a secret, so a fast
keyed hash is enough and guessing is hopeless; a slow one would only let strangers burn our processor.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

WORDS = 9
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
#: Longer than every word of the list.
_LONGEST = 12


@cache
def word_list() -> tuple[str, ...]:
    """Return the 7,775 words of the EFF's long list, letters only, so that a hyphen more or less does not matter."""
    text = (files("xkcdpass") / "static" / "eff-long").read_text(encoding="utf-8")
    return tuple(sorted({re.sub(r"[^a-z]", "", word.lower()) for word in text.split()}))


def new() -> str:
    """Return a fresh receipt."""
    return " ".join(secrets.choice(word_list()) for _ in range(WORDS))


def normal(typed: str) -> str:
    """Return what someone typed as it would have been printed: small letters, one blank between words, signs left out."""
    plain = unicodedata.normalize("NFKC", typed).casefold().replace("-", "").replace("’", "").replace("'", "")
    return " ".join(re.findall(r"[a-z]+", plain))


def slips(typed: str) -> dict[str, tuple[str, ...]]:
    """Return the words that no receipt holds, each with those of the list that one wrong, missing, added or exchanged letter makes of it.

    That says something of the list, which is public, and nothing of any receipt.
    """
    known = frozenset(word_list())
    odd = [word for word in dict.fromkeys(normal(typed).split()) if word not in known]
    return {word: tuple(sorted(known.intersection(_near(word)))) for word in odd[:WORDS]}


def _near(word: str) -> Iterator[str]:
    if len(word) > _LONGEST:
        return
    for place in range(len(word) + 1):
        begin, end = word[:place], word[place:]
        yield begin + end[1:]
        yield begin + end[1:2] + end[:1] + end[2:]
        for letter in _LETTERS:
            yield begin + letter + end[1:]
            yield begin + letter + end


def lookup(receipt: str, *, pepper: str) -> str:
    """Return under which name the tip is kept: HMAC-SHA256 with a key that is not in the database, 64 hex digits."""
    return hmac.new(pepper.encode(), f"callbox tip {normal(receipt)}".encode(), hashlib.sha256).hexdigest()


def identity(receipt: str) -> str:
    """Return the age identity that only this receipt gives; letters to the tipster are sealed to its public half."""
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"callbox tip dialogue")
    return _bech32("age-secret-key-", derived.derive(normal(receipt).encode())).upper()


_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def _bech32(prefix: str, data: bytes) -> str:
    """Write bytes as age writes its keys (BIP 173)."""
    bits = int.from_bytes(data)
    spare = -len(data) * 8 % 5
    bits <<= spare
    count = (len(data) * 8 + spare) // 5
    values = [bits >> 5 * (count - 1 - place) & 31 for place in range(count)]
    expanded = [ord(sign) >> 5 for sign in prefix] + [0] + [ord(sign) & 31 for sign in prefix]
    check = _polymod([*expanded, *values, 0, 0, 0, 0, 0, 0]) ^ 1
    values += [check >> 5 * (5 - place) & 31 for place in range(6)]
    return prefix + "1" + "".join(_CHARSET[value] for value in values)


def _polymod(values: list[int]) -> int:
    generator = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, term in enumerate(generator):
            check ^= term if top >> place & 1 else 0
    return check
