"""The elements of a JSON array, one by one, however long the file and whatever happened to it.

Split and repair first, then parse: where the JSON is sound, the standard library's C scanner takes one element after the other
from a sliding buffer. Where it is not, the damaged stretch is set aside and reading goes on at the next place that looks like the
beginning of an element (`json_resync`). One unbalanced quote or bad byte therefore costs one record. Bytes that are not UTF-8 inside a
text cost nothing: they arrive as surrogates, which `rows.clean` replaces.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from callbox.networks.archives.json_buffer import (
    LAST,
    LENIENT,
    MAX_ELEMENT,
    SIGHT,
    STRICT,
    Buffer,
    Shape,
    Stream,
    ends_well,
    parse,
)
from callbox.networks.archives.json_resync import resynchronise

#: An array's beginning is looked for in so many characters.
MAX_HEAD: Final = 2**20

_SEPARATOR: Final = re.compile(r"[ \t\r\n,\x00]*")
# What may follow the bracket that closes the array: nothing more, the next key of the surrounding object, or its end.
_AFTER: Final = re.compile(r'[ \t\r\n;]*(?:\Z|\}|,[ \t\r\n]*"[^"]{1,60}"[ \t\r\n]*:)')
# A bad byte or two before an element.
_STRAY: Final = re.compile(r"[^{]{1,2}?[ \t\r\n,]*(?=\{)")
_ARRAY_KEY: Final = re.compile(r'"?([^"]{2,60})"?[ \t\r\n]*:?[ \t\r\n]*\[')


@dataclass(frozen=True, slots=True)
class Element:
    """A sound element. number: from 1; offset: its first byte in the stream."""

    number: int
    offset: int
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Damaged:
    """A stretch that was set aside: one element, or several where their borders cannot be told any more. code: a reason code."""

    number: int
    offset: int
    code: str
    excerpt: str


def elements(stream: Stream, *array: str) -> Iterator[Element | Damaged]:
    """Yield the elements of a top-level array, or of the array under the first of the keys `array` that is there.

    A text before the array (`window.YTD.tweets.part0 = `) is passed over. A file that holds one object where an array was expected
    gives that object. Never raises for what the bytes are; holds about a hundred megabytes at the very most, mostly far less.
    """
    buffer = Buffer(stream)
    if not enter(buffer, array):
        return
    shape = Shape()
    number = 0
    while stand(buffer):
        number += 1
        offset = buffer.offset()
        value, end, code = take(buffer, shape)
        if value is not None:
            shape.learn(value)
            yield Element(number, offset, value)
            buffer.at = end
        else:
            excerpt = buffer.text[buffer.at : buffer.at + 200]
            resynchronise(buffer, shape)
            yield Damaged(number, offset, code, excerpt)


def enter(buffer: Buffer, names: tuple[str, ...]) -> bool:
    """Stand inside the array; False when there is nothing that could be one."""
    while buffer.left < MAX_HEAD and buffer.fill():
        if not names and "{" in buffer.text:
            break
    if buffer.text.startswith("\ufeff"):
        buffer.at = 1
    start = _named(buffer.text[:MAX_HEAD], names)
    if start is None:
        bracket, brace = buffer.text.find("["), buffer.text.find("{")
        # An array that lost its bracket still is a row of objects.
        start = bracket + 1 if 0 <= bracket < brace or brace < 0 <= bracket else brace
    buffer.at = max(start, buffer.at)
    return start >= 0


def _named(head: str, names: tuple[str, ...]) -> int | None:
    for name in names:
        found = re.search(rf'(?<!\\)"{re.escape(name)}"[^{{\]]{{0,80}}?(?=[{{\]])', head)
        if found:
            return found.end()
    keys = {match[1]: match.end() for match in _ARRAY_KEY.finditer(head)} if names else {}
    for name in names:  # the key itself may be what is damaged
        for near in difflib.get_close_matches(name, list(keys), n=1, cutoff=0.8):
            return keys[near]
    return None


def stand(buffer: Buffer) -> bool:
    """Stand at the beginning of the next element; False at the end of the array."""
    while True:
        if buffer.left < SIGHT and buffer.fill():
            continue
        if found := _SEPARATOR.match(buffer.text, buffer.at):
            buffer.at = found.end()
        if buffer.left < SIGHT and buffer.fill():
            continue
        if not buffer.left or LAST.match(buffer.text, buffer.at):
            return False
        if buffer.text[buffer.at] == "{":
            return True
        if buffer.text[buffer.at] == "]" and _AFTER.match(buffer.text, buffer.at + 1):
            return False
        stray = _STRAY.match(buffer.text, buffer.at)
        if stray is None:
            return True  # damaged: `take` will say so
        buffer.at = stray.end()  # a bad byte between two elements costs neither


def take(buffer: Buffer, shape: Shape) -> tuple[dict[str, Any] | None, int, str]:
    """Parse the element that begins here. Returns it, its end, and a reason code when there is none."""
    if not buffer.text.startswith("{", buffer.at):
        return None, 0, "json_damaged"
    decoder = STRICT
    while buffer.left <= MAX_ELEMENT:
        value, end = parse(decoder, buffer.text, buffer.at)
        if value is None and end >= len(buffer.text) - 16 and buffer.double():
            continue
        if value is None and decoder is STRICT:
            decoder = LENIENT
        elif value is None:
            return None, 0, "json_damaged"
        elif buffer.sight(end):
            sound = ends_well(buffer.text, end) or shape.headless(buffer.text, end, value)
            sound = sound and (shape.akin(value) if decoder is STRICT else shape.fits(value))
            return (value, end, "") if sound else (None, 0, "json_damaged")
    return None, 0, "json_too_long"
