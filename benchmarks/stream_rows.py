"""What `benchmarks.stream` runs in processes of their own: one agency with 100 watches, the two ends of the log, and the worker."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

WATCHES: Final = 100
GO, BATCH = 500, 200
#: Nothing more comes, in seconds.
EMPTY: Final = 0.5


def build() -> None:
    """Make the agency, its source and the watches that may listen there."""
    _start()
    from callbox.cli.django import migrate  # noqa: PLC0415

    migrate()
    from django.db import transaction  # noqa: PLC0415

    from tests.intelligence.pipeline.place import source_of, watch_of  # noqa: PLC0415
    from tests.networks.desk import Desk  # noqa: PLC0415

    with transaction.atomic():
        desk = Desk.open()
        source = source_of(desk.agency, desk.alice)
        for number in range(WATCHES):
            watch_of(source, desk.alice, desk.bob, query=f"fire quarter{number}")


def append(count: str) -> dict[str, float]:
    """Append so many entries to the log."""
    _start()
    from callbox.core.log.contract import Entry  # noqa: PLC0415
    from callbox.intelligence.services.listening import open_log  # noqa: PLC0415

    entries = [Entry(f"bench-{number}", b"x" * 700) for number in range(int(count))]
    with closing(open_log()) as log:
        log.append([Entry("first", b"")])
        log.acknowledge(log.fetch(1, seconds=5))
        with _Clock() as clock:
            for at in range(0, len(entries), GO):
                log.append(entries[at : at + GO])
    return clock.told()


def read() -> dict[str, float]:
    """Fetch and acknowledge until the log is empty."""
    _start()
    from callbox.intelligence.services.listening import open_log  # noqa: PLC0415

    with closing(open_log()) as log:
        log.waiting()
        clock = _ready()
        while fetched := log.fetch(BATCH, seconds=EMPTY):
            log.acknowledge(fetched)
            clock.lap()
    return clock.told()


def hear(count: str) -> dict[str, float]:
    """Take so many posts from a stream, a hundred in one go, as a listener does."""
    _start()
    from callbox.intelligence.models import Source  # noqa: PLC0415
    from callbox.intelligence.services.listening import open_log  # noqa: PLC0415
    from callbox.networks.stream import Heard  # noqa: PLC0415
    from tests.intelligence.pipeline.place import Place  # noqa: PLC0415
    from tests.intelligence.pipeline.scripted import post  # noqa: PLC0415

    words = "fire in quarter{} near the old mill, says @somebody, number {} of many, smoke over the river and the road is closed"
    posts = [post(number, words.format(number % WATCHES, number)) for number in range(int(count))]
    with closing(open_log()) as log:
        listener = Place(Source.objects.get(), log).listener()
        log.waiting()
        with _Clock() as clock:
            for at in range(0, len(posts), 100):
                listener.take(Heard(tuple(posts[at : at + 100]), str(at + 100)))
    return clock.told()


def keep() -> dict[str, float]:
    """Keep until the log is empty."""
    _start()
    from callbox.intelligence.pipeline import keeping  # noqa: PLC0415
    from callbox.intelligence.services.listening import open_log  # noqa: PLC0415

    with closing(open_log()) as log:
        log.waiting()
        clock = _ready()
        while keeping.work(log, seconds=EMPTY):
            clock.lap()
    return clock.told()


def check() -> dict[str, int]:
    """Count what is kept, and what the trail says was."""
    _start()
    from callbox.governance.models import AuditEvent  # noqa: PLC0415
    from callbox.intelligence.models import Match, Sighting  # noqa: PLC0415

    events = AuditEvent.objects.filter(action="sightings.kept")
    return {
        "kept": min(Sighting.objects.count(), Match.objects.count()),
        "counted": sum(event.data["new"] for event in events),
    }


class _Clock:
    """From the first to the last piece of work, with the processor time in between."""

    def __enter__(self) -> _Clock:
        self._begin, self._spent = time.monotonic(), time.process_time()
        self.lap()
        return self

    def __exit__(self, *_error: object) -> None:
        self.lap()

    def lap(self) -> None:
        self._end, self._used = time.monotonic(), time.process_time()

    def told(self) -> dict[str, float]:
        return {
            "begin": self._begin, "end": self._end, "seconds": self._end - self._begin, "processor": self._used - self._spent
        }  # fmt: skip


def _ready() -> _Clock:
    """Wait until all are ready."""
    from django.conf import settings  # noqa: PLC0415

    folder = Path(settings.DATA)
    (folder / f"ready-{os.getpid()}").touch()
    while not (folder / "go").exists():
        time.sleep(0.002)
    return _Clock().__enter__()


def _start() -> None:
    from callbox.cli.django import start  # noqa: PLC0415

    start()


ACTS: Final[dict[str, Callable[..., Any]]] = {
    "build": build, "append": append, "read": read, "hear": hear, "keep": keep, "check": check
}  # fmt: skip

if __name__ == "__main__":
    print(json.dumps(ACTS[sys.argv[1]](*sys.argv[2:])))
