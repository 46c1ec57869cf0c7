"""What runs of one, two and three words say for each class, summed over a post."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from callbox.networks.kind.lookup import Keys, Lookup, Places
from callbox.networks.kind.tokens import Ids

type Floats = npt.NDArray[np.float32]
type Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Phrases:
    """Runs of words with their scores, one for each class.

    singles: words x classes.  pairs: two ids each.  triples: the place of their pair in `pairs`, and the third id.
    pair_scores, triple_scores: one row for each of them.
    """

    singles: Floats
    pairs: npt.NDArray[np.int32]
    pair_scores: Floats
    triples: npt.NDArray[np.int32]
    triple_scores: Floats

    @cached_property
    def _lookups(self) -> tuple[Lookup, Lookup]:
        return Lookup(self.keys(self.pairs[:, 0], self.pairs[:, 1])), Lookup(
            self.keys(self.triples[:, 0], self.triples[:, 1])
        )

    def keys(self, first: npt.NDArray[np.integer], last: npt.NDArray[np.integer]) -> Keys:
        """Return one number for each run that is `first` (a word or a pair) followed by the word `last`."""
        return first.astype(np.uint64) * np.uint64(len(self.singles)) + last.astype(np.uint64)

    def find(self, ids: Ids, counts: Counts) -> tuple[Places, Places]:
        """Return for each token the pair and the triple that begin with it, as their places, -1 for none.

        counts: tokens of each post; a run never goes beyond its post.
        """
        pair = np.full(len(ids), -1, np.int32)
        triple = pair.copy()
        more = np.ones(len(ids), np.bool_)
        more[np.cumsum(counts)[counts > 0] - 1] = False  # another token of the same post follows
        begins = np.flatnonzero(more)
        pairs, triples = self._lookups
        pair[begins] = pairs.find(self.keys(ids[begins], ids[begins + 1]))
        begins = begins[(pair[begins] >= 0) & more[begins + 1]]
        triple[begins] = triples.find(self.keys(pair[begins], ids[begins + 2]))
        return pair, triple

    def scores(self, ids: Ids, counts: Counts) -> Floats:
        """Return posts x classes: the sum of what all runs in a post say."""
        pair, triple = self.find(ids, counts)
        pair_scores, triple_scores = self._with_nothing
        said = self.singles.take(ids, axis=0)
        said += pair_scores[pair]
        said += triple_scores[triple]
        return totals(said, counts)

    @cached_property
    def _with_nothing(self) -> tuple[Floats, Floats]:
        """The scores, with a last row for the place -1: a run that is not here says nothing."""
        nothing = np.zeros((1, self.singles.shape[1]), np.float32)
        return np.concatenate([self.pair_scores, nothing]), np.concatenate([self.triple_scores, nothing])


def totals[T: np.generic](values: npt.NDArray[T], counts: Counts) -> npt.NDArray[T]:
    """Return the sum of the rows of `values` over each post; the posts have `counts` of them."""
    sums = np.zeros((len(counts), *values.shape[1:]), values.dtype)
    some = np.flatnonzero(counts)
    if len(some):
        sums[some] = np.add.reduceat(values, (np.cumsum(counts) - counts)[some], axis=0)
    return sums
