"""`python -m tests.crash.workers` kills workers (-9) at random, and servers of the log, while a stream goes on; prints the fault table.

Each worker is a process of its own that listens and keeps, as `callbox worker` does; the stream is scripted, everything behind it real:
SQLite with the log in a file, PostgreSQL with the log on one NATS server and on three. Every second post matches; some are deleted
later. Lease and patience are two seconds instead of thirty. Afterwards every matching post must be kept once, with its match, the
deleted ones without words, and the trail must have counted each effect once.
--posts: of the stream.  --kills: of workers.  --places: file,one,three.  --json: print for a program.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import psycopg

from benchmarks.installation import Installation, databases, installation
from tests.servers import nats

ROOT = Path(__file__).resolve().parents[2]
HEAD = (
    "database",
    "log",
    "workers",
    "workers killed",
    "servers killed",
    "posts that matched",
    "lost",
    "doubled",
    "deleted",
    "left over",
)
#: Posts in one go, and seconds between two.
GO, EVERY = 20, 0.1
#: Seconds in which everything must be over.
END = 600.0
PLACES = {
    "file": ("SQLite", "a file", 2),
    "one": ("PostgreSQL", "one NATS server", 4),
    "three": ("PostgreSQL", "three NATS servers", 4),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. lost: matching posts, matches or deletions without effect.  doubled: of rows, or counted twice.
    left: entries still in the log, or set aside.
    """

    database: str
    log: str
    workers: int
    killed: int
    servers: int
    matched: int
    lost: int
    doubled: int
    deleted: int
    left: int


def main() -> int:
    """Run what was asked for; return 1 when something was lost or doubled."""
    if sys.argv[1:2] == ["act"]:
        return _act(*sys.argv[2:])
    parser = argparse.ArgumentParser(
        prog="python -m tests.crash.workers", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--posts", type=int, default=4000)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--places", default=",".join(PLACES))
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # told to end, it still ends what it started
    rows = list(_rows(asked))
    print(json.dumps([asdict(row) for row in rows]) if asked.json else _table(rows))
    return int(any(row.lost or row.doubled or row.left for row in rows))


def _rows(asked: argparse.Namespace) -> Iterator[Row]:
    wanted, server = asked.places.split(","), ""
    if {"one", "three"} & {*wanted}:
        from tests.postgres import start  # noqa: PLC0415 - starts a server

        server = start()
    for name in wanted:
        with ExitStack() as stack:
            servers: list[nats.Nats] = []
            if name == "one":
                servers = [stack.enter_context(nats.server())]
            elif name == "three":
                servers = stack.enter_context(nats.cluster())
            settings = {"CALLBOX_STREAM_URL": ",".join(each.url for each in servers)} if servers else {}
            address = next(iter(databases(server, [f"crash_{name}"]).values())) if servers else ""
            found = stack.enter_context(installation(address, **settings))
            _call(found, "lay-out")
            yield _row(found, name, servers, asked)


def _row(found: Installation, name: str, servers: list[nats.Nats], asked: argparse.Namespace) -> Row:
    database, log, workers = PLACES[name]
    chance, killed, lost = random.Random(4), 0, 0
    with (Path(found.folder) / "workers.log").open("wb") as output, ExitStack() as stack:

        def begin() -> subprocess.Popen[bytes]:
            command = [sys.executable, "-m", "tests.crash.workers", "act", "work", str(asked.posts)]
            worker = subprocess.Popen(command, cwd=ROOT, env=found.environment, stdout=output, stderr=output)
            stack.callback(worker.wait)
            stack.callback(worker.kill)
            return worker

        running = [begin() for _ in range(workers)]
        until = time.monotonic() + END
        while (cursor := _cursor(found)) < asked.posts // GO and time.monotonic() < until:
            time.sleep(0.5 + chance.random() * 2)
            if cursor == 0 or killed >= asked.kills:
                continue
            which = chance.randrange(workers)
            running[which].kill()
            running[which].wait()
            running[which] = begin()
            killed += 1
            if servers and killed % 4 == 0:
                server = servers[lost % len(servers)]
                server.kill()
                lost += 1
                time.sleep(chance.random())
                server.start(wait=len(servers) == 1)
        while (state := _call(found, "state"))["waiting"] and time.monotonic() < until:
            time.sleep(1)
    want = {number for number in range(asked.posts) if _matches(number)}
    missing = len(want) - state["sightings"] + len(want) - state["matches"] + _deleted(asked.posts) - state["gone"]
    twice = state["new"] - len(want) + state["counted_gone"] - _deleted(asked.posts)
    return Row(
        database, log, workers, killed, lost, len(want), max(0, missing), max(0, twice), state["gone"], state["waiting"] + state["aside"]
    )  # fmt: skip


def _cursor(found: Installation) -> int:
    """Return how far the stream has come, asked without starting Django, which takes longer than a kill."""
    asked = "SELECT cursor FROM intelligence_source"
    if address := found.environment.get("CALLBOX_DATABASE_URL"):
        with psycopg.connect(address) as database:
            told = database.execute(asked).fetchone()
    else:
        with closing(sqlite3.connect(found.folder / "callbox.sqlite3", timeout=20)) as file:
            told = file.execute(asked).fetchone()
    return int(told[0] or 0) if told else 0


def _matches(number: int) -> bool:
    return number % 2 == 0


def _deleted(posts: int) -> int:
    """Return how many of the posts are deleted before the stream ends."""
    return sum(1 for number in range(posts) if number % 100 == 60)


def _call(found: Installation, act: str) -> dict[str, int]:
    told: dict[str, int] = found.call("tests.crash.workers", "act", act)
    return told


def _act(what: str, *words: str) -> int:
    """Do something inside the installation that the environment names."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "callbox.config.settings"
    import django  # noqa: PLC0415

    django.setup()
    acts: dict[str, Callable[..., object]] = {"lay-out": _lay_out, "state": _state, "work": _work}
    told = acts[what](*words)
    print(json.dumps(told))
    return 0


def _lay_out() -> None:
    from callbox.cli.django import migrate  # noqa: PLC0415
    from tests.crash.listening import _lay_out as lay_out  # noqa: PLC0415

    migrate()
    lay_out()


def _work(posts: str) -> None:
    """Listen and keep until killed."""
    from callbox.core.log.jetstream import JetStreamLog  # noqa: PLC0415
    from callbox.core.log.sqlite import SqliteLog  # noqa: PLC0415
    from callbox.intelligence.pipeline import ears, keeping  # noqa: PLC0415
    from callbox.intelligence.services import listening  # noqa: PLC0415
    from tests.intelligence.pipeline.scripted import Scripted, gone, post  # noqa: PLC0415

    listening.LEASE = timedelta(seconds=2)  # type: ignore[misc]
    ears.LOOK = keeping.PAUSE = 0.5  # type: ignore[misc]
    for log in (SqliteLog, JetStreamLog):
        vars(listening)[log.__name__] = partial(log, patience=2.0)

    def go(at: int) -> Iterator[object]:
        for number in range(at, at + GO):
            yield post(number, f"fire at the harbour {number}" if _matches(number) else f"a cat {number}")
            if number % 100 == 99:
                yield gone(number - 39)

    class Paced(list[list[object]]):
        """Comes in gos, as a stream does."""

        def __getitem__(self, at):  # type: ignore[no-untyped-def]
            time.sleep(EVERY)
            return super().__getitem__(at)

    script = Paced(list(go(at)) for at in range(0, int(posts), GO))
    stop = threading.Event()
    threading.Thread(target=keeping.keep_forever, args=(stop,), daemon=True).start()
    ears.listen_forever(stop, opener=lambda _source: Scripted(script), heard=lambda *_all: None)  # type: ignore[arg-type]


def _state() -> dict[str, int]:
    from callbox.core.log.contract import LogError  # noqa: PLC0415
    from callbox.governance.models import AuditEvent  # noqa: PLC0415
    from callbox.intelligence.models import Match, SetAside, Sighting, Source  # noqa: PLC0415
    from callbox.intelligence.services.listening import open_log  # noqa: PLC0415

    counted: Counter[str] = Counter()
    for event in AuditEvent.objects.filter(action="sightings.kept"):
        counted.update(event.data)
    with closing(open_log()) as log:
        try:
            waiting = log.waiting()
        except LogError:
            waiting = 1  # its server is away: nothing is over yet
    return {
        "cursor": int(Source.objects.get().cursor or 0),
        "waiting": waiting,
        "sightings": Sighting.objects.count(),
        "matches": Match.objects.count(),
        "gone": Sighting.objects.filter(text="", sealed="").exclude(gone_at=None).count(),
        "aside": SetAside.objects.count(),
        "new": counted["new"],
        "counted_gone": counted["gone"],
    }


def _table(rows: list[Row]) -> str:
    lines = [HEAD, tuple("-" * len(name) for name in HEAD), *(tuple(map(str, asdict(row).values())) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join("| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
