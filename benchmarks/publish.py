"""`callbox bench publish`: approved messages on their way to six Mastodon accounts of a server on this machine, against a plain loop
with the same library (Mastodon.py) in one and in six threads.

Callbox runs as it is started: `callbox worker`, whole, with sealing, looking and collecting beside it; on SQLite with one, on PostgreSQL
with one, two and four processes. Each delivery passes both gates, is claimed and marked on disk before its call and has its event. All
of it is queued before the clock starts; the clock is the server's, from the first call to the last. Afterwards every delivery must stand
as sent, with one event, and the server must have got each key exactly once. Goal: 0.6 of the plain loop in one thread for a worker.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.installation import Installation, databases, installation
from benchmarks.loopback import ask, server

GOAL: Final = 0.6
ACCOUNTS: Final = 6
#: Worker processes measured on each engine.
WORKERS: Final = {"SQLite": (1,), "PostgreSQL": (1, 2, 4)}
#: Threads of the plain loop; the first one is what the goal is held against.
LOOPS: Final = (1, 6)
#: Nothing new for so long means that it does not go on, in seconds; a busy machine takes a minute to start a worker.
STUCK: Final = 300.0


def run(rows: Sequence[int] = (10_000,)) -> dict[str, Any]:
    """Measure with each number of deliveries."""
    from tests.postgres import start  # noqa: PLC0415 - starts a server

    postgres, results = start(), []
    for count in rows:
        names = [f"bench-{count}-{workers}" for workers in WORKERS["PostgreSQL"]]
        addresses = list(databases(postgres, names).values())
        with server() as url:
            loops = [_loop(url, count, threads) for threads in LOOPS]
            runs = [
                _callbox(url, count, engine, workers, addresses.pop(0) if engine == "PostgreSQL" else "")
                for engine, sizes in WORKERS.items()
                for workers in sizes
            ]
        results.append({"deliveries": count, "loops": loops, "callbox": runs})
    return {"bench": "publish", "what": __doc__, "accounts": ACCOUNTS, "goal": GOAL, "results": results}


def _loop(url: str, count: int, threads: int) -> dict[str, Any]:
    ask(f"{url}/forget", post=True)
    with installation("") as found:
        told = found.call("benchmarks.publish_rows", "loop", url, str(count), str(threads))
    return {"threads": threads, "processor_ms": told, **_rate(url, count)}


def _rate(url: str, count: int) -> dict[str, Any]:
    seen = ask(f"{url}/found")
    seconds = seen["last"] - seen["first"]
    return {"per_second": round((seen["count"] - 1) / seconds, 1), "seconds": round(seconds, 2),
            "lost": count - len(seen["keys"]), "doubled": seen["count"] - len(seen["keys"])}  # fmt: skip


def _callbox(url: str, count: int, engine: str, workers: int, database: str) -> dict[str, Any]:
    ask(f"{url}/forget", post=True)
    with installation(database, CALLBOX_PRIVATE_HOSTS=url.removeprefix("http://")) as found:
        found.call("benchmarks.publish_rows", "build", url, str(count))
        processor = _work(found, url, count, workers)
        told = found.call("benchmarks.publish_rows", "check")
    measured = _rate(url, count)
    keys = ask(f"{url}/found")["keys"]
    measured["lost"] += count - told["sent"] + count - told["events"] + len(set(told["keys"]) ^ set(keys))
    return {"engine": engine, "workers": workers, "processor_ms": round(processor * 1000 / count, 2), **measured}


def _work(found: Installation, url: str, count: int, workers: int) -> float:
    """Let the workers send it all; return the seconds of processor time they took for it, without their start."""
    command = [sys.executable, "-m", "callbox", "worker"]
    with (found.folder / "worker.log").open("w") as log:
        running = [subprocess.Popen(command, env=found.environment, stdout=log, stderr=log) for _ in range(workers)]
        try:
            _until(url, 1)
            begun = sum(_processor(each.pid) for each in running)
            _until(url, count)
            time.sleep(1)  # the last ones are being settled
            return sum(_processor(each.pid) for each in running) - begun
        finally:
            for each in running:
                each.send_signal(signal.SIGTERM)
            for each in running:
                each.wait()


def _until(url: str, count: int) -> None:
    """Wait until the server has got so many."""
    seen, since = 0, time.monotonic()
    while seen < count:
        time.sleep(0.2)
        now = ask(f"{url}/count")
        if now > seen:
            seen, since = now, time.monotonic()
        if time.monotonic() - since > STUCK:
            raise SystemExit(f"After {seen} of {count} calls nothing came any more.")


def _processor(pid: int) -> float:
    """Return the processor seconds of a process so far (Linux: proc_pid_stat(5), fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def describe(result: dict[str, Any]) -> str:
    """Return the result as lines to read."""
    lines = [f"Sending to {result['accounts']} accounts, goal {result['goal']} of the plain loop for one worker"]
    for one in result["results"]:
        plain = one["loops"][0]["per_second"]
        lines.append(f"\n{one['deliveries']} deliveries")
        named = [(f"Mastodon.py, {each['threads']} threads", each) for each in one["loops"]]
        named += [(f"Callbox, {each['engine']}, {each['workers']} workers", each) for each in one["callbox"]]
        lines += [
            f"  {name:32} {each['per_second']:8.1f} a second   {each['per_second'] / plain:5.2f} of the loop   "
            f"{each['processor_ms']:6.2f} ms of processor each   {each['lost']} lost, {each['doubled']} doubled"
            for name, each in named
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(json.dumps(run([int(each) for each in sys.argv[1:]] or [10_000])))
