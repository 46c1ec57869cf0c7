"""The four words a caller is given with the reference number, on paper or by phone. Pure.

Four of the EFF's short list of 1,296 words, none longer than five letters, carry 41 bits (4 x log2 1296). Nobody has them but over the
portal, one guess a request: a thousand guesses a second for a year find those of one number with a chance of 1.1 %. So no address of a
guesser needs to be kept to slow them down.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final

COUNT: Final = 4


@cache
def word_list() -> tuple[str, ...]:
    """Return the words of the EFF's short list, letters only."""
    text = (files("xkcdpass") / "static" / "eff-short").read_text(encoding="utf-8")
    return tuple(sorted({re.sub(r"[^a-z]", "", word.lower()) for word in text.split()}))


def new() -> str:
    """Return fresh words."""
    return " ".join(secrets.choice(word_list()) for _ in range(COUNT))


def normal(typed: str) -> str:
    """Return what someone typed as it was given: small letters, one blank between words, hyphens inside words left out."""
    return " ".join(re.findall(r"[a-z]+", unicodedata.normalize("NFKC", typed).casefold()))


def reference(typed: str) -> str:
    """Return a reference number as it is kept: capital letters, digits and signs, no blanks.

    Digits of every script count as ours, every dash as a hyphen: what a telephone in Arabic writes, or makes of two hyphens.
    """
    signs = "".join(unicodedata.normalize("NFKC", typed).upper().split())
    return "".join(_plain(sign) for sign in signs)


def _plain(sign: str) -> str:
    """Return a sign as it is kept; nothing for one that is not seen, such as a mark of direction that was copied along."""
    digit, category = unicodedata.decimal(sign, None), unicodedata.category(sign)
    if digit is not None:
        return str(digit)
    return "-" if category == "Pd" or sign == "\N{MINUS SIGN}" else "" if category == "Cf" else sign


def digest(words: str, *, agency: int, number: str, pepper: str) -> str:
    """Return under which digest the words of a number are kept: HMAC-SHA256 with a key that is not in the database, 64 hex digits."""
    told = f"callbox case {agency} {number} {normal(words)}"
    return hmac.new(pepper.encode(), told.encode(), hashlib.sha256).hexdigest()
