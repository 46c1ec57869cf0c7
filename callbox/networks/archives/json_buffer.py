"""A sliding window over a stream of JSON, and what is learned of the elements in it."""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from typing import Any, Final, Protocol

#: Characters of the largest element that is read (one conversation with all its messages is one element); more is set aside.
MAX_ELEMENT: Final = 32 * 2**20
#: Bytes read at once.
CHUNK: Final = 2**18
#: Characters beyond an element that are looked at to judge its end.
SIGHT: Final = 256
#: Different keys that are remembered of the elements.
_MANY: Final = 100

# What may follow an element: a comma (or a bad byte in its place) and the next one, or the end of the array or of the file.
_ENDING: Final = re.compile(r"[ \t\r\n,]*[^\s\"]?[ \t\r\n,]*(?:[{\]]|\Z)")
_LOST_BRACE: Final = re.compile(r'[ \t\r\n]*,[ \t\r\n]*\S{0,2}?[ \t\r\n]*"([^"\n]{1,60})"[ \t\r\n]*:')
# The end of a file whose array lost its bracket, or of an object around it.
LAST: Final = re.compile(r"[\s;}]{0,64}\Z")


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not JSON")


STRICT: Final = json.JSONDecoder(parse_constant=_refuse)
# A raw line break inside a text is an exporter's slip, not damage.
LENIENT: Final = json.JSONDecoder(parse_constant=_refuse, strict=False)


class Stream(Protocol):
    """Where bytes come from."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, nothing at the end."""
        ...


class Buffer:
    """The part of the stream in sight: `text[at:]` is not yet consumed."""

    def __init__(self, stream: Stream) -> None:
        self.text = ""
        self.at = 0
        self.ended = False
        self._stream = stream
        # Undecodable bytes become surrogates and back, so that offsets stay true.
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
        self._marked, self._bytes = 0, 0  # text[:_marked] ends at byte _bytes of the stream

    def fill(self, room: int = CHUNK) -> bool:
        """Add to the text and let go of what is consumed; False at the end of the stream."""
        if self.ended:
            return False
        self.trim()
        data = self._stream.read(max(CHUNK, room))
        self.ended = not data
        self.text += self._decode(data, self.ended)
        return not self.ended

    def trim(self) -> None:
        """Let go of what is consumed: an error of the parser counts all lines before it."""
        self.offset()
        self.text = self.text[self.at :]
        self._marked -= self.at
        self.at = 0

    def double(self) -> bool:
        """Fill by as much as there is, so that a long element is not parsed over and over."""
        return self.fill(self.left)

    def sight(self, end: int) -> bool:
        """Make sure that what follows `end` is in sight; False when the text was moved for it."""
        if len(self.text) - end >= SIGHT or self.ended:
            return True
        self.double()
        return False

    @property
    def left(self) -> int:
        """Characters not yet consumed."""
        return len(self.text) - self.at

    def offset(self) -> int:
        """Return the byte of the stream at which `at` stands."""
        if self.at > self._marked:
            between = self.text[self._marked : self.at]
            self._bytes += len(between) if between.isascii() else len(between.encode("utf-8", "surrogateescape"))
            self._marked = self.at
        return self._bytes


class Shape:
    """What the sound elements so far have in common.

    first: the keys that elements begin with.  seen: how many there were.
    """

    def __init__(self) -> None:
        self.first: set[str] = set()
        self.seen = 0
        self._keys: Counter[str] = Counter()

    def learn(self, value: dict[str, Any]) -> None:
        """Look at a sound element."""
        self.seen += 1
        self._keys.update(value.keys())
        if len(self._keys) > _MANY:  # keys that vary like names teach nothing
            self._keys = Counter(dict(self._keys.most_common(_MANY // 2)))
        if value and len(self.first) < _MANY:
            self.first.add(next(iter(value)))

    def akin(self, value: dict[str, Any]) -> bool:
        """Whether a value has any key that most elements had; before there are two of them, nothing is known."""
        return self.seen < 2 or any(2 * self._keys[key] >= self.seen for key in value)

    def fits(self, value: dict[str, Any]) -> bool:
        """Whether a value has at least half of the keys that most elements so far had."""
        usual = {key for key, count in self._keys.items() if 2 * count > self.seen}
        return 2 * len(usual & value.keys()) >= len(usual)

    def headless(self, text: str, end: int, value: dict[str, Any]) -> bool:
        """Whether after the element `value` another one follows that has lost its brace: that damage is not this element's."""
        found = _LOST_BRACE.match(text, end)
        return found is not None and self.fits(value) and (found[1] in self.first or found[1] in list(value)[:1])


def parse(decoder: json.JSONDecoder, text: str, at: int) -> tuple[dict[str, Any] | None, int]:
    """Return the object at `at` and its end; or None and how far it could be followed (the end of the text: it is unfinished)."""
    try:
        value, end = decoder.raw_decode(text, at)
    except RecursionError:
        return None, min(at + 100_000, len(text) - 17)
    except ValueError as error:
        return None, len(text) if str(error).startswith("Unterminated") else getattr(error, "pos", at)
    return value, end


def ends_well(text: str, end: int) -> bool:
    """Whether what follows an object can follow an element."""
    return _ENDING.match(text, end) is not None or LAST.match(text, end) is not None
