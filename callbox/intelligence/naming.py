"""Which places of the agency a text names: its beats and streets, found whole. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from callbox.people.beats.folding import fold

#: The longest name that is looked for, words.
LONGEST: Final = 6
_WORD: Final = re.compile(r"#?[^\W_]+(?:['’][^\W_]+)*")

type Names = Mapping[tuple[str, ...], str]


def names(places: Iterable[str]) -> dict[tuple[str, ...], str]:
    """Return how places are looked up: their folded words, with the name as it is written."""
    folded = ((tuple(fold(place).split()), place) for place in places)
    return {words: place for words, place in folded if 0 < len(words) <= LONGEST}


def places_in(text: str, known: Names) -> tuple[str, ...]:
    """Return the places that `text` names, each once, longest name first where two begin at one word.

    A name of one word counts only where it is written like a name, with a capital or as a hashtag: a beat may be called Park.
    """
    if not known:
        return ()
    written = _WORD.findall(text)
    words = [fold(word) for word in written]
    found: dict[str, None] = {}
    begin = 0
    while begin < len(words):
        length = next((n for n in range(LONGEST, 0, -1) if _named(words, written, begin, n, known)), 0)
        if length:
            found[known[tuple(words[begin : begin + length])]] = None
        begin += max(length, 1)
    return tuple(found)


def _named(words: list[str], written: list[str], begin: int, length: int, known: Names) -> bool:
    if tuple(words[begin : begin + length]) not in known or begin + length > len(words):
        return False
    return length > 1 or written[begin][0] == "#" or written[begin][0].isupper()
