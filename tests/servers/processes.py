"""Servers of others that tests run against: on a free port of this machine, waited for until they answer, ended by their own pid.

One that ends before it answers, or does not answer in time, raises with the last lines it printed. Whatever still runs when the
test process ends is killed then.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

_STEP_SECONDS = 0.05
_END_SECONDS = 5.0

_running: set[subprocess.Popen[bytes]] = set()


class NotStartedError(Exception):
    """A server did not come up; the text ends with what it printed last."""


def free_port() -> int:
    """Return a port of the loopback interface on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody takes connections there."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@contextmanager
def running(
    command: Sequence[str],
    *,
    ready: Callable[[], bool],
    seconds: float = 60,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: str | None = None,
    log: Path | None = None,
    gently: bool = True,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` while the block lasts. ready: asked again and again, at most for `seconds`.  env: beside the process's own.
    user: who runs it, with their own group (only root may choose).  log: where its output goes, a temporary file unless given.
    gently: ask it to end before it is made to; not worth the wait where nothing of it is kept.

    Raises:
        NotStartedError: it ended, or was not ready in time.
    """
    scratch = Path(tempfile.mkdtemp(prefix="callbox-server-"))
    written = log or scratch / "output"
    try:
        with written.open("ab") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(env or {})},
                cwd=cwd,
                user=user,
                group=pwd.getpwnam(user).pw_gid if user else None,
                extra_groups=[] if user else None,
                start_new_session=True,  # its own children end with it
            )
        _running.add(process)
        try:
            _wait(process, ready, seconds, written)
            yield process
        finally:
            end(process, gently=gently)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _wait(process: subprocess.Popen[bytes], ready: Callable[[], bool], seconds: float, log: Path) -> None:
    until = time.monotonic() + seconds
    while not ready():
        late = time.monotonic() > until
        if late or process.poll() is not None:
            said = log.read_text(errors="replace")[-2000:]
            why = f"not ready after {seconds:g} s" if late else f"ended with {process.returncode}"
            raise NotStartedError(f"{process.args!r}: {why}\n{said}")
        time.sleep(_STEP_SECONDS)


def end(process: subprocess.Popen[bytes], *, gently: bool = True) -> None:
    """Ask the server to end, then make it; its children too."""
    _running.discard(process)
    if gently and process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_END_SECONDS)
    with suppress(ProcessLookupError, PermissionError):  # the session it leads; gone when nobody is left in it
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@atexit.register
def _end_all() -> None:
    for process in tuple(_running):
        end(process)
