"""Posts that speak of the same thing, put together as they come: online clustering by words and centroids.

Each post is a vector of its words; each group is the sum of its posts. A post joins the group most similar to it (cosine), if that is
similar enough, or begins one. A word weighs by how few groups have it, not how few posts: what thousands write about one event stays
telling, what everybody writes about everything does not (tf-idf over groups; measured in docs/listening.md). Groups that got nothing for
three days are forgotten. The same posts in the same order give the same groups, and a group is called by its first post, so names last.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Final

from callbox.intelligence.engine import tokens

#: From this cosine on, a post belongs to a group; and a group of some size to another one.
SIMILAR: Final = 0.08
MERGED: Final = 0.22
#: A group that got no post for so long gets none any more.
HELD: Final = timedelta(hours=72)

_LEAST_WEIGHT: Final = 1.0  # a lighter word says nothing about which group
#: Groups taken as seen before the first, so that weights do not jump in the beginning; and in how many of them stood a word of one, two,
#: three and four letters, for in most languages the shortest words say least.
_PRIOR: Final = 1_000
_SHORT_WORDS: Final = {1: 300, 2: 300, 3: 200, 4: 50}
_COUNTED: Final = 200_000  # groups, before older ones count half
_MOST_WORDS: Final = 200  # of one post
_LEAST_POSTS: Final = 10  # of a group that is compared with others
_GROWN: Final = 1.2  # how many times as many posts as when it was compared before
_COMPARED: Final = 40  # its heaviest words
_SHORT: Final = 0.4  # of a post's square: what is left of it, before it is asked whether the rest can still matter
_ROUNDING: Final = 1e-9
_NAMED: Final = 8  # words said with a placing


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a post was put. group: its name.  new: it began with this post.  words: what it shares with the group and how much each word
    brings to the similarity, heaviest first; of a new group the weights of its own.  similarity: 0 to 1; of a new one to its nearest.
    """

    group: str
    new: bool
    words: tuple[tuple[str, float], ...]
    similarity: float


class Groups:
    """The groups of the last three days."""

    def __init__(self) -> None:
        self._groups: dict[str, _Group] = {}  # in the order of their last post
        self._weights: dict[str, dict[_Group, float]] = {}  # of each word in each group that has it
        self._known = 0  # groups so far
        self._having: dict[str, int] = {}  # how many of them had a word
        self._changed: dict[_Group, None] = {}

    def __len__(self) -> int:
        return len(self._groups)

    def add(self, key: int | str, text: str, at: datetime) -> Placed:
        """Put a post into the group it belongs to, or begin one that is called by `key` (at most 40 signs).

        A post without words begins one of its own. Groups age by the newest `at` given so far.
        """
        seconds = at.timestamp()
        self._forget(seconds)
        words, vector = self._weigh(text)
        group, similarity = self._nearest(vector)
        if group is None or similarity < SIMILAR:
            self._keep(str(key), words, vector, seconds)
            return Placed(str(key), new=True, words=_heaviest(vector.items()), similarity=round(similarity, 4))
        shared = (
            (word, weight * self._weights[word].get(group, 0.0))
            for word, weight in vector.items()
            if word in self._weights
        )
        named = _heaviest((word, brought / group.length) for word, brought in shared if brought)
        self._keep(group.name, words, vector, seconds)
        return Placed(group.name, new=False, words=named, similarity=round(similarity, 4))

    def restore(self, group: str, text: str, at: datetime) -> None:
        """Put a post back into the group it is known to be in, as after a restart."""
        seconds = at.timestamp()
        self._forget(seconds)
        self._keep(group, *self._weigh(text), seconds)

    def merges(self) -> list[tuple[str, str]]:
        """Put groups together that grew alike, the younger into the older; return (from, into), to be done in that order.

        Slower than `add`; meant for once in a few minutes or some hundred posts. Looked at are groups of ten posts and more that grew by a
        fifth since they were looked at. Nothing is added to the first of a pair any more.
        """
        done = []
        for group in [group for group in self._changed if group.posts >= max(_LEAST_POSTS, _GROWN * group.compared)]:
            if self._groups.get(group.name) is not group:
                continue
            group.compared = group.posts
            other = self._alike(group)
            if other is not None:
                younger, older = sorted((group, other), key=lambda one: one.number, reverse=True)
                self._join(younger, older)
                done.append((younger.name, older.name))
        self._changed.clear()
        return done

    def _weigh(self, text: str) -> tuple[list[str], dict[str, float]]:
        """Return the different words of a post, and its vector: of length 1, or empty where no word says anything."""
        words = tokens.telling(text)[:_MOST_WORDS]
        having, known, log = self._having, self._known + _PRIOR, math.log
        least = known / math.exp(_LEAST_WEIGHT)
        vector = {
            word: log(known / count)
            for word in words
            if (count := having.get(word, 0) + _SHORT_WORDS.get(len(word), 1)) < least
        }
        length = math.hypot(*vector.values()) or 1.0
        heaviest = sorted(vector.items(), key=itemgetter(1), reverse=True)
        return words, {word: weight / length for word, weight in heaviest}

    def _nearest(self, vector: dict[str, float]) -> tuple[_Group | None, float]:
        """Return the group most similar to a post whose words come heaviest first, exactly wherever it is similar enough.

        Words that no group has bring nothing. Once what is left of the others is too short to lift a group that has nothing of it yet
        above the best one (Cauchy-Schwarz), only groups that can still win are gone on with. So the usual words, which nearly every group
        has, cost little.
        """
        scores: defaultdict[_Group, float] = defaultdict(float)
        held_words = [(weight, self._weights[word]) for word, weight in vector.items() if word in self._weights]
        left, asked, settled = sum(weight * weight for weight, _ in held_words), _SHORT, False
        for weight, holders in held_words:
            if not settled and left < asked and len(holders) > len(scores):
                asked /= 2
                best = max((score / group.length for group, score in scores.items()), default=0.0)
                if left < max(best, SIMILAR) ** 2:
                    settled, rest = True, math.sqrt(max(left, 0.0)) + _ROUNDING
                    kept = {group: score for group, score in scores.items() if score / group.length + rest >= best}
                    scores = defaultdict(float, kept)
            if settled:
                for group in scores:
                    scores[group] += weight * holders.get(group, 0.0)
            else:
                for group, held in holders.items():
                    scores[group] += weight * held
            left -= weight * weight
        found, most = None, 0.0
        for group, score in scores.items():
            if score > most * group.length:
                found, most = group, score / group.length
        return found, most

    def _keep(self, name: str, words: list[str], vector: dict[str, float], at: float) -> None:
        group = self._groups.pop(name, None)
        if group is None:
            group = _Group(name, self._known, at)
            self._begin()
        self._groups[name] = group  # now the last
        self._changed[group] = None
        square = group.square
        for word in words:
            weight = vector.get(word, 0.0)
            holders = self._weights.get(word)
            if holders is None:
                holders = self._weights[word] = {}
            held = holders.get(group)
            if held is None:
                self._having[word] = self._having.get(word, 0) + 1
                group.words.append(word)
                held = 0.0
            holders[group] = held + weight
            square += weight * (2 * held + weight)
        group.posts += 1
        group.last = max(group.last, at)
        group.measure(square)

    def _begin(self) -> None:
        self._known += 1
        if self._known >= _COUNTED:
            self._known //= 2
            self._having = {word: count // 2 for word, count in self._having.items() if count > 1}

    def _forget(self, at: float) -> None:
        """Drop the groups whose last post is too old; they stand in that order."""
        since = at - HELD.total_seconds()
        while self._groups:
            group = next(iter(self._groups.values()))
            if group.last >= since:
                return
            self._drop(group)

    def _drop(self, group: _Group) -> None:
        del self._groups[group.name]
        self._changed.pop(group, None)
        for word in group.words:
            holders = self._weights[word]
            del holders[group]
            if not holders:
                del self._weights[word]

    def _alike(self, group: _Group) -> _Group | None:
        """Return the group most like this one, among those of some size, if it is alike enough."""
        own = sorted(((self._weights[word][group], word) for word in group.words), reverse=True)[:_COMPARED]
        scores: dict[_Group, float] = {}
        for weight, word in own:
            for other, held in self._weights[word].items():
                if other.posts >= _LEAST_POSTS and other is not group:
                    scores[other] = scores.get(other, 0.0) + weight * held
        best, most = None, MERGED * group.length
        for other, score in scores.items():
            if score > most * other.length:
                best, most = other, score / other.length
        return best

    def _join(self, younger: _Group, older: _Group) -> None:
        square = 0.0
        for word in younger.words:
            holders = self._weights[word]
            if older not in holders:
                older.words.append(word)
            holders[older] = holders.get(older, 0.0) + holders[younger]
        for word in older.words:
            square += self._weights[word][older] ** 2
        older.measure(square)
        older.posts += younger.posts
        older.last = max(older.last, younger.last)
        self._drop(younger)
        del self._groups[older.name]
        self._groups[older.name] = older


class _Group:
    """One group. number: how many began before it.  square, length: of the sum of its posts' vectors."""

    __slots__ = ("compared", "last", "length", "name", "number", "posts", "square", "words")

    def __init__(self, name: str, number: int, at: float) -> None:
        self.name, self.number, self.last = name, number, at
        self.words: list[str] = []
        self.posts = self.compared = 0
        self.square, self.length = 0.0, 1.0

    def measure(self, square: float) -> None:
        """Take the new square of its length; a group without telling words keeps the length 1, so that nothing divides by zero."""
        self.square, self.length = square, math.sqrt(square) or 1.0


def _heaviest(weights: Iterable[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """Return the heaviest words, the same ones in the same order whatever order they come in."""
    best = sorted([(-weight, word) for word, weight in weights])[:_NAMED]
    return tuple([(word, round(-weight, 4)) for weight, word in best])
