"""Learn what runs of words say: a linear model over log-count ratios (Wang and Manning 2012, "Baselines and bigrams", NBSVM)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from callbox.networks.kind.lookup import Keys
from callbox.networks.kind.phrases import Phrases
from callbox.networks.kind.tokens import Ids
from callbox.networks.kind.training.vocabulary import POSTS

#: How freely the model follows the posts (the inverse of its penalty), and how much its scores weigh beside the networks'. Both were
#: chosen on folds of four fifths of the labelled posts.
_FREEDOM: Final = 0.1
_WEIGHT: Final = 0.4


def learn(posts: Sequence[Ids], labels: npt.NDArray[np.int64], *, words: int, classes: int, seed: int) -> Phrases:
    """Return the runs that at least `POSTS` posts share, with what they say.

    posts: ids of the tokens of each.  words: ids there are, stand-ins included.
    """
    ids, counts = np.concatenate(posts), np.array([len(post) for post in posts], np.int64)
    post = np.repeat(np.arange(len(posts)), counts)
    found = _shared(ids, counts, post, words)
    pair, triple = found.find(ids, counts)
    columns = np.concatenate([ids, pair + words, triple + words + len(found.pairs)])
    known = np.concatenate([ids >= 0, pair >= 0, triple >= 0])
    width = words + len(found.pairs) + len(found.triples)
    rows = np.tile(post, 3)[known]
    table = csr_matrix((np.ones(len(rows)), (rows, columns[known])), shape=(len(posts), width))
    scores = np.stack([_ratio_model(table, labels == kind, seed) for kind in range(classes)], axis=1)
    singles, pairs, triples = np.split((_WEIGHT * scores).astype(np.float32), [words, words + len(found.pairs)])
    return Phrases(singles, found.pairs, pairs, found.triples, triples)


def _shared(ids: Ids, counts: npt.NDArray[np.int64], post: npt.NDArray[np.int64], words: int) -> Phrases:
    """Return the pairs and triples that enough posts share, without scores."""
    none, nothing = np.zeros((0, 2), np.int32), np.zeros((0, 0), np.float32)
    start = Phrases(np.zeros((words, 0), np.float32), none, nothing, none, nothing)
    same = post[:-1] == post[1:]
    begins = np.flatnonzero(same)
    pairs = _often(start.keys(ids[begins], ids[begins + 1]), post[begins], words)
    with_pairs = Phrases(start.singles, pairs, nothing, none, nothing)
    pair, _ = with_pairs.find(ids, counts)
    begins = np.flatnonzero(same[:-1] & same[1:] & (pair[:-2] >= 0))
    triples = _often(start.keys(pair[begins], ids[begins + 2]), post[begins], words)
    return Phrases(start.singles, pairs, nothing, triples, nothing)


def _often(keys: Keys, post: npt.NDArray[np.int64], words: int) -> npt.NDArray[np.int32]:
    """Return the runs, as first and last, that stand in at least `POSTS` posts."""
    once = np.unique(np.stack([keys, post.astype(np.uint64)], axis=1), axis=0)[:, 0]
    kept, posts = np.unique(once, return_counts=True)
    kept = kept[posts >= POSTS]
    return np.stack(np.divmod(kept, np.uint64(words)), axis=1).astype(np.int32)


def _ratio_model(table: csr_matrix, wanted: npt.NDArray[np.bool_], seed: int) -> npt.NDArray[np.float64]:
    """Return the weight of each column for telling the `wanted` posts from the others."""
    inside = np.asarray(table[wanted].sum(axis=0)).ravel() + 1
    outside = np.asarray(table[~wanted].sum(axis=0)).ravel() + 1
    ratio = np.log(inside / inside.sum()) - np.log(outside / outside.sum())
    model = LogisticRegression(C=_FREEDOM, class_weight="balanced", solver="liblinear", max_iter=300, random_state=seed)
    model.fit(table.multiply(ratio).tocsr(), wanted)
    weights: npt.NDArray[np.float64] = ratio * model.coef_[0]
    return weights
