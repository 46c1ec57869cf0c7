"""`callbox bench near-duplicates`: documents a processor second, recall and precision against brute force, beside datasketch.

Real posts in the order of their times; each is asked for, then kept. The truth is every pair by exact Jaccard similarity of runs of five
signs, computed as a sparse product: a post has a near-duplicate if any earlier one is at least 0.7 alike. Recall is the share of those for
which one was named; precision the share of named ones that are. datasketch: MinHash with 128 permutations over the same runs of three
words as ours, its LSH at 0.7 (as it is, and with each candidate verified as ours are). Rates are medians of three, datasketch's of one run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

import numpy as np

from benchmarks.listening import rate, stream
from callbox.intelligence.engine import tokens
from callbox.intelligence.engine.duplicates import ALIKE, Duplicates, similarity
from callbox.intelligence.engine.evaluation import Stream

ROWS: Final = (20_000,)
GOAL: Final = 30_000
_BLOCK: Final = 500

type Answers = list[int | None]


def run(rows: Sequence[int] = ROWS) -> dict[str, Any]:
    """Compare on the first posts of the stream."""
    posts = stream()
    return {
        "bench": "near-duplicates",
        "what": __doc__,
        "goal": GOAL,
        "results": [_one(posts, count) for count in rows],
    }


def _one(posts: Stream, count: int) -> dict[str, Any]:
    texts, times = posts.texts[:count], posts.times[:count]
    truth = _truth(texts)
    answers: Answers = []

    def callbox() -> None:
        memory: Duplicates[int] = Duplicates(timedelta(days=3_650))
        answers[:] = [memory.add(key, text, at) for key, (text, at) in enumerate(zip(texts, times, strict=True))]

    found: dict[str, Any] = {
        "posts": len(texts),
        "with_an_earlier_one": len({later for later, _ in truth}) / len(texts),
    }
    found["callbox"] = _judged(rate(len(texts), callbox), answers, truth)
    for name, verified in (("datasketch", False), ("datasketch, verified", True)):
        work = _datasketch(texts, answers, verified=verified)
        found[name] = _judged(rate(len(texts), work, turns=1), answers, truth)
    return found


def _judged(speed: float, answers: Answers, truth: set[tuple[int, int]]) -> dict[str, float]:
    named = {(later, earlier) for later, earlier in enumerate(answers) if earlier is not None}
    having = {later for later, _ in truth}
    right = named & truth
    return {
        "docs_per_cpu_second": speed,
        "recall": len({later for later, _ in right}) / max(1, len(having)),
        "precision": len(right) / max(1, len(named)),
    }


def _datasketch(texts: Sequence[str], answers: Answers, *, verified: bool) -> Callable[[], None]:
    from datasketch import MinHash, MinHashLSH  # type: ignore[import-untyped]  # noqa: PLC0415

    def work() -> None:
        kept = MinHashLSH(threshold=ALIKE, num_perm=128)
        answers[:] = [None] * len(texts)
        for key, text in enumerate(texts):
            words = tokens.content(text)
            if not words:
                continue
            runs = [" ".join(words[first : first + 3]) for first in range(max(1, len(words) - 2))]
            sketch = MinHash(num_perm=128)
            sketch.update_batch([run.encode() for run in runs])
            near = sorted(kept.query(sketch))
            answers[key] = next((one for one in near if not verified or similarity(texts[one], text) >= ALIKE), None)
            kept.insert(key, sketch)

    return work


def _truth(texts: Sequence[str]) -> set[tuple[int, int]]:
    """Return (later, earlier) of all posts at least `ALIKE` alike."""
    from scipy import sparse  # noqa: PLC0415

    numbers: dict[str, int] = {}
    columns, ends = [], [0]
    for text in texts:
        said = " ".join(tokens.content(text))
        grams = {said[first : first + 5] for first in range(max(1, len(said) - 4))} if said else set()
        columns += [numbers.setdefault(gram, len(numbers)) for gram in grams]
        ends.append(len(columns))
    table = sparse.csr_matrix((np.ones(len(columns), np.int32), columns, ends), shape=(len(texts), len(numbers)))
    sizes = np.diff(table.indptr)
    pairs: set[tuple[int, int]] = set()
    for first in range(0, len(texts), _BLOCK):
        both = (table[first : first + _BLOCK] @ table[: first + _BLOCK].T).tocoo()
        later, earlier = both.row + first, both.col
        alike = (earlier < later) & (both.data >= ALIKE * (sizes[later] + sizes[earlier] - both.data))
        pairs.update(zip(later[alike].tolist(), earlier[alike].tolist(), strict=True))
    return pairs


def describe(result: dict[str, Any]) -> str:
    """Return the result as lines for people."""
    lines = [f"Goal {result['goal']:,} documents a processor second, recall .99, precision 1.0"]
    for one in result["results"]:
        lines.append(f"{one['posts']:,} posts, {one['with_an_earlier_one']:.1%} with an earlier near-duplicate")
        for name in ("callbox", "datasketch", "datasketch, verified"):
            peer = one[name]
            lines.append(
                f"  {name:22} {peer['docs_per_cpu_second']:>9,.0f} a processor second   "
                f"recall {peer['recall']:.4f}   precision {peer['precision']:.4f}"
            )
        times = one["callbox"]["docs_per_cpu_second"] / one["datasketch, verified"]["docs_per_cpu_second"]
        lines.append(f"  Callbox is {times:.1f} times as fast as datasketch with the same verification")
    return "\n".join(lines)
