"""All sources of this process: one thread a source that some watch may listen to, and none for any other."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing
from typing import Final

from django.db import DatabaseError, close_old_connections
from django.db import connections as databases
from django.utils import timezone

from callbox.core.log.contract import Log, LogError
from callbox.intelligence.models import Source
from callbox.intelligence.pipeline.listener import Failed, Listener, Told
from callbox.intelligence.services import heartbeat, listening, sources
from callbox.intelligence.services.watches import Permission
from callbox.networks.stream import Stream

log = logging.getLogger("callbox.listen")

#: Seconds between two looks at what may be listened to. What expired is stopped by the clock even before.
LOOK: Final = 5.0
#: Seconds that a source is given to end; streams give a sign of life every fifteen.
END: Final = 20.0

type Opener = Callable[[Source], Stream]


class Ears:
    """Listens to every source this worker can claim."""

    def __init__(self, opener: Opener, entries: Log, *, heard: Told, failed: Failed) -> None:
        self.worker = secrets.token_hex(8)
        self._opener, self._log, self._heard, self._failed = opener, entries, heard, failed
        self._ears: dict[int, _Ear] = {}

    def look(self) -> None:
        """Ask anew what may be listened to: stop what may not, begin what may, tell the others their watches.

        Raises:
            DatabaseError: it could not be asked.
        """
        wanted = {source.pk: (source, allowed) for source, allowed in listening.wanted(timezone.now()).items()}
        for number in [*self._ears]:
            ear = self._ears[number]
            if not ear.is_alive():
                self._end(number)
            elif (
                number not in wanted
                or _opens_differently(wanted[number][0], ear.listener.source)
                or not listening.claim(ear.listener.source, worker=self.worker)
            ):
                ear.stop.set()  # it is let go of once it has ended
        for number, (source, allowed) in wanted.items():
            if number in self._ears:
                self._ears[number].listener.allow(allowed)
            elif listening.claim(source, worker=self.worker):
                self._begin(source, allowed)

    def close(self) -> None:
        """Stop listening and let go of every source."""
        for ear in self._ears.values():
            ear.stop.set()
        for number in [*self._ears]:
            self._ears[number].join(END)
            self._end(number)

    def _begin(self, source: Source, allowed: list[Permission]) -> None:
        source.refresh_from_db(fields=["cursor"])  # whoever had it before may have moved it since
        try:
            stream = self._opener(source)
        except Exception as error:  # a kind, an address or a seal that cannot be used stops no other source
            log.exception("Source %s cannot be listened to.", source.pk)
            self._failed(source, f"{type(error).__name__}")
            listening.release(source, worker=self.worker)
            return
        listener = Listener(source, stream, self._log, worker=self.worker, heard=self._heard, failed=self._failed)
        listener.allow(allowed)
        ear = self._ears[source.pk] = _Ear(listener)
        ear.start()

    def _end(self, number: int) -> None:
        listening.release(self._ears.pop(number).listener.source, worker=self.worker)


def _opens_differently(source: Source, known: Source) -> bool:
    """Whether a source has another token than when it was begun to be listened to, or is another address."""
    return (source.kind, source.address, source.secrets) != (known.kind, known.address, known.secrets)


class _Ear(threading.Thread):
    """The thread of one source."""

    def __init__(self, listener: Listener) -> None:
        super().__init__(name=f"listen-{listener.source.pk}", daemon=True)
        self.listener, self.stop = listener, threading.Event()

    def run(self) -> None:
        try:
            self.listener.run(self.stop)
        except Exception:
            log.exception("Listening to source %s failed; it begins anew.", self.listener.source.pk)
        finally:
            databases.close_all()  # the thread’s own


def listen_forever(
    stop: threading.Event,
    *,
    opener: Opener = sources.stream_of,
    heard: Told = heartbeat.heard,
    failed: Failed = heartbeat.failed,
) -> None:
    """Listen until `stop` is set. While the database or the log cannot be used, sources that listen go on and keep what they hear."""
    with ExitStack() as stack:
        stack.callback(databases.close_all)
        ears: Ears | None = None
        while not stop.is_set():
            try:
                if ears is None:
                    entries = stack.enter_context(closing(listening.open_log()))
                    ears = Ears(opener, entries, heard=heard, failed=failed)
                    stack.callback(ears.close)
                ears.look()
            except (DatabaseError, LogError) as error:
                log.warning("What may be listened to cannot be asked: %s. It is tried again.", error)
                close_old_connections()  # one that broke
            stop.wait(LOOK)
