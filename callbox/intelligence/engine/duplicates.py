"""Posts that say the same again: copies and near-copies of an earlier post.

Compared is what a post says (`tokens.content`). First the whole text; then the four smallest checksums of its runs of three words find
earlier posts that may be near-copies (a bottom-k sketch, Broder 1997), and each of those is verified by the Jaccard similarity of runs of
five signs, so nothing is ever called a copy on a checksum alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Sequence
from datetime import datetime, timedelta
from typing import Final
from zlib import crc32

from callbox.intelligence.engine import tokens

#: From this similarity on, two posts are near-copies.
ALIKE: Final = 0.7

_SKETCH: Final = 4
_RUN: Final = 3
_GRAM: Final = 5
_MOST_KEPT: Final = 40  # of one checksum, the newest
_MOST_NUMBERS: Final = 100_000  # words whose checksum is remembered
_WORDS_SHARED: Final = 0.5  # of the longer post: those that share fewer words are not looked at sign by sign
_MOST_VERIFIED: Final = 8  # of one post, those that share most checksums with it


class Duplicates[Key: Hashable]:
    """What was said in the last `span`, and which post says it again."""

    def __init__(self, span: timedelta) -> None:
        self._span = span
        self._newest: datetime | None = None
        self._said: deque[_Said[Key]] = deque()
        self._by_text: dict[str, _Said[Key]] = {}
        self._first: dict[int, _Said[Key]] = {}  # with a checksum; most checksums no other has
        self._others: dict[int, list[_Said[Key]]] = {}

    def __len__(self) -> int:
        return len(self._said)

    def add(self, key: Key, text: str, at: datetime) -> Key | None:
        """Return the key of an earlier post that says the same, None when there is none; later posts are compared with this one too.

        Posts age by the newest `at` given so far. A post without words is a copy of nothing.
        """
        words = tokens.content(text)
        if not words:
            return None
        self._forget(at)
        said = " ".join(words)
        same = self._by_text.get(said)
        if same is not None:
            return same.key
        sums = _sketch(words)
        new = _Said(key, at, said, sums)
        shared = self._keep(new)
        found = self._nearest(said, words, shared) if shared else None
        return None if found is None else found.key

    def _keep(self, new: _Said[Key]) -> dict[_Said[Key], int]:
        """Take a post in; return the earlier ones that share checksums with it, and how many."""
        shared: dict[_Said[Key], int] = {}
        self._said.append(new)
        self._by_text[new.text] = new
        for number in new.sums:
            first = self._first.setdefault(number, new)
            if first is new:
                continue
            others = self._others.setdefault(number, [])
            for one in (first, *others):
                shared[one] = shared.get(one, 0) + 1
            others.append(new)
            if len(others) == _MOST_KEPT:
                self._first[number] = others.pop(0)
        return shared

    def _nearest(self, said: str, words: Sequence[str], shared: dict[_Said[Key], int]) -> _Said[Key] | None:
        own, grams = set(words), None
        for other in sorted(shared, key=shared.__getitem__, reverse=True)[:_MOST_VERIFIED]:
            theirs = other.text.split(" ")
            both = len(own.intersection(theirs))
            if both < _WORDS_SHARED * max(len(own), len(theirs)):
                continue
            grams = grams or _grams(said)
            if _alike(grams, _grams(other.text)):
                return other
        return None

    def _forget(self, at: datetime) -> None:
        self._newest = at if self._newest is None else max(at, self._newest)
        since = self._newest - self._span
        while self._said and self._said[0].at < since:
            old = self._said.popleft()
            del self._by_text[old.text]
            for number in old.sums:
                if self._first.get(number) is old:  # else newer ones took its place
                    self._let_go(number)

    def _let_go(self, number: int) -> None:
        """Take the first post with a checksum out; the next one is the first then."""
        others = self._others.get(number)
        if others is None:
            del self._first[number]
            return
        self._first[number] = others.pop(0)
        if not others:
            del self._others[number]


class _Said[Key]:
    """One post as it is compared."""

    __slots__ = ("at", "key", "sums", "text")

    def __init__(self, key: Key, at: datetime, text: str, sums: Sequence[int]) -> None:
        self.key, self.at, self.text, self.sums = key, at, text, sums


def similarity(first: str, second: str) -> float:
    """Return the Jaccard similarity of two posts by runs of five signs, as it is judged here; 0 where one says nothing."""
    one, other = (_grams(" ".join(tokens.content(text))) for text in (first, second))
    return len(one & other) / len(one | other) if one and other else 0.0


def _sketch(words: Sequence[str]) -> tuple[int, ...]:
    """Return the smallest checksums of the runs of three words: the same in every process."""
    numbers = [*map(_NUMBERS.__getitem__, words)]
    if len(numbers) <= _RUN:
        return (hash(tuple(numbers)),)
    return tuple(sorted(set(map(hash, zip(numbers, numbers[1:], numbers[2:], strict=False))))[:_SKETCH])


class _Numbers(dict[str, int]):
    """The checksum of each word met lately."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _MOST_NUMBERS:
            self.clear()
        number = self[word] = crc32(word.encode(errors="surrogatepass"))
        return number


_NUMBERS: Final = _Numbers()


def _grams(text: str) -> set[str]:
    """Return the runs of five signs of a text; a shorter text is its own only one."""
    if len(text) <= _GRAM:
        return {text} if text else set()
    return {text[first : first + _GRAM] for first in range(len(text) - _GRAM + 1)}


def _alike(one: set[str], other: set[str]) -> bool:
    both = len(one & other)
    return both >= ALIKE * (len(one) + len(other) - both)
