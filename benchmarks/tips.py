"""`callbox bench tips`: tips taken in and acknowledged, against the same form storing the same words in plain text.

Each request goes through the portal as it is served (WSGI, every middleware, a connection to the database of its own, the form, the
page of the receipt) on SQLite with a write to disk before every acknowledgement. Callbox seals to the keys of three officers; the peer
(`benchmarks.plain_tips`) has the same page, form and tables, and seals nothing. Both take turns in blocks, in one and in four threads
of one process. Afterwards every acknowledged tip must be found by its receipt, and an officer's key must open it to the words that were
sent. Goal: at most 1.5 times the cost of the plain form.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from benchmarks.installation import installation

GOAL: Final = 1.5
THREADS: Final = (1, 4)


def run(rows: Sequence[int] = (2_000,)) -> dict[str, Any]:
    """Measure with each number of tips, for each of the two and each number of threads."""
    results = []
    for count in rows:
        for threads in THREADS:
            with installation("", CALLBOX_PORTAL_FORMS="1000") as found:
                found.call("benchmarks.plain_tips", "build")
                measured = found.call("benchmarks.plain_tips", "measure", str(count), str(threads))
            results.append({"tips": count, "threads": threads, **measured})
    return {"bench": "tips", "what": __doc__, "goal": GOAL, "results": results}


def describe(result: dict[str, Any]) -> str:
    """Return the result as lines to read."""
    lines = [f"Tips acknowledged, sealed to three keys and plain; goal: at most {result['goal']} times the cost"]
    for one in result["results"]:
        sealed, plain = one["sealed"], one["plain"]
        lines.append(f"\n{one['tips']} tips each, {one['threads']} threads")
        lines += [
            f"  {name:8} {each['per_second']:8.1f} a second   {each['processor_ms']:6.2f} ms of processor each   {each['lost']} lost"
            for name, each in (("sealed", sealed), ("plain", plain))
        ]
        time, processor = plain["per_second"] / sealed["per_second"], sealed["processor_ms"] / plain["processor_ms"]
        lines.append(f"  cost: {time:.2f} times in time, {processor:.2f} times in processor")
    return "\n".join(lines)
