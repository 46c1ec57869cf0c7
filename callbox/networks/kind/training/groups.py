"""Posts that are nearly the same: they must not stand on both sides of a test."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import CountVectorizer

#: Two posts are near-duplicates when they share more than this share of their runs of three words (Jaccard).
_ALIKE: Final = 0.5


def near_duplicates(texts: list[str]) -> npt.NDArray[np.int64]:
    """Return a group number for each text; texts that are alike, directly or by way of others, have the same.

    Handles, numbers and marks do not count. Texts of fewer than three words are alike only when equal.
    """
    bare = [" ".join(re.findall(r"[a-z]+", re.sub(r"@\w+", " ", text.lower()))) for text in texts]
    runs = [[" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))] for words in map(str.split, bare)]
    table = CountVectorizer(analyzer=lambda run: run, binary=True, dtype=np.float32).fit_transform(runs)
    sizes = np.asarray(table.sum(axis=1)).ravel()
    shared = (table @ table.T).tocoo()
    alike = shared.data / (sizes[shared.row] + sizes[shared.col] - shared.data) > _ALIKE
    links = coo_matrix((np.ones(alike.sum()), (shared.row[alike], shared.col[alike])), shape=shared.shape)
    groups: npt.NDArray[np.int64] = connected_components(links, directed=False)[1].astype(np.int64)
    return groups
