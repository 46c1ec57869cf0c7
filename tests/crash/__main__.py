"""`python -m tests.crash` prints the table of the crash points of publishing, editing and taking back (reliability: T-20).

--networks paper,mastodon,snac,bluesky,email: on which.  --operations publish,edit,withdraw.  --postgresql: instead of SQLite.
--calls: at which system calls.  --most: points of one call.  --every: also where nothing has happened since the last point.
--naive: after the crash send again at once, without looking; this finds doubles, and so shows that the table would.
--json: print the findings for a program.
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
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # both need Django, which is started once the places are known
    from tests.crash.enumerator import Row
    from tests.crash.point import Strategy


def main() -> int:
    """Run what was asked for; return 1 when something was lost, doubled or untrue, 2 when nothing could be tried."""
    asked = _arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # told to end, it still ends what it started
    if shutil.which("strace") is None:
        print("strace is not installed (tests/servers/install.sh installs it on Debian)", file=sys.stderr)
        return 2
    scratch = Path(tempfile.mkdtemp(prefix="callbox-crash-"))
    began = time.monotonic()
    try:
        found = _run(asked, scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    from tests.crash.enumerator import table  # noqa: PLC0415

    if not found:  # said above why
        return 2
    if asked.json:
        print(json.dumps([row.plain() for row in found]))
    else:
        print(table(found))
        print(f"\n{sum(len(row.findings) for row in found)} points in {time.monotonic() - began:.0f} s")
    return int(any(row.count(lambda one: one.lost or one.doubled or one.untrue) for row in found))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--networks", default="paper,mastodon,snac,bluesky,email")
    parser.add_argument("--operations", default="publish,edit,withdraw")
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--every", action="store_true")
    parser.add_argument("--calls", default="")
    parser.add_argument("--most", type=int, default=0)
    parser.add_argument("--naive", action="store_true")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _run(asked: argparse.Namespace, scratch: Path) -> list[Row]:
    from tests.crash.remotes import REMOTES  # noqa: PLC0415
    from tests.servers.atproto import MissingError  # noqa: PLC0415

    with ExitStack() as stack:
        remotes = []
        for name in asked.networks.split(","):
            try:
                remotes.append(stack.enter_context(REMOTES[name]()))
            except MissingError as error:
                print(f"{name} left out: {error}", file=sys.stderr)
        database = ""
        if asked.postgresql:
            from tests.postgres import start  # noqa: PLC0415 - starts a server

            database = start()
        django_at(scratch, [place for remote in remotes for place in remote.places], database)
        from callbox.networks.deliveries.models import Operation  # noqa: PLC0415
        from tests.crash import enumerator, installations  # noqa: PLC0415

        installations.migrate(scratch / "empty")
        found: list[Row] = []
        calls = asked.calls.split(",") if asked.calls else enumerator.CALLS
        strategy: Strategy = "naive" if asked.naive else "looking"
        for remote in remotes:
            for name in (each for each in asked.operations.split(",") if each in remote.operations):
                found += enumerator.rows(
                    remote, Operation(name), strategy, calls, scratch / "empty", scratch / f"{remote.name}-{name}",
                    most=asked.most or None, every=asked.every,
                )  # fmt: skip
        return found


def django_at(scratch: Path, places: list[str], database: str = "") -> None:
    """Start Django as it is in production, on SQLite or the PostgreSQL server `database`, with a data folder of its own."""
    for name in [name for name in os.environ if name.startswith("CALLBOX_")]:
        del os.environ[name]
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "callbox.config.settings",
        "CALLBOX_DATA": str(scratch),
        "CALLBOX_SECRET_KEY": "only-for-tests-" * 5,
        "CALLBOX_PRIVATE_HOSTS": ",".join(places),
        **({"CALLBOX_DATABASE_URL": database} if database else {}),
    }
    import django  # noqa: PLC0415

    django.setup()


if __name__ == "__main__":
    sys.exit(main())
