"""Kills a publication at every system call that matters, one after the other, and counts what became of it.

The signal lands as the call is entered, so two neighbouring points bracket its effect. What cannot be shown like this: a power cut below
the page cache (a killed process loses nothing that it had written).
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from operator import attrgetter
from pathlib import Path

from tests.crash import point
from tests.crash.killing import in_child, killed
from tests.crash.point import Finding, Strategy
from tests.crash.remotes import Remote

NETWORK = ("connect", "sendto", "sendmsg", "recvfrom", "recvmsg", "poll")
DISK = ("pwrite64", "write", "fdatasync", "fsync", "rename", "unlink")
CALLS = (*NETWORK, *DISK)
#: A publication has far fewer calls of one kind; more means that the end is never reached.
MOST = 400


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


def empty(folder: Path) -> None:
    """Make an installation without an agency in `folder`."""
    folder.mkdir(parents=True)
    point.enter(folder)
    point.migrate()


def rows(
    remote: Remote, strategy: Strategy, calls: Sequence[str], start: Path, folder: Path, *, most: int = MOST
) -> Iterator[Row]:
    """Yield the line of each call. start: an installation without an agency.  folder: for the copies.  most: points of one call.

    Raises:
        RuntimeError: strace could not attach, or a run never ended.
    """
    template = folder / "template"
    shutil.copytree(start, template)
    point.enter(template)
    point.lay_out(remote)
    for call in calls:
        row = Row(remote.name, strategy, call)
        for number in range(1, most + 1):
            finding = _point(remote, strategy, call, number, template, folder)
            if finding is None:
                break
            row.findings.append(finding)
        else:
            if most == MOST:
                raise RuntimeError(f"{call} on {remote.name} never ended")
        if row.findings:
            yield row


def _point(remote: Remote, strategy: Strategy, call: str, number: int, template: Path, folder: Path) -> Finding | None:
    """Kill one publication as it enters a call for the n-th time; None when it ended before."""
    mark = uuid.uuid4().hex[:12]
    place = folder / mark
    shutil.copytree(template, place)
    try:
        picture = remote.kind != "paper"
        if killed(place, lambda: point.queue(mark, picture=picture), point.publish, call, number):
            answer = place / "finding.json"
            in_child(place, lambda: _write(answer, point.recover(remote, place, mark, strategy)))
            return Finding(**json.loads(answer.read_text()))
        return None
    finally:
        shutil.rmtree(place, ignore_errors=True)


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
