"""The dictionary of terms of all queries, what of it stands in a text, and which terms are rare."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from callbox.intelligence.engine.query import And, Near, Node, Or, Term

#: What can be found in a text: a word, a run of two or three words, or what is checked in the text (longer runs, stars, nearness).
type Key = str | tuple[str, ...] | Term | Near

_LONGEST_RUN: Final = 3
#: How many texts are counted before every query is anchored on what proved rare.
LEARNING: Final = 2_000


def key_of(leaf: Term | Near) -> Key:
    """Return how a leaf of a query is found."""
    if isinstance(leaf, Near) or leaf.prefix or len(leaf.words) > _LONGEST_RUN:
        return leaf
    return leaf.words if len(leaf.words) > 1 else leaf.words[0]


class Terms:
    """The dictionary of terms of all queries, each with how many queries use it."""

    def __init__(self) -> None:
        self._uses: Counter[Key] = Counter()
        self._words: set[Key] = set()
        self._pairs: set[Key] = set()
        self._triples: set[Key] = set()
        self._starts: dict[str, Term] = {}
        self._lengths: Counter[int] = Counter()
        self._led: dict[Key, dict[Term, None]] = {}
        self._near: dict[Key, dict[Near, None]] = {}

    def __iter__(self) -> Iterator[Key]:
        return iter(self._uses)

    def use(self, key: Key) -> None:
        """Look out for `key` from now on."""
        self._uses[key] += 1
        if self._uses[key] > 1:
            return
        if isinstance(key, Near):
            self.use(key_of(key.left))
            self.use(key_of(key.right))
            self._near.setdefault(key_of(key.left), {})[key] = None
        elif isinstance(key, Term):
            self._use_term(key)
        else:
            self._runs(key).add(key)

    def drop(self, key: Key) -> None:
        """Forget one use of `key`."""
        self._uses[key] -= 1
        if self._uses[key]:
            return
        del self._uses[key]
        if isinstance(key, Near):
            _take_out(self._near, key_of(key.left), key)
            self.drop(key_of(key.left))
            self.drop(key_of(key.right))
        elif isinstance(key, Term):
            self._drop_term(key)
        else:
            self._runs(key).remove(key)

    def find(self, words: Sequence[str]) -> set[Key]:
        """Return every term that stands in a text of these words."""
        found = self._words.intersection(words)
        if self._pairs:
            found |= self._pairs.intersection(pairwise(words))
        if self._triples:
            found |= self._triples.intersection(zip(words, words[1:], words[2:], strict=False))
        if self._starts:
            starts = self._starts
            for length in self._lengths:
                found.update(starts[word[:length]] for word in set(words) if word[:length] in starts)
        if self._led:
            self._check_led(words, found)
        if self._near:
            for key in found & self._near.keys():
                found.update(
                    near for near in self._near[key] if key_of(near.right) in found and _stands_near(words, near)
                )
        return found

    def _check_led(self, words: Sequence[str], found: set[Key]) -> None:
        padded = ""
        for key in found & self._led.keys():
            padded = padded or f" {' '.join(words)} "
            for term in self._led[key]:
                if f" {' '.join(term.words)}{'' if term.prefix else ' '}" in padded:
                    found.add(term)

    def _runs(self, key: str | tuple[str, ...]) -> set[Key]:
        return self._words if isinstance(key, str) else self._pairs if len(key) == 2 else self._triples

    def _use_term(self, term: Term) -> None:
        lead = _lead(term)
        if lead is None:
            self._starts[term.words[0]] = term
            self._lengths[len(term.words[0])] += 1
        else:
            self.use(lead)
            self._led.setdefault(lead, {})[term] = None

    def _drop_term(self, term: Term) -> None:
        lead = _lead(term)
        if lead is None:
            del self._starts[term.words[0]]
            self._lengths[len(term.words[0])] -= 1
            self._lengths += Counter()  # only what is above zero
        else:
            _take_out(self._led, lead, term)
            self.drop(lead)


def _lead(term: Term) -> Key | None:
    """Return what must be found before `term` is looked for; None where any word may begin it."""
    words = term.words[:-1] if term.prefix else term.words
    return key_of(Term(words[:_LONGEST_RUN])) if words else None


def _take_out[T](lists: dict[Key, dict[T, None]], key: Key, one: T) -> None:
    del lists[key][one]
    if not lists[key]:
        del lists[key]


def _places(words: Sequence[str], term: Term) -> list[int]:
    """Return where `term` begins."""
    length, last = len(term.words), term.words[-1]
    body = list(term.words[:-1])
    return [
        place
        for place in range(len(words) - length + 1)
        if (words[place + length - 1].startswith(last) if term.prefix else words[place + length - 1] == last)
        and list(words[place : place + length - 1]) == body
    ]


def _stands_near(words: Sequence[str], near: Near) -> bool:
    """Say whether one of the terms begins within `apart` words behind the end of the other."""
    left, right = _places(words, near.left), _places(words, near.right)
    return _follows(left, len(near.left.words), right, near.apart) or _follows(
        right, len(near.right.words), left, near.apart
    )


def _follows(before: Sequence[int], length: int, after: Sequence[int], apart: int) -> bool:
    for place in before:
        first = bisect_left(after, place + length)
        if first < len(after) and after[first] - (place + length - 1) <= apart:
            return True
    return False


class Usual:
    """How usual words are, learnt from the first texts; until then longer words count as rarer."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()
        self._texts = 0

    def learns(self, words: Sequence[str]) -> bool:
        """Count the words of one text; say whether it was the last one needed, so that rarity is to be asked anew."""
        if self._texts == LEARNING:
            return False
        self._texts += 1
        self._seen.update(set(words))
        return self._texts == LEARNING

    def rarest(self, node: Node) -> tuple[float, tuple[Key, ...]]:
        """Return terms of which every text that `node` holds of has one, the rarest such, with how usual they are (without: infinite)."""
        match node:
            case Term():
                return self._cost(node), (key_of(node),)
            case Near():
                return min(self._cost(node.left), self._cost(node.right)), (node,)
            case And():
                return min((self.rarest(part) for part in node.parts), key=lambda found: found[0])
            case Or():
                parts = [self.rarest(part) for part in node.parts]
                return sum(cost for cost, _ in parts), tuple(dict.fromkeys(key for _, keys in parts for key in keys))
            case _:
                return float("inf"), ()

    def _cost(self, term: Term) -> float:
        return min(self._seen[word] + 20 / len(word) ** 2 for word in term.words) / len(term.words)
