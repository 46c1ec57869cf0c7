"""Split posts into tokens and look them up in a vocabulary, many posts at once, without a loop over posts or words.

A token is a word (letters, digits, an apostrophe inside), a number with its separators, a handle, a run of line breaks, an emoji or
a single mark. Words are compared in lower case and digits by their shape ("23:50" is "00:00"); a few numbers keep their value.
Links are left out: what they point at is not in the post.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from callbox.networks.kind.lookup import Keys, Lookup

type Bytes = npt.NDArray[np.uint8]
type Ids = npt.NDArray[np.int32]

#: Stand-ins, by their id: what a token becomes that is not in the vocabulary. `EDGE` stands between two posts.
SPECIAL: Final = ("<edge>", "<name>", "<word>", "<number>", "<mark>", "<handle>", "<tag>")
EDGE, NAME, WORD, NUMBER, MARK, HANDLE, TAG = range(len(SPECIAL))
#: Numbers that mean something by themselves: where to call.
TELLING: Final = ("101", "999", "111")

_SAME: Final = {
    "&amp;": "&",
    "&lt;": "<",
    "&gt;": ">",
    "’": "'",
    "‘": "'",
    "“": '"',
    "”": '"',
    "–": "-",
    "—": "-",
    "…": ".",
    "£": "$",
    "\u00a0": " ",
    "\ufe0f": "",
    "\u200d": "",
    "\r": "",
    "\0": " ",
}
_LINK: Final = r"https?://\S+"

_byte = np.arange(256, dtype=np.uint8)
_UPPER = (_byte >= ord("A")) & (_byte <= ord("Z"))
_LETTER = _UPPER | ((_byte >= ord("a")) & (_byte <= ord("z")))
_DIGIT = (_byte >= ord("0")) & (_byte <= ord("9"))
_LOWER = np.where(_UPPER, _byte + 32, _byte).astype(np.uint8)
_SHAPE = np.where(_DIGIT, ord("0"), _LOWER).astype(np.uint8)
# Marks of a byte, as bits.
_WORD, _JOINT, _LATER, _BREAK, _SPACE = (np.uint8(1 << bit) for bit in range(5))
_SIGN = (_byte == 0xE2) | (
    _byte >= 0xF0
)  # the first byte of an emoji or sign; other characters of several bytes are letters
_MARKS = (
    _WORD * (_LETTER | _DIGIT | np.isin(_byte, list(b"_@")) | ((_byte >= 0xC0) & ~_SIGN))
    | _JOINT * np.isin(_byte, list(b"'.,:/"))
    | _LATER * ((_byte >= 0x80) & (_byte < 0xC0))
    | _BREAK * (_byte == ord("\n"))
    | _SPACE * (((_byte <= ord(" ")) & (_byte != ord("\n"))) | (_byte == 0x7F))
).astype(np.uint8)
# `bytes.translate` is the quickest way to look bytes up.
_TO_LOWER, _TO_SHAPE, _TO_MARKS = _LOWER.tobytes(), _SHAPE.tobytes(), _MARKS.tobytes()
#: A number of up to eight bytes holds this many of its low bytes.
_KEEP = np.array([(1 << (8 * n)) - 1 for n in range(9)], dtype=np.uint64)
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))
_PADDING = b"\0" * 16


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of some posts, in order.

    text: all posts in UTF-8, a zero byte before, between and after them.  begins, ends: where each token stands in it.
    counts: tokens of each post.
    """

    text: bytes
    begins: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]

    @property
    def first(self) -> Bytes:
        """First byte of each token."""
        return np.frombuffer(self.text, np.uint8)[self.begins]

    @property
    def tagged(self) -> npt.NDArray[np.bool_]:
        """Which tokens follow a "#"."""
        found: npt.NDArray[np.bool_] = np.frombuffer(self.text, np.uint8)[self.begins - 1] == ord("#")
        return found

    def written(self) -> list[str]:
        """Return every token as it stands in the text (for training and tests: a loop)."""
        return [self.text[a:b].decode() for a, b in zip(self.begins.tolist(), self.ends.tolist(), strict=True)]

    def spellings(self) -> list[str]:
        """Return every token as the vocabulary would spell it (for training and tests: a loop)."""
        shaped, plain = self.text.translate(_TO_SHAPE), self.text.translate(_TO_LOWER)
        spelled = []
        for a, b in zip(self.begins.tolist(), self.ends.tolist(), strict=True):
            exact = plain[a:b].decode()
            spelled.append(exact if exact in TELLING else shaped[a:b].decode())
        return spelled


def split(texts: pl.Series) -> Tokens:
    """Split every text of `texts`; null is an empty text."""
    clean = texts.fill_null("").str.replace_all(_LINK, "").str.replace_many(_SAME)
    joined = ("\0" + "\0".join(clean.to_list()) + "\0").encode()
    text = np.frombuffer(joined, np.uint8)
    begins, ends = _bounds(text, np.frombuffer(joined.translate(_TO_MARKS), np.uint8))
    edges = np.flatnonzero(text == 0)[: len(texts) + 1]
    return Tokens(joined, begins, ends, np.diff(np.searchsorted(begins, edges)))


def _bounds(text: Bytes, marks: Bytes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return where tokens begin and end in `text`, whose first and last byte are zero."""
    word = marks & _WORD
    joints = np.flatnonzero(marks & _JOINT)
    before, here, after = text[joints - 1], text[joints], text[joints + 1]
    quote = here == ord("'")
    word[joints] = np.where(quote, _LETTER[before] & _LETTER[after], _DIGIT[before] & _DIGIT[after])
    later = np.flatnonzero(marks & _LATER)
    for _ in range(3):  # a character has at most three later bytes; each is of the kind of the byte before it
        word[later] = word[later - 1]
    going_on = word.copy()
    going_on[1:] &= word[:-1]
    going_on[later] = True
    breaks = np.flatnonzero(marks & _BREAK)
    going_on[breaks] = text[breaks - 1] == ord("\n")
    solid = (marks & _SPACE) == 0
    begins = solid & (going_on == 0)
    ends = solid[:-1] & (going_on[1:] == 0)
    return np.flatnonzero(begins), np.flatnonzero(ends) + 1


def _keys(text: bytes, begins: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]) -> Keys:
    """Return one number for each token, made of its first sixteen bytes and its length."""
    eight: Keys = np.ndarray((len(text) + 9,), "<u8", buffer=text + _PADDING, strides=(1,))
    low = eight[begins] & _KEEP[np.minimum(lengths, 8)]
    high = eight[begins + 8] & _KEEP[np.clip(lengths - 8, 0, 8)]
    keys: Keys = low * _MIX[0] + high * _MIX[1] + lengths.astype(np.uint64) * _MIX[2]
    return keys


class Vocabulary:
    """Words with their ids: the stand-ins of `SPECIAL` first, then `words` in their order."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)
        spelled = [word.encode() for word in self.words]
        lengths = np.array([len(word) for word in spelled], np.int64)
        begins = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
        keys = _keys(b"".join(spelled), begins, lengths)
        self._lookup = Lookup(keys)

    def ids(self, tokens: Tokens) -> Ids:
        """Return the id of every token."""
        lengths, first = tokens.ends - tokens.begins, tokens.first
        ids = self._lookup.find(_keys(tokens.text.translate(_TO_SHAPE), tokens.begins, lengths))
        digit = _DIGIT[first]
        short = np.flatnonzero(digit & (lengths == len(TELLING[0])))
        exact = self._lookup.find(_keys(tokens.text, tokens.begins[short], lengths[short]))
        ids[short] = np.where(exact >= 0, exact, ids[short])
        ids[ids >= 0] += len(SPECIAL)
        ids[(first == ord("@")) & (lengths > 1)] = HANDLE
        strange = np.flatnonzero(ids < 0)
        letter = first[strange]
        ids[strange] = np.select([digit[strange], _UPPER[letter], _LETTER[letter]], [NUMBER, NAME, WORD], MARK)
        ids[strange[tokens.tagged[strange]]] = TAG
        return ids
