"""`callbox bench events`: thirteen crises among off-topic posts, told apart as they come, beside first-story detection.

The stream of `benchmarks.listening`; scored are the posts that belong to a crisis. The peer is mini-batch first-story detection on tf-idf
(Mazoyer and others 2020; window 3,000, distance 0.75, batches of 8), its weights learnt from the whole stream beforehand and its vectors
made with scikit-learn, both outside its time. Rates by processor time, splitting into words included for ours; medians of three.
The thresholds of ours were chosen on this very stream, so its figure flatters; other crises are needed to judge it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from benchmarks.listening import rate, stream
from callbox.intelligence.engine import tokens
from callbox.intelligence.engine.evaluation import Stream, ami, ari, b3, judge, table_of

ROWS: Final = (32_163,)
GOAL: Final = {"ami": 0.84, "posts_per_cpu_second": 10_000}
_WINDOW: Final = 3_000
_BATCH: Final = 8
_APART: Final = 0.75


def run(rows: Sequence[int] = ROWS) -> dict[str, Any]:
    """Judge both on the first posts of the stream."""
    posts = stream()
    return {"bench": "events", "what": __doc__, "goal": GOAL, "results": [_one(posts, count) for count in rows]}


def _one(posts: Stream, count: int) -> dict[str, Any]:
    part = Stream(posts.events[:count], posts.times[:count], posts.texts[:count])
    own: dict[str, Any] = {}
    speed = rate(len(part.texts), lambda: own.update(judge(part)))
    begins = time.process_time()
    names, seconds = _first_stories(part.texts)
    table = table_of([(event, str(name)) for event, name in zip(part.events, names, strict=True) if event])
    return {
        "posts": len(part.texts),
        "callbox": {**own, "posts_per_cpu_second": speed},
        "first-story": {
            "ami": ami(table), "ari": ari(table), "b3": b3(table), "groups": table.shape[1],
            "posts_per_cpu_second": len(part.texts) / seconds, "cpu_seconds_with_vectors": time.process_time() - begins,
        },
    }  # fmt: skip


def _first_stories(texts: Sequence[str]) -> tuple[list[int], float]:
    """Return a group for each post, and the processor seconds behind the vectors."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415

    vectors = (
        TfidfVectorizer(tokenizer=tokens.content, token_pattern=None, lowercase=False).fit_transform(texts).tocsr()
    )
    begins = time.process_time()
    names: list[int] = []
    for first in range(0, len(texts), _BATCH):
        start = max(0, first - _WINDOW)
        batch = vectors[first : first + _BATCH]
        near = (batch @ vectors[start:first].T).toarray() if first else np.zeros((batch.shape[0], 0))
        for number, row in enumerate(near):
            best = int(row.argmax()) if row.size else -1
            names.append(names[start + best] if best >= 0 and row[best] > 1 - _APART else first + number)
    return names, time.process_time() - begins


def describe(result: dict[str, Any]) -> str:
    """Return the result as lines for people."""
    goal = result["goal"]
    lines = [f"Goal: AMI {goal['ami']:.2f} at {goal['posts_per_cpu_second']:,} posts a processor second"]
    for one in result["results"]:
        lines.append(
            f"{one['posts']:,} posts; {one['callbox']['found']} of {one['callbox']['events']} events found by Callbox"
        )
        for name in ("callbox", "first-story"):
            peer = one[name]
            lines.append(
                f"  {name:12} AMI {peer['ami']:.3f}   ARI {peer['ari']:.3f}   B3 {peer['b3']['f1']:.3f} "
                f"({peer['b3']['precision']:.3f}/{peer['b3']['recall']:.3f})   {peer['groups']:,} groups   "
                f"{peer['posts_per_cpu_second']:,.0f} posts a processor second"
            )
    return "\n".join(lines)
