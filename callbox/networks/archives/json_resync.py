"""Finding the next sound element after damage in a JSON array.

A place is taken for the beginning of an element when an object begins there with a key that elements begin with, parses, has half
of the keys that all others had, is no value of another key, and is followed by what may follow an element. Before the first sound
element nothing is known of keys: then it must be an object of a row that does not close inside something else. The work is bounded
by the length of the text.
"""

from __future__ import annotations

import re
from typing import Final

from callbox.networks.archives.json_buffer import CHUNK, MAX_ELEMENT, STRICT, Buffer, Shape, ends_well, parse

#: Characters parsed in vain for every character in the buffer, before the buffer is given up.
_EFFORT: Final = 16
#: A parser's error costs what stands before it in the text; so much may.
_NEAR: Final = 4096
_OBJECT: Final = re.compile(r"(?<!:)(?<!: )\{")
_SEPARATOR: Final = re.compile(r"[ \t\r\n,]*")
#: So many objects in a row are believed to be the elements even when what closes the row is out of sight or damaged.
_BELIEVED: Final = 8


def resynchronise(buffer: Buffer, shape: Shape) -> None:
    """Move to the beginning of the next sound element, or to the end of what there is."""
    buffer.at += 1
    while True:
        while buffer.left < 2 * CHUNK and buffer.fill():
            pass
        if _search(buffer, shape):
            return
        if buffer.ended:
            buffer.at = len(buffer.text)
            return


def _search(buffer: Buffer, shape: Shape) -> bool:
    """Move to the next element in the buffer; or, False, to where the search may go on after filling."""
    openings = _openings(shape)
    effort = _EFFORT * buffer.left
    place = buffer.at
    while match := openings.search(buffer.text, place):
        place = match.start()
        if place > _NEAR:
            buffer.at = place
            buffer.trim()
            place = 0
        before = len(buffer.text) - place
        verdict, used = _try(buffer, shape, place)
        if verdict:
            buffer.at = place
            return True
        effort -= used
        if effort < 0:
            buffer.at = len(buffer.text)
            return False
        if verdict is None and before < MAX_ELEMENT:  # it is longer than what is in sight
            buffer.at = place
            if buffer.double():
                effort += _EFFORT * (buffer.left - before)
            place = buffer.at
            if not buffer.ended:
                continue
        place += 1
    buffer.at = max(place, len(buffer.text) - 200)  # an opening may straddle the border
    return False


def _openings(shape: Shape) -> re.Pattern[str]:
    if not shape.first:
        return _OBJECT
    keys = "|".join(re.escape(key) for key in sorted(shape.first))
    return re.compile(rf'(?<!:)(?<!: )\{{[ \t\r\n]*"(?:{keys})"[ \t\r\n]*:')


def _try(buffer: Buffer, shape: Shape, place: int) -> tuple[bool | None, int]:
    """Return whether an element begins at `place` (None: it ends beyond the buffer) and how many characters were looked at."""
    value, end = parse(STRICT, buffer.text, place)
    if value is None:
        return (None if end >= len(buffer.text) - 16 and not buffer.ended else False), max(1, end - place)
    good = shape.fits(value) and ends_well(buffer.text, end)
    if good and not shape.seen:
        good = _outermost(buffer, end)
    return good, end - place


def _outermost(buffer: Buffer, end: int) -> bool:
    """Whether the row of objects that goes on at `end` is the array itself and not a list inside one of its elements."""
    text = buffer.text
    for _ in range(_BELIEVED):
        if found := _SEPARATOR.match(text, end):
            end = found.end()
        if not text.startswith("{", end):
            break
        value, end = parse(STRICT, text, end)
        if value is None:
            return end >= len(text) - 16 and not buffer.ended
    else:
        return True
    rest = text[end + 1 :].strip(" \t\r\n;")
    if not text.startswith("]", end):
        return not rest and buffer.ended
    # What follows the closing bracket must be nothing, or must complete the object around the array.
    return not rest or parse(STRICT, '{"":0' + rest, 0)[1] == len(rest) + 5
