"""`python -m tests.crash.listening` kills the pipeline of public streams at every system call and prints the table.

Two posts are kept already. The process is killed while it hears the next three, an edit of the first and the deletion of the second,
appends them to the log, moves the cursor, fetches, keeps and acknowledges. Another worker goes on at the source's cursor once the lease
and the patience of the log have passed. At the end every post must be kept once, every effect counted once in the trail, the log empty.
--calls: at which system calls, all that happen unless given.  --most: points of one call.  --json: print for a program.
--early: acknowledge as soon as an entry is fetched; this loses sightings, and so shows that the table would.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # it needs Django, which is started once the place is known
    from callbox.core.log.contract import Fetched
    from tests.intelligence.pipeline.place import Place

HEAD = ("system call", "points", "heard again", "kept again", "lost", "doubled", "untrue")
#: What must be kept at the end: the words of each post, empty for the one that was deleted.
WORDS = ("", "fire at the harbour 3", "fire at the harbour 4", "fire at the harbour 5", "fire at the old harbour")
#: What the trail must have counted at the end.
COUNTED = {"new": 5, "matches": 5, "reworded": 1, "gone": 1, "held": 0, "refused": 0}


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one kill. appended: entries in the log when it was opened again, not acknowledged.  cursor: that of the source then.
    words: of all sightings at the end.  matches: of them.  counted: the sums of the trail.  waiting: entries left.  trail: whether it
    verifies.
    """

    call: str
    appended: int
    cursor: str
    words: list[str]
    matches: int
    counted: dict[str, int]
    waiting: int
    trail: bool

    @property
    def lost(self) -> int:
        """Posts, edits and deletions without effect, and entries that stay for ever."""
        return (Counter(WORDS) - Counter(self.words)).total() + max(0, len(WORDS) - self.matches) + self.waiting

    @property
    def doubled(self) -> int:
        """Sightings and matches too many."""
        return (Counter(self.words) - Counter(WORDS)).total() + max(0, self.matches - len(WORDS))

    @property
    def untrue(self) -> bool:
        """Whether the trail is broken or counted an effect that was not, or twice."""
        return not self.trail or self.counted != COUNTED


def main() -> int:
    """Run what was asked for; return 1 when something was lost or doubled, 2 when nothing could be tried."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.crash.listening", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--calls", default="")
    parser.add_argument("--most", type=int, default=0)
    parser.add_argument("--early", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # told to end, it still ends what it started
    if shutil.which("strace") is None:
        print("strace is not installed (tests/servers/install.sh installs it on Debian)", file=sys.stderr)
        return 2
    from tests.crash.__main__ import django_at  # noqa: PLC0415

    began, scratch = time.monotonic(), Path(tempfile.mkdtemp(prefix="callbox-crash-"))
    try:
        django_at(scratch, [])
        found = list(_findings(scratch, asked))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if asked.json:
        sums = ({"lost": one.lost, "doubled": one.doubled, "untrue": one.untrue} for one in found)
        print(json.dumps([{**asdict(one), **each} for one, each in zip(found, sums, strict=True)]))
    else:
        print(table(found))
        print(f"\n{len(found)} points in {time.monotonic() - began:.0f} s")
    return int(any(one.lost or one.doubled or one.untrue for one in found))


def _findings(scratch: Path, asked: argparse.Namespace) -> Iterator[Finding]:
    from tests.crash import enumerator, installations, killing, point  # noqa: PLC0415

    template = scratch / "template"
    installations.migrate(template)
    killing.in_child(template, _lay_out)
    run = _Run(early=asked.early)
    with killing.copied(template, scratch) as place:
        order = killing.calls_of(place, run.prepare, run)
    points = killing.distinct(order, enumerator.DISK)
    for call in asked.calls.split(",") if asked.calls else sorted(points):
        for number in points.get(call, [])[: asked.most or None]:
            with killing.copied(template, scratch) as place:
                if not killing.killed(place, run.prepare, run, call, number):
                    continue  # this run was shorter
                answer = place / "finding.json"
                killing.in_child(place, partial(_write, answer, call))
                yield Finding(**json.loads(answer.read_text()))
    point.enter(template)


def _lay_out() -> None:
    """Make an agency, its source and a watch that may listen there."""
    from django.db import connections  # noqa: PLC0415

    from tests.intelligence.pipeline.place import source_of, watch_of  # noqa: PLC0415
    from tests.networks.desk import Desk  # noqa: PLC0415

    desk = Desk.open()
    watch_of(source_of(desk.agency, desk.alice), desk.alice, desk.bob)
    connections.close_all()


class _Run:
    """One worker's life from two posts to five. early: broken on purpose, it acknowledges what it has only fetched."""

    def __init__(self, *, early: bool) -> None:
        self._early = early
        self._second: Callable[[], None] = lambda: None

    def prepare(self) -> None:
        """Hear and keep what came before, so that only the calls of what comes next count."""
        from callbox.intelligence.pipeline import keeping  # noqa: PLC0415
        from callbox.networks.stream import Heard  # noqa: PLC0415
        from tests.intelligence.pipeline.scripted import gone, post  # noqa: PLC0415

        place = _place()
        listener = place.listener()
        listener.take(Heard((post(1), post(2)), "1"))
        keeping.work(place.log)
        fetch = place.log.fetch

        def hasty(count: int, *, seconds: float) -> list[Fetched]:
            found = fetch(count, seconds=seconds)
            place.log.acknowledge(found)
            return found

        if self._early:
            place.log.fetch = hasty  # type: ignore[method-assign]
        posts = [post(number, f"fire at the harbour {number}") for number in (3, 4, 5)]
        heard = Heard((*posts, post(1, "fire at the old harbour"), gone(2)), "2")

        def second() -> None:
            listener.take(heard)
            keeping.work(place.log)

        self._second = second

    def __call__(self) -> None:
        """Do what the worker is killed in."""
        self._second()


def _place() -> Place:
    from callbox.intelligence.models import Source  # noqa: PLC0415
    from callbox.intelligence.services.listening import open_log  # noqa: PLC0415
    from tests.intelligence.pipeline.place import Place  # noqa: PLC0415

    log = open_log()
    return Place(Source.objects.get(), log)


def _write(answer: Path, call: str) -> None:
    answer.write_text(json.dumps(asdict(_recover(call))))


def _recover(call: str) -> Finding:
    """Go on after the kill as another worker does, and look at what there is."""
    import sqlite3  # noqa: PLC0415

    from django.conf import settings  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from callbox.governance import audit  # noqa: PLC0415
    from callbox.governance.models import AuditEvent  # noqa: PLC0415
    from callbox.intelligence.models import Listening, Match, Sighting, Source  # noqa: PLC0415
    from callbox.networks.stream import Heard  # noqa: PLC0415
    from tests.intelligence.pipeline.scripted import gone, post  # noqa: PLC0415

    Listening.objects.update(until=timezone.now())  # the lease passes
    place = _place()
    appended, cursor = place.log.waiting(), Source.objects.get().cursor
    with sqlite3.connect(settings.DATA / "stream.sqlite3") as file:
        file.execute("UPDATE entry SET due = 0")  # and so does the patience
    file.close()
    if cursor == "1":
        posts = [post(number, f"fire at the harbour {number}") for number in (3, 4, 5)]
        place.listener().take(Heard((*posts, post(1, "fire at the old harbour"), gone(2)), "2"))
    place.keep()
    audit.seal()
    counted: Counter[str] = Counter()
    for event in AuditEvent.objects.filter(action="sightings.kept"):
        counted.update(event.data)
    return Finding(
        call=call,
        appended=appended,
        cursor=cursor,
        words=sorted(Sighting.objects.values_list("text", flat=True)),
        matches=Match.objects.count(),
        counted=dict(counted),
        waiting=place.log.waiting(),
        trail=audit.verify().whole,
    )


def table(found: list[Finding]) -> str:
    """Return the findings as a Markdown table, a line a system call and one for all."""
    lines = [HEAD, tuple("-" * len(name) for name in HEAD)]
    names = list(dict.fromkeys(one.call for one in found))
    for name in (*names, "all"):
        of = [one for one in found if name in {one.call, "all"}]
        counts = (
            len(of),
            sum(one.cursor == "1" for one in of),
            sum(one.appended > 0 for one in of),
            sum(one.lost for one in of),
            sum(one.doubled for one in of),
            sum(one.untrue for one in of),
        )
        lines.append((name, *map(str, counts)))
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join("| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
