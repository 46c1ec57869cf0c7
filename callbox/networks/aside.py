"""A call that may take seconds, made in a thread of its own, so that whoever waits for it can stop at once. Pure."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Final

#: How often it is looked whether to stop, in seconds.
STEP: Final = 0.1


def aside[T](call: Callable[[], T], *, stop: threading.Event, drop: Callable[[T], object]) -> T | None:
    """Return what `call` returns; None once `stop` is set. `call` must end by itself within its own time limits.

    drop: given what came too late, to close it.

    Raises:
        BaseException: whatever `call` raised, unless nobody waits any more.
    """
    future: Future[T] = Future()
    threading.Thread(target=_run, args=(call, future), name="aside", daemon=True).start()
    while not stop.is_set():
        if wait([future], STEP).done:
            return future.result()
    future.add_done_callback(lambda late: drop(late.result()) if late.exception() is None else None)
    return None


def _run[T](call: Callable[[], T], future: Future[T]) -> None:
    try:
        result = call()
    except BaseException as error:  # it is raised where it is waited for
        future.set_exception(error)
    else:
        future.set_result(result)
