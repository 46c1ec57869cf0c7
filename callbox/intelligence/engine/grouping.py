"""Posts that speak of the same thing, put together as they come: online clustering by tf-idf and centroids.

Each post is a vector of its words, weighed by how rare they are among the posts so far; each group is the sum of its posts. A post joins
the group most similar to it (cosine), if that is similar enough, or begins one. Groups that got nothing for three days are forgotten. The
same posts in the same order give the same groups, and a group is called by its first post, so names last.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from callbox.intelligence.engine import tokens

#: From this cosine on, a post belongs to a group; measured in docs/listening.md.
SIMILAR: Final = 0.06
#: A group that got no post for so long gets none any more.
HELD: Final = timedelta(hours=72)

_COMMON: Final = 0.2  # a word in more posts than this share says nothing about which group
_COMMON_LEAST: Final = 20
_WORDS_NAMED: Final = 8
_COUNTED: Final = 200_000  # posts, before older ones count half


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a post was put. group: its name.  new: it began with this post.  words: what it shares with the group and how much each word
    weighs, heaviest first; of a new group its own.  similarity: 0 to 1, of a new group that to the nearest other one.
    """

    group: str
    new: bool
    words: tuple[tuple[str, float], ...]
    similarity: float


class Groups:
    """The groups of the last three days."""

    def __init__(self) -> None:
        self._usual = _Usual()
        self._groups: dict[str, _Group] = {}  # in the order of their last post
        self._index: dict[str, set[_Group]] = {}

    def __len__(self) -> int:
        return len(self._groups)

    def add(self, key: int | str, text: str, at: datetime) -> Placed:
        """Put a post into the group it belongs to, or begin one that is called by `key` (at most 40 signs).

        A post without words begins one of its own.
        """
        seconds = at.timestamp()
        self._forget(seconds)
        vector = self._usual.weigh(tokens.content(text))
        group, similarity = self._nearest(vector)
        if group is None or similarity < SIMILAR:
            name = str(key)
            self._keep(name, vector, seconds)
            return Placed(name, new=True, words=_heaviest(vector.items()), similarity=similarity)
        shared = [(word, weight * group.sum[word]) for word, weight in vector.items() if word in group.sum]
        scale = group.length
        self._keep(group.name, vector, seconds)
        words = _heaviest((word, weight / scale) for word, weight in shared)
        return Placed(group.name, new=False, words=words, similarity=similarity)

    def restore(self, group: str, text: str, at: datetime) -> None:
        """Put a post back into the group it is known to be in, as after a restart."""
        self._forget(at.timestamp())
        self._keep(group, self._usual.weigh(tokens.content(text)), at.timestamp())

    def _nearest(self, vector: dict[str, float]) -> tuple[_Group | None, float]:
        scores: dict[_Group, float] = {}
        for word, weight in vector.items():
            for group in self._index.get(word, ()):
                scores[group] = scores.get(group, 0.0) + weight * group.sum[word]
        best, most = None, 0.0
        for group, score in scores.items():
            similarity = score / group.length
            if similarity > most or (similarity == most and best is not None and group.name < best.name):
                best, most = group, similarity
        return best, most

    def _keep(self, name: str, vector: dict[str, float], at: float) -> None:
        group = self._groups.pop(name, None) or _Group(name, at)
        self._groups[name] = group
        for word in group.take(vector, at):
            self._index.setdefault(word, set()).add(group)

    def _forget(self, at: float) -> None:
        """Drop the groups whose last post is too old; of the rest only the first needs a look, as they stand in that order."""
        since = at - HELD.total_seconds()
        while self._groups:
            group = next(iter(self._groups.values()))
            if group.last >= since:
                return
            del self._groups[group.name]
            for word in group.sum:
                holding = self._index[word]
                holding.remove(group)
                if not holding:
                    del self._index[word]


class _Group:
    """One group: the sum of its posts' vectors and the length of that sum."""

    __slots__ = ("last", "length", "name", "square", "sum")

    def __init__(self, name: str, at: float) -> None:
        self.name, self.last = name, at
        self.sum: dict[str, float] = {}
        self.square, self.length = 0.0, 1.0

    def take(self, vector: dict[str, float], at: float) -> list[str]:
        """Add a post; return the words that are new to the group."""
        new = []
        for word, weight in vector.items():
            held = self.sum.get(word)
            if held is None:
                new.append(word)
                held = 0.0
            self.sum[word] = held + weight
            self.square += weight * (2 * held + weight)
        self.length = math.sqrt(self.square) or 1.0
        self.last = max(self.last, at)
        return new


class _Usual:
    """In how many posts each word stood."""

    def __init__(self) -> None:
        self._posts = 0
        self._held: dict[str, int] = {}

    def weigh(self, words: list[str]) -> dict[str, float]:
        """Count the words of a post and return its vector, of length 1, or empty where it says nothing."""
        self._posts += 1
        if self._posts == _COUNTED:
            self._halve()
        held, posts = self._held, self._posts + 1
        most = max(_COMMON * posts, _COMMON_LEAST)
        vector = {}
        for word in dict.fromkeys(words):
            count = held[word] = held.get(word, 0) + 1
            if count <= most:
                vector[word] = math.log(posts / count)
        length = math.sqrt(sum(weight * weight for weight in vector.values()))
        return {word: weight / length for word, weight in vector.items()} if length else {}

    def _halve(self) -> None:
        self._posts //= 2
        self._held = {word: count // 2 for word, count in self._held.items() if count > 1}


def _heaviest(weights: Iterable[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """Return the heaviest words, the same ones in the same order whatever order they come in."""
    best = sorted(weights, key=lambda one: (-one[1], one[0]))[:_WORDS_NAMED]
    return tuple((word, round(weight, 4)) for word, weight in best)
