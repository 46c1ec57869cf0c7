"""`python -m tests.crash` prints the table of every crash point of a publication (reliability: T-20).

--networks paper,mastodon,snac,bluesky: on which.  --calls: at which system calls.  --most: points of one call.
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
    parser.add_argument("--networks", default="paper,mastodon,snac,bluesky")
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
        django_at(scratch, [place for remote in remotes for place in remote.places])
        from tests.crash import enumerator  # noqa: PLC0415

        enumerator.empty(scratch / "empty")
        found: list[Row] = []
        for remote in remotes:
            calls = asked.calls.split(",") if asked.calls else enumerator.CALLS
            strategy: Strategy = "naive" if asked.naive else "looking"
            most = asked.most or enumerator.MOST
            found += list(enumerator.rows(remote, strategy, calls, scratch / "empty", scratch / remote.name, most=most))
        return found


def django_at(scratch: Path, places: list[str]) -> None:
    """Start Django as it is in production, on SQLite, with a data folder of its own."""
    for name in [name for name in os.environ if name.startswith("CALLBOX_")]:
        del os.environ[name]
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "callbox.config.settings",
        "CALLBOX_DATA": str(scratch),
        "CALLBOX_SECRET_KEY": "only-for-tests-" * 5,
        "CALLBOX_PRIVATE_HOSTS": ",".join(places),
    }
    import django  # noqa: PLC0415

    django.setup()


if __name__ == "__main__":
    sys.exit(main())
