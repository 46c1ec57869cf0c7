"""Forks a process from one with Django ready, and kills it with strace as it enters a system call for the n-th time."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.crash import point

_ATTACH_SECONDS = 20.0
#: Calls that change nothing anywhere.
READING = frozenset({"poll", "recvfrom", "recvmsg"})
_CALL = re.compile(r"^\d+ +(\w+)\(", re.MULTILINE)

type Work = Callable[[], object]


@contextmanager
def copied(template: Path, scratch: Path) -> Iterator[Path]:
    """A copy of an installation, gone afterwards."""
    place = scratch / uuid.uuid4().hex[:12]
    point.copy(template, place)
    try:
        yield place
    finally:
        point.remove(place)


def in_child(place: Path, work: Work) -> None:
    """Do `work` in the data folder `place`, in a process of its own.

    Raises:
        RuntimeError: it failed.
    """
    _, status = os.waitpid(_fork(place, work), 0)
    if status:
        raise RuntimeError(f"a step failed with {status}")


def killed(place: Path, prepare: Work, run: Work, call: str, number: int) -> bool:
    """Prepare, then run under strace; return whether it was killed at the n-th `call` of the run, False when it ended by itself.

    Raises:
        RuntimeError: strace could not attach, or the run failed by itself.
    """
    options = ["-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={number}"]
    status = _traced(place, prepare, run, options)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return True
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"what should be killed failed by itself with {status}")
    return False


def calls_of(place: Path, prepare: Work, run: Work) -> list[str]:
    """Return the system calls that an undisturbed run enters, in their order.

    Raises:
        RuntimeError: strace could not attach, or the run failed.
    """
    log = place / "calls"
    if _traced(place, prepare, run, ["-o", str(log)]):
        raise RuntimeError("the run failed by itself")
    return _CALL.findall(log.read_text())


def distinct(order: Sequence[str], calls: Collection[str]) -> dict[str, list[int]]:
    """Return for each of `calls` at which of its times a kill finds another world than the one before: call -> 1, 5, ...

    The signal lands as a call is entered, so nothing of it has happened. Between calls that only read nothing happens at all: of each
    kind the first one in a row counts. Of the same call over and over, as a log of changed pages is written, the first and the last.
    """
    seen = [name for name in order if name in calls]
    counted: Counter[str] = Counter()
    found: dict[str, list[int]] = {}
    row: set[str] = set()  # kinds of reading since something was written
    for before, name, after in zip(["", *seen], seen, [*seen[1:], ""], strict=False):
        counted[name] += 1
        if name in READING:
            new = name not in row
            row.add(name)
        else:
            new = before != name or after != name
            row.clear()
        if new:
            found.setdefault(name, []).append(counted[name])
    return found


def _traced(place: Path, prepare: Work, run: Work, options: Sequence[str]) -> int:
    def work() -> None:
        prepare()
        os.kill(os.getpid(), signal.SIGSTOP)  # until strace is attached, so that only the run's own calls count
        run()

    pid = _fork(place, work)
    os.waitpid(pid, os.WUNTRACED)
    tracer = subprocess.Popen(["strace", "-f", "-qq", "-p", str(pid), *options])
    try:
        _attached(pid, tracer)
        os.kill(pid, signal.SIGCONT)
        _, status = os.waitpid(pid, 0)
        tracer.wait(_ATTACH_SECONDS)
    except BaseException:  # a stopped process would stay for ever
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        raise
    finally:
        with suppress(ProcessLookupError):
            tracer.kill()
    return status


def _fork(place: Path, work: Work) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        point.enter(place)
        work()
        code = 0
    except BaseException as error:  # a fork must never run on into the parent's code
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(code)


def _attached(pid: int, tracer: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _ATTACH_SECONDS
    status = Path(f"/proc/{pid}/status")
    while f"TracerPid:\t{tracer.pid}" not in status.read_text():
        if tracer.poll() is not None or time.monotonic() > end:
            raise RuntimeError("strace could not attach to a process of its own user")
        time.sleep(0.002)
