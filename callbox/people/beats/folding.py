"""How street names are compared: without case, accents and punctuation."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

#: Letters that Unicode does not take apart although people type them without their stroke.
_PLAIN: Final = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
#: A house number at the end of what was typed or at its beginning, with a letter or two behind it: 12, 12a, 12 bis.
_LAST: Final = re.compile(r"^(?P<street>.*\D)\s(?P<number>\d{1,6})\s?(?:[a-z]|bis|ter)?$")
_FIRST: Final = re.compile(r"^(?P<number>\d{1,6})(?:[a-z]|\s?bis|\s?ter)?\s(?P<street>\D.*)$")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for. street: folded.  number: of the house, None when none was typed."""

    street: str
    number: int | None = None


def fold(name: str) -> str:
    """Return a name as it is compared: "Rúa do Príncipe" is "rua do principe"."""
    taken_apart = unicodedata.normalize("NFKD", name.casefold().translate(_PLAIN))
    bare = "".join(sign for sign in taken_apart if not unicodedata.combining(sign)).translate(_PLAIN)
    return " ".join("".join(sign if sign.isalnum() else " " for sign in bare.replace("'", "").replace("’", "")).split())


def asked(text: str) -> Asked:
    """Take a street and a house number out of what was typed, in either order."""
    folded = fold(text)
    for pattern in (_LAST, _FIRST):
        found = pattern.match(folded)
        if found:
            return Asked(found["street"].strip(), int(found["number"]))
    return Asked(folded)
