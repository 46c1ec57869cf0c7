"""`callbox bench chain`: a post from its JSON to its group, on one core, against ten thousand watches.

Steps: JSON read, words and matching, near-duplicates, grouping. `as used`: only what a watch matched goes on, since nothing else is kept.
`every post`: each post goes through every step but copies are not grouped again, as if every post were a hit: the worst case. No peer does
the same whole; the peers of the steps stand in the benches `match`, `near-duplicates` and `events`. Processor time, medians of three.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from benchmarks.listening import rate, stream, watches
from callbox.intelligence.engine.duplicates import Duplicates
from callbox.intelligence.engine.evaluation import MERGED_EVERY
from callbox.intelligence.engine.grouping import HELD, Groups
from callbox.intelligence.engine.matching import Matcher
from callbox.intelligence.engine.query import parse

ROWS: Final = (10_000,)
GOAL: Final = 5_000


def run(rows: Sequence[int] = ROWS) -> dict[str, Any]:
    """Send every post of the stream through the chain, with each number of watches."""
    posts = stream()
    lines = [
        json.dumps(
            {"id": f"post{key}", "author": f"author{key % 999}", "at": at.isoformat(), "text": text, "langs": ["en"]}
        )
        for key, (text, at) in enumerate(zip(posts.texts, posts.times, strict=True))
    ]
    return {"bench": "chain", "what": __doc__, "goal": GOAL, "results": [_one(lines, count) for count in rows]}


def _one(lines: Sequence[str], count: int) -> dict[str, Any]:
    matcher = Matcher()
    for key, text in enumerate(watches(count)):
        matcher.add(key, parse(text))
    for line in lines[:2_000]:
        matcher.match(json.loads(line)["text"])
    seen: dict[str, Counter[str]] = {}
    found = {}
    for name, every in (("as used", False), ("every post", True)):
        seen[name] = Counter()
        speed = rate(len(lines), lambda: _chain(lines, matcher, every=every, seen=seen[name]))  # noqa: B023 - used at once
        found[name] = {"posts_per_cpu_second": speed, **seen[name]}
    return {"watches": count, "posts": len(lines), **found, "microseconds": _steps(lines, matcher)}


def _chain(lines: Sequence[str], matcher: Matcher, *, every: bool, seen: Counter[str]) -> None:
    memory: Duplicates[int] = Duplicates(HELD)
    groups = Groups()
    seen.clear()
    for key, line in enumerate(lines):
        post = json.loads(line)
        hits = matcher.match(post["text"])
        if hits:
            seen["matched"] += 1
        elif not every:
            continue
        at = datetime.fromisoformat(post["at"])
        if memory.add(key, post["text"], at) is not None:
            seen["copies"] += 1
            continue
        groups.add(key, post["text"], at)
        seen["grouped"] += 1
        if seen["grouped"] % MERGED_EVERY == 0:
            groups.merges()


def _steps(lines: Sequence[str], matcher: Matcher) -> dict[str, float]:
    """Return microseconds a post for each step by itself, over all posts."""
    took: dict[str, float] = {}
    begins = time.process_time()

    def done(name: str) -> None:
        nonlocal begins
        took[name] = (time.process_time() - begins) / len(lines) * 1e6
        begins = time.process_time()

    posts = [json.loads(line) for line in lines]
    times = [datetime.fromisoformat(post["at"]) for post in posts]
    done("json and time")
    for post in posts:
        matcher.match(post["text"])
    done("words and matching")
    memory: Duplicates[int] = Duplicates(timedelta(HELD.days))
    copies = [memory.add(key, post["text"], at) for key, (post, at) in enumerate(zip(posts, times, strict=True))]
    done("near-duplicates")
    groups = Groups()
    for key, (post, at, copy) in enumerate(zip(posts, times, copies, strict=True)):
        if copy is None:
            groups.add(key, post["text"], at)
    done("grouping")
    return took


def describe(result: dict[str, Any]) -> str:
    """Return the result as lines for people."""
    lines = [f"Goal {result['goal']:,} posts a processor second"]
    for one in result["results"]:
        lines.append(f"{one['watches']:,} watches, {one['posts']:,} posts")
        for name in ("as used", "every post"):
            way = one[name]
            lines.append(
                f"  {name:11} {way['posts_per_cpu_second']:>8,.0f} posts a processor second   {way.get('matched', 0):,} matched, "
                f"{way.get('copies', 0):,} copies, {way.get('grouped', 0):,} grouped"
            )
        lines.append(
            "  microseconds a post: " + ", ".join(f"{name} {took:.1f}" for name, took in one["microseconds"].items())
        )
    return "\n".join(lines)
