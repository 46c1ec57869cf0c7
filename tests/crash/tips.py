"""`python -m tests.crash.tips` kills the taking in of a tip at every system call and prints the table (reliability: T-15).

One tip is in already and its receipt is out; the process is killed while it takes in another. A receipt goes out through a pipe, as an
answer goes through a socket. Whatever receipt is out must open its tip, which the agency's key can read; the other is whole or absent.
--calls: at which system calls, all that happen unless given.  --most: points of one call.  --json: print for a program.
--early: hand the receipt out before the tip is stored; this loses tips, and so shows that the table would.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # it needs Django, which is started once the place is known
    from callbox.people.models import Agency

TEXTS = ("A blue van stands behind the mill every Monday.", "The blue van is back, its lights out.")
HEAD = ("system call", "points", "receipts out", "open their tip", "second whole", "second absent", "lost", "torn")
_WORDS = 9


@dataclass(frozen=True, slots=True)
class Finding:
    """What a restart found after one kill. receipts: that were out.  opened: of those, tips found and read.  tips: rows of tips.

    whole: every tip has its one letter, which the agency's key reads, and its place in the day's count; the file is sound.
    next: whether another tip is taken in.
    """

    call: str
    receipts: int
    opened: int
    tips: int
    whole: bool
    next: bool

    @property
    def lost(self) -> int:
        """Receipts that open nothing."""
        return self.receipts - self.opened

    @property
    def torn(self) -> bool:
        """Whether anything is half, too many or stuck."""
        return not (self.whole and self.next and self.tips <= len(TEXTS))


def main() -> int:
    """Run what was asked for; return 1 when something was torn, 2 when nothing could be tried."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash.tips", description=(__doc__ or "").partition("\n")[0])
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
        print(json.dumps([{**asdict(one), "lost": one.lost, "torn": one.torn} for one in found]))
    else:
        print(table(found))
        print(f"\n{len(found)} points in {time.monotonic() - began:.0f} s")
    return int(any(one.lost or one.torn for one in found))


def _findings(scratch: Path, asked: argparse.Namespace) -> Iterator[Finding]:
    from tests.crash import installations, killing, point  # noqa: PLC0415

    template = scratch / "template"
    installations.migrate(template)
    killing.in_child(template, lambda: _lay_out(template))
    with killing.copied(template, scratch) as place, _receipts() as (writing, _read):
        counted = Counter(killing.calls_of(place, partial(_first, writing), partial(_second, writing, asked.early)))
    for call in asked.calls.split(",") if asked.calls else sorted(counted):
        for number in range(1, (asked.most or counted[call] + 2) + 1):
            with killing.copied(template, scratch) as place, _receipts() as (writing, read):
                first, second = partial(_first, writing), partial(_second, writing, asked.early)
                if not killing.killed(place, first, second, call, number):
                    break
                answer = place / "finding.json"
                killing.in_child(place, partial(_write, answer, place, call, read()))
                yield Finding(**json.loads(answer.read_text()))
    point.enter(template)


@contextmanager
def _receipts() -> Iterator[tuple[int, Callable[[], list[str]]]]:
    """A pipe: where receipts are written to, and what reads all that came through whole."""
    reading, writing = os.pipe()

    def read() -> list[str]:
        os.set_blocking(reading, False)
        try:
            lines = os.read(reading, 4096).decode().splitlines()
        except BlockingIOError:
            return []
        return [line for line in lines if len(line.split()) == _WORDS]

    try:
        yield writing, read
    finally:
        os.close(reading)
        os.close(writing)


def _write(answer: Path, place: Path, call: str, receipts: list[str]) -> None:
    answer.write_text(json.dumps(asdict(_look(place, call, receipts))))


def _lay_out(place: Path) -> None:
    """Make an agency with a key for tips; its private half lies beside, as an analyst keeps it."""
    import pyrage  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    from callbox.people.roles import Role  # noqa: PLC0415
    from tests.networks.desk import Desk  # noqa: PLC0415
    from tests.people.cast import person  # noqa: PLC0415
    from tests.trust.tips import keys  # noqa: PLC0415

    agency = Desk.open().agency
    made = pyrage.x25519.Identity.generate()
    keys.in_use(agency, made.to_public(), by=person("Chief", agency, Role.CHIEF, second_factor=False))
    (place / "identity").write_text(str(made))
    connections.close_all()


def _agency() -> Agency:
    from callbox.people.models import Agency  # noqa: PLC0415

    return Agency.objects.get()


def _first(writing: int) -> None:
    _take_in(TEXTS[0], writing)


def _second(writing: int, early: bool) -> None:
    _take_in(TEXTS[1], writing, early=early)


def _take_in(text: str, writing: int, *, early: bool = False) -> None:
    """Take a tip in and hand its receipt out. early: broken on purpose, in the wrong order."""
    from callbox.trust.tips import intake, receipts  # noqa: PLC0415

    def out(receipt: str) -> str:
        os.write(writing, f"{receipt}\n".encode())
        return receipt

    if early:
        new = receipts.new
        receipts.new = lambda: out(new())
    receipt = intake.receive(agency=_agency(), text=text, place="Mill Lane")
    if not early:
        out(receipt)


def _look(place: Path, call: str, receipts: list[str]) -> Finding:
    """Start again after the kill and look at everything that is stored."""
    from django.db import connections  # noqa: PLC0415

    from callbox.trust.tips import envelope, intake  # noqa: PLC0415
    from callbox.trust.tips.models import Intake, Letter, Tip  # noqa: PLC0415

    agency, identity = _agency(), (place / "identity").read_text()
    with connections["tips"].cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        sound = cursor.fetchone() == ("ok",)
    tips, letters = Tip.objects.count(), list(Letter.objects.all())
    taken = sum(Intake.objects.values_list("count", flat=True))
    read = {envelope.unseal(bytes(each.sealed), identity=identity).text for each in letters}
    opened = [intake.open_dialogue(agency=agency, receipt=receipt) for receipt in receipts]
    again = intake.receive(agency=agency, text="Another one")
    return Finding(
        call=call,
        receipts=len(receipts),
        opened=sum(each is not None and len(each.letters) == 1 for each in opened),
        tips=tips,
        whole=sound and tips == len(letters) == taken and read == set(TEXTS[:tips]),
        next=intake.open_dialogue(agency=agency, receipt=again) is not None and Tip.objects.count() == tips + 1,
    )


def table(found: list[Finding]) -> str:
    """Return the findings as a Markdown table, a line a system call and one for all."""
    lines = [HEAD, tuple("-" * len(name) for name in HEAD)]
    names = list(dict.fromkeys(one.call for one in found))
    for name in (*names, "all"):
        of = [one for one in found if name in {one.call, "all"}]
        counts = (
            len(of),
            sum(one.receipts for one in of),
            sum(one.opened for one in of),
            sum(one.tips == len(TEXTS) for one in of),
            sum(one.tips < len(TEXTS) for one in of),
            sum(one.lost for one in of),
            sum(one.torn for one in of),
        )
        lines.append((name, *map(str, counts)))
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join("| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
