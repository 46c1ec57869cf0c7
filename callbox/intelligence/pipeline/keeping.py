"""From the log into the record: fetch, ask the permission again, keep once, acknowledge. As many workers as wanted."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import closing
from threading import Event
from typing import Final

from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections
from django.db import connections as databases

from callbox.core.log.contract import TRIES, Fetched, Log, LogError
from callbox.intelligence.models import Listening
from callbox.intelligence.pipeline.findings import Finding, read
from callbox.intelligence.services import sightings
from callbox.intelligence.services.listening import open_log

log = logging.getLogger("callbox.keep")

#: Entries kept in one transaction.
BATCH: Final = 200
#: Seconds to wait for an entry, and before the next try when the database or the log cannot be used.
WAIT, PAUSE = 2.0, 5.0


def keep_forever(stop: Event) -> None:
    """Keep what comes through the log until `stop` is set."""
    try:
        while not stop.is_set():
            try:
                with closing(open_log()) as entries:
                    while not stop.is_set():
                        work(entries, seconds=WAIT)
            except (LogError, DatabaseError) as error:
                log.warning("Nothing can be kept now: %s. It is tried again.", error)
                close_old_connections()  # one that broke
                stop.wait(PAUSE)
    finally:
        databases.close_all()  # the thread’s own


def work(entries: Log, *, seconds: float = 0) -> int:
    """Keep one batch; return how many entries it had.

    Raises:
        LogError, DatabaseError: one of both is away; what was not acknowledged comes again.
    """
    Listening.objects.exists()  # while the database is away nothing is fetched, so that no entry is tried in vain
    fetched = entries.fetch(BATCH, seconds=seconds)
    if not fetched:
        return 0
    readable: list[tuple[Fetched, Finding]] = []
    settled: list[Fetched] = []
    for each in fetched:
        finding = _read(each)
        if finding is None or each.tries > TRIES:
            why = "it cannot be read" if finding is None else f"it could not be kept in {TRIES} tries"
            sightings.set_aside(each, agency=finding.agency if finding else None, why=why)
            settled.append(each)
        else:
            readable.append((each, finding))
    entries.acknowledge(settled + _keep(readable))
    return len(fetched)


def _read(fetched: Fetched) -> Finding | None:
    try:
        return read(fetched.data)
    except ValueError:
        return None


def _keep(readable: Sequence[tuple[Fetched, Finding]]) -> list[Fetched]:
    """Keep a batch; where it fails, each by itself, so that one takes no other along. Returns what is kept."""
    try:
        sightings.keep(finding for _fetched, finding in readable)
    except (OperationalError, InterfaceError):  # the database, and no entry, is at fault
        raise
    except Exception:
        log.exception("A batch could not be kept; its entries are tried one by one.")
    else:
        return [fetched for fetched, _finding in readable]
    kept = []
    for fetched, finding in readable:
        try:
            sightings.keep([finding])
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("An entry could not be kept; it will come again, and is set aside after %s tries.", TRIES)
        else:
            kept.append(fetched)
    return kept
