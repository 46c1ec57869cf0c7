"""`callbox bench inbox`: server time of the inbox of an agency with 100,000 conversations, beside another agency with a tenth of that.

Three lines a conversation; of all conversations five in a hundred are new, two claimed, fifty-five answered, the others closed. Each page
is asked for through Django's own test client, signed in as an officer: middleware, permission, database and template are in the figure,
proxy and browser are not. On SQLite and PostgreSQL, in one process. There is no peer; the goal is 300 ms for the slowest twentieth.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from benchmarks.installation import databases, installation

GOAL_MS: Final = 300.0
ENGINES: Final = ("SQLite", "PostgreSQL")


def run(rows: Sequence[int] = (100_000,)) -> dict[str, Any]:
    """Measure with each number of conversations."""
    from tests.postgres import start  # noqa: PLC0415 - starts a server

    names = [f"bench-inbox-{count}" for count in rows]
    addresses, results = databases(start(), names), []
    for count, name in zip(rows, names, strict=True):
        for engine in ENGINES:
            with installation(addresses[name] if engine == "PostgreSQL" else "") as found:
                found.call("benchmarks.inbox_rows", "build", str(count))
                pages = found.call("benchmarks.inbox_rows", "measure")
            results.append({"conversations": count, "engine": engine, "pages": pages})
    return {"bench": "inbox", "what": __doc__, "goal_ms": GOAL_MS, "results": results}


def describe(result: dict[str, Any]) -> str:
    """Return the result as lines to read."""
    lines = [f"Server time of the inbox, goal {result['goal_ms']:.0f} ms for the slowest twentieth"]
    for one in result["results"]:
        lines.append(f"\n{one['conversations']} conversations, {one['engine']}")
        lines += [
            f"  {page['what']:22} p50 {page['p50_ms']:7.1f} ms   p95 {page['p95_ms']:7.1f} ms   {page['runs']:3} requests"
            for page in one["pages"]
        ]
    return "\n".join(lines)
