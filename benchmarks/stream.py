"""`callbox bench stream`: what watches matched, through the log into the record, with 1 and 4 workers; SQLite and NATS JetStream.

Three things are measured. The log alone: entries of 700 bytes appended in gos of 500, then fetched in batches of 200 and acknowledged, by
1 and 4 processes, no effect behind it. Hearing: posts taken from a stream that all match one of 100 watches, veiled, sealed, appended,
the cursor moved. Keeping: the same posts fetched, their watch asked again, kept as rows with their event, acknowledged. SQLite has one
database and one log, both files that wait for the disk; JetStream is one server of this machine with PostgreSQL beside it. Afterwards every
post must be kept once. Processor time is that of the workers alone; the servers' is not in it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.installation import Installation, databases, installation

WORKERS: Final = (1, 4)
_ROWS: Final = "benchmarks.stream_rows"


def run(rows: Sequence[int] = (10_000,)) -> dict[str, Any]:
    """Measure with each number of posts."""
    from tests.postgres import start  # noqa: PLC0415 - starts a server
    from tests.servers import nats  # noqa: PLC0415

    postgres, results = start(), []
    for count in rows:
        for workers in WORKERS:
            with installation("") as found:
                results.append(_measure(found, "SQLite, log in a file", workers, count))
            name = f"bench-stream-{count}-{workers}"
            with (
                nats.server() as server,
                installation(databases(postgres, [name])[name], CALLBOX_STREAM_URL=server.url) as found,
            ):
                results.append(_measure(found, "PostgreSQL, JetStream", workers, count))
    return {"bench": "stream", "what": __doc__, "results": results}


def _measure(found: Installation, where: str, workers: int, count: int) -> dict[str, Any]:
    found.call(_ROWS, "build")
    appended = found.call(_ROWS, "append", str(count))
    read = _together(found, "read", workers)
    heard = found.call(_ROWS, "hear", str(count))
    kept = _together(found, "keep", workers)
    told = found.call(_ROWS, "check")
    return {
        "where": where,
        "workers": workers,
        "posts": count,
        "append": _rate(appended, count),
        "read": _rate(read, count),
        "hear": _rate(heard, count),
        "keep": _rate(kept, count),
        "lost": count - told["kept"],
        "doubled": told["counted"] - count,
    }


def _rate(told: dict[str, float], count: int) -> dict[str, float]:
    return {
        "per_second": round(count / told["seconds"], 1),
        "processor_ms": round(told["processor"] * 1000 / count, 3),
    }


def _together(found: Installation, act: str, workers: int) -> dict[str, float]:
    """Let so many processes do it at once; return from when to when it went, and their processor time."""
    command = [sys.executable, "-m", _ROWS, act]
    root = Path(__file__).resolve().parent.parent
    for file in found.folder.glob("ready-*"):
        file.unlink()
    go = found.folder / "go"
    go.unlink(missing_ok=True)
    running = [
        subprocess.Popen(command, env=found.environment, cwd=root, stdout=subprocess.PIPE, text=True)
        for _ in range(workers)
    ]
    while len(list(found.folder.glob("ready-*"))) < workers:
        if any(each.poll() is not None for each in running):
            raise SystemExit("A worker ended before it began.")
        time.sleep(0.05)
    go.touch()
    told = [json.loads(each.communicate()[0].splitlines()[-1]) for each in running]
    return {
        "seconds": max(each["end"] for each in told) - min(each["begin"] for each in told),
        "processor": sum(each["processor"] for each in told),
    }


def describe(result: dict[str, Any]) -> str:
    """Return the result as lines to read."""
    lines = ["What watches matched, through the log into the record (a second; ms of processor each)"]
    for one in result["results"]:
        lines.append(
            f"\n{one['where']}, {one['workers']} workers, {one['posts']} posts: {one['lost']} lost, {one['doubled']} doubled"
        )
        lines += [
            f"  {what:34} {one[name]['per_second']:10.1f} a second   {one[name]['processor_ms']:7.3f} ms"
            for name, what in (
                ("append", "the log alone: append"),
                ("read", "the log alone: fetch, acknowledge"),
                ("hear", "hear, match, veil, append"),
                ("keep", "fetch, ask again, keep"),
            )
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(describe(run([int(each) for each in sys.argv[1:]] or [10_000])))
