"""What grouping remembers while it runs: the posts of the last days, in near-duplicates and groups.

The engine forgets everything when the process ends; the rows keep of every post the group the engine put it into and the cluster of its
event. Mostly these are one. They part where a group went on although its event was closed: its new posts begin an event of their own.
A memory made anew from the rows goes on where the old one stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from callbox.intelligence.engine.duplicates import Duplicates
from callbox.intelligence.engine.grouping import Groups

#: What is older than this takes no new posts (measured: 72 hours).
SPAN: Final = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one post belongs. duplicate_of: key of the post it repeats, and then nothing else.

    group: its group in the engine.  cluster: that of its event; both are keys of posts.  words: what it shares with the group, heaviest
    first; of a new group its own.  similarity: 0 to 1.
    """

    duplicate_of: str = ""
    group: str = ""
    cluster: str = ""
    words: Sequence[tuple[str, float]] = ()
    similarity: float = 0.0


@dataclass
class Memory:
    """The engine of one agency, fed in the order in which posts were grouped. Keys are text."""

    _duplicates: Duplicates[str] = field(default_factory=lambda: Duplicates(SPAN))
    _groups: Groups = field(default_factory=Groups)
    _clusters: dict[str, str] = field(default_factory=dict)  # group -> the cluster its newest post went to
    _instead: dict[str, str] = field(
        default_factory=dict
    )  # a post that takes no repetitions any more -> the one that does

    def recall(self, key: str, text: str, at: datetime, *, group: str, cluster: str) -> None:
        """Take in a post that was grouped before. group, cluster: empty where it was folded under an earlier one."""
        earlier = self._earlier(key, text, at)
        if group:
            self._groups.restore(group, text, at)
            self._settle(key, earlier, group, cluster)

    def place(
        self, key: str, text: str, at: datetime, *, repeats: Callable[[str], bool], takes: Callable[[str], bool]
    ) -> Place:
        """Find the place of a new post.

        repeats: whether a post may be folded under the one with this key.  takes: whether the event of a cluster takes new posts; where
        not, this post begins another one.
        """
        earlier = self._earlier(key, text, at)
        if earlier and repeats(earlier):
            return Place(duplicate_of=earlier)
        placed = self._groups.add(key, text, at)
        known = self._cluster(placed.group)
        cluster = known if not placed.new and takes(known) else key
        self._settle(key, earlier, placed.group, cluster)
        return Place(group=placed.group, cluster=cluster, words=placed.words, similarity=placed.similarity)

    def merges(self) -> list[tuple[str, str]]:
        """Return the clusters whose groups grew alike and are one from now on: (younger, older), in that order."""
        pairs = [(self._cluster(younger), self._cluster(older)) for younger, older in self._groups.merges()]
        return [(younger, older) for younger, older in pairs if younger != older]

    def _cluster(self, group: str) -> str:
        return self._clusters.get(group, group)

    def _earlier(self, key: str, text: str, at: datetime) -> str:
        earlier = self._duplicates.add(key, text, at) or ""
        while earlier in self._instead:
            earlier = self._instead[earlier]
        return earlier

    def _settle(self, key: str, earlier: str, group: str, cluster: str) -> None:
        if earlier:
            self._instead[earlier] = key
        if cluster != group or group in self._clusters:
            self._clusters[group] = cluster
