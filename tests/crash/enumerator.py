"""Kills a publication at every system call that matters, one after the other, and counts what became of it.

The signal lands as the call is entered, so two neighbouring points bracket its effect. What cannot be shown like this: a power cut below
the page cache (a killed process loses nothing that it had written).
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from operator import attrgetter
from pathlib import Path

from callbox.networks.deliveries.models import Operation
from tests.crash import installations, point
from tests.crash.killing import calls_of, distinct, in_child, killed
from tests.crash.point import Finding, Strategy
from tests.crash.remotes import Remote

NETWORK = ("connect", "sendto", "sendmsg", "recvfrom", "recvmsg", "poll")
DISK = ("pwrite64", "write", "fdatasync", "fsync", "rename", "unlink")
CALLS = (*NETWORK, *DISK)


@dataclass
class Row:
    """One line of the table: the points of one system call on one network."""

    remote: str
    strategy: Strategy
    call: str
    findings: list[Finding] = field(default_factory=list)

    def count(self, of: Callable[[Finding], bool]) -> int:
        """Return for how many points `of` holds."""
        return sum(map(of, self.findings))

    def plain(self) -> dict[str, object]:
        """Return the line with its sums and each finding, for a program."""
        sums = {name: self.count(attrgetter(name)) for name in ("lost", "doubled", "untrue")}
        return {**asdict(self), **sums}

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as it is printed."""
        counts = (
            len(self.findings),
            self.count(attrgetter("lost")),
            self.count(attrgetter("doubled")),
            self.count(attrgetter("untrue")),
            self.count(lambda one: one.after == "waiting"),
            self.count(lambda one: one.after == "unclear"),
            self.count(lambda one: one.after == "unclear" and one.seen == "sent"),
            self.count(lambda one: one.seen == "unclear"),
        )
        return (self.remote, self.strategy, self.call, *(str(count) for count in counts))


HEAD = (
    "network",
    "after the crash",
    "system call",
    "points",
    "lost",
    "doubled",
    "untrue",
    "not begun",
    "unclear",
    "settled by looking",
    "left to a person",
)


def rows(
    remote: Remote,
    operation: Operation,
    strategy: Strategy,
    calls: Sequence[str],
    start: Path,
    folder: Path,
    *,
    most: int | None = None,
    every: bool = False,
) -> Iterator[Row]:
    """Yield the line of each call. start: an installation without an agency.  folder: for the copies.  most: points of one call.
    every: at each time of a call, not only where the world differs (`killing.distinct`).

    Raises:
        RuntimeError: strace could not attach, or a run failed by itself.
    """
    template = folder / "template"
    installations.copy(start, template)
    installations.enter(template)
    point.lay_out(remote)
    at = _Place(remote, operation, strategy, template, folder)
    order = at.undisturbed()
    counted = Counter(order)
    points = {call: [*range(1, counted[call] + 1)] for call in CALLS} if every else distinct(order, CALLS)
    for call in calls:
        row = Row(f"{remote.name}: {operation}", strategy, call)
        # None where this run was shorter, as one may be: how often a line is polled is chance.
        row.findings += filter(None, (at.finding(call, number) for number in points.get(call, [])[:most]))
        if row.findings:
            yield row


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one operation on one network is killed over and over."""

    remote: Remote
    operation: Operation
    strategy: Strategy
    template: Path
    folder: Path

    def undisturbed(self) -> list[str]:
        """Return the system calls of a run that nobody kills."""
        with self._copied() as (place, mark):
            return calls_of(place, partial(point.prepare, mark, self.operation, self.remote), point.publish)

    def finding(self, call: str, number: int) -> Finding | None:
        """Kill one as it enters a call for the n-th time; None when it ended before."""
        with self._copied() as (place, mark):
            prepare = partial(point.prepare, mark, self.operation, self.remote)
            if not killed(place, prepare, point.publish, call, number):
                return None
            installations.left(place)
            answer = place / "finding.json"
            found = partial(point.recover, self.remote, place, mark, self.operation, self.strategy)
            in_child(place, lambda: _write(answer, found()))
            return Finding(**json.loads(answer.read_text()))

    @contextmanager
    def _copied(self) -> Iterator[tuple[Path, str]]:
        """A copy of the template and the mark of its message, which no other point has."""
        mark = uuid.uuid4().hex[:12]
        installations.copy(self.template, self.folder / mark)
        try:
            yield self.folder / mark, mark
        finally:
            installations.remove(self.folder / mark)


def _write(file: Path, finding: Finding) -> None:
    file.write_text(json.dumps(asdict(finding)))


def table(found: Sequence[Row]) -> str:
    """Return the lines as a Markdown table, a sum of each network and strategy below its lines."""
    lines = [HEAD, tuple("-" * len(name) for name in HEAD)]
    groups: dict[tuple[str, Strategy], list[Row]] = {}
    for row in found:
        groups.setdefault((row.remote, row.strategy), []).append(row)
    for (remote, strategy), group in groups.items():
        lines += [row.cells for row in group]
        everything = Row(remote, strategy, "all", [one for row in group for one in row.findings])
        lines.append(everything.cells)
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join("| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in lines)
