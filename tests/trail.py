"""T-82: whatever the product writes has its audit event in the same outermost transaction, or its table is listed here with a reason.

The watcher reads the statements as they go to the database and groups them by outermost transaction (a savepoint that is rolled back
takes its writes with it). What a test writes by itself is not judged: the nearest caller outside the models decides whose write it is.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.transaction import Atomic

_ROOT = Path(__file__).resolve().parent.parent
_PRODUCT, _TESTS = str(_ROOT / "callbox") + "/", str(_ROOT / "tests") + "/"
_WRITE = re.compile(r'\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)

EVENTS = "governance_auditevent"

#: Tables of ours whose rows may change without an event, and why.
EXEMPT = {
    "governance_audithead": "the sealer's own place in the chain",
    "governance_auditevent": "events are the trail; sealing fills in their place",
    # Taking a tip in leaves nothing timed, only one count a day in the chain; officers' acts have their events (tests/trust/tips).
    "tips_tip": "sealed tips, in a database of their own on SQLite",
    "tips_letter": "sealed letters, likewise",
    "tips_intake": "the count of a day, likewise",
}

#: Lines of the product that write a step on the way to something that has its event, and where that stands.
STEPS = {
    "intelligence/services/figures.py:refresh": "the order of the board, counted anew; grouping and what people do have their events",
    "maturity/services/measuring.py:claim": "a worker takes an assessment; measured or failed is the event",
    "config/demo/purpose.py:build": "the demonstration sets the days of its invented year back; each verb had its event",
    "config/demo/purpose.py:_goal": "the demonstration sets the days of its invented year back; each verb had its event",
    "config/demo/purpose.py:_campaign": "the demonstration sets the days of its invented year back; each verb had its event",
    "config/demo/residents.py:_set_back": "the demonstration sets the hours of its invented weeks back; each verb had its event",
    "config/demo/residents.py:_ask": "the demonstration sets the hours of its invented weeks back; each verb had its event",
    "config/demo/incidents.py:_set_back": "the demonstration sets the minutes of its incident; each verb had its event",
    "config/demo/drills.py:build": "the demonstration sets the evening of its drill back; each verb had its event",
    "config/demo/tips.py:build": "the demonstration sets the days of its invented tips back; each verb had its event",
    "config/demo/tips.py:_set_back": "the demonstration sets the days of its invented tips back; each verb had its event",
    "desk/tour/resident.py:speak": "the demonstration's account is collected at once; what is collected has its event",
    "desk/signin/adapter.py:login": "when someone signed in last, as Django keeps it; the sign-in itself is the event",
    "maturity/services/measuring.py:advance": "how far reading has come; measured or failed is the event",
    "maturity/services/measuring.py:release_dead": "a silent worker's claim is taken back; measured or failed is the event",
    "maturity/services/coding.py:code": "one of two hundred clicks, kept with who and when; the end of the coding is the event",
    "networks/deliveries/sending.py:_claim": "a worker takes a delivery; what came of it is the event",
    "networks/deliveries/sending.py:_give_back": "a worker's claim taken back before any call; what came of it is the event",
    "networks/deliveries/statements.py:mark": "the moment before the call; what came of it is the event",
    "networks/deliveries/statements.py:swap": "a step of a delivery; what came of it is the event",
    "networks/deliveries/sending.py:settle": "when a network asked to be left alone; no content, nobody's decision",
    "networks/deliveries/looking.py:look": "when the network was last asked about an unclear delivery; settling it is the event",
    "networks/connections/services.py:accepted": "when a token was last seen to work; that it stopped or works again is the event",
    "networks/items/services.py:store": "where collecting goes on, and newer counts; new things and new words are the event",
    "networks/items/collect.py:_collect": "when a network asked to be left alone; no content, nobody's decision",
    "operations/services/escalations.py:claim": "a worker takes an escalation; what came of its call is the event",
    "intelligence/services/rising.py:tell_waiting": "a worker takes what is to be told; that it was told is the event",
    "intelligence/services/listening.py:claim": "which worker listens to a source; no content, nobody's decision",
    "intelligence/services/listening.py:release": "a worker lets go of a source; no content, nobody's decision",
    "intelligence/services/listening.py:on_the_way": "digests and pseudonyms of what is about to be appended; what is kept has its event",
    "intelligence/services/listening.py:move_cursor": "how far listening has come; what is kept has its event",
    "collaboration/services/handover.py:_claim": "a worker takes an offer; what came of it is the event",
    "collaboration/services/handover.py:_rest": "when a partner is knocked at again; what was put off has its event",
    "collaboration/services/handover.py:_tell": "how often telling a receipt was tried; that it was told is the event",
    "intelligence/services/heartbeat.py:_write": "when a source was last heard and what is usual there; a gap is the event",
    "intelligence/services/heartbeat.py:failed": "what a source answered when it was tried; that it is silent is the event",
    "intelligence/services/heartbeat.py:_settle": "from when on a source is listened to; that of its watch is the event",
    "networks/newsroom/entries.py:_write": "the newsroom's side of a delivery, as another network's server would write it",
}


@dataclass
class Watcher:
    """Collects writes of the product that no event tells of."""

    open: list[set[tuple[str, str]]] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    judged: int = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Note what a statement writes, and run it."""
        match = _WRITE.match(sql)
        if match and match[1] in _tables():
            table = match[1]
            place = _caller()
            if place is not None or table == EVENTS:
                write = (table, place or "")
                if self.open:
                    self.open[-1].add(write)
                else:
                    self._judge({write})
        return execute(sql, params, many, context)

    def entered(self) -> None:
        """A transaction or a savepoint begins."""
        self.open.append(set())

    def left(self, *, kept: bool) -> None:
        """It ends; its writes count for the one around it."""
        if not self.open:  # it began before the watch
            return
        writes = self.open.pop()
        if not kept:
            return
        if self.open:
            self.open[-1] |= writes
        else:
            self._judge(writes)

    def _judge(self, writes: set[tuple[str, str]]) -> None:
        if not writes:
            return
        self.judged += 1
        if any(table == EVENTS for table, _place in writes):
            return
        silent = sorted(write for write in writes if write[0] not in EXEMPT and write[1] not in STEPS)
        self.found += [f"{table} changed without an event, by {place}" for table, place in silent]


def _tables() -> set[str]:
    if not _KNOWN:
        ours = (
            model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("callbox.")
        )
        _KNOWN.update(model._meta.db_table for model in ours)
    return _KNOWN


_KNOWN: set[str] = set()


def _caller() -> str | None:
    """Return the product's line that writes, None when a test does."""
    frame = sys._getframe(2)
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(_TESTS) and "/tests/trail.py" not in file:
            return None
        if file.startswith(_PRODUCT) and "/models" not in file and "/core/state" not in file:
            return f"{file.removeprefix(_PRODUCT)}:{frame.f_code.co_name}"
        frame = frame.f_back  # type: ignore[assignment]
    return None


@contextmanager
def watched() -> Iterator[Watcher]:
    """Watch this thread's connection."""
    watcher = Watcher()
    enter, leave = Atomic.__enter__, Atomic.__exit__

    def entering(self: Atomic) -> None:
        enter(self)
        if _ours(self):
            watcher.entered()

    def leaving(self: Atomic, kind: Any, error: Any, trace: Any) -> None:
        if _ours(self):
            watcher.left(kept=kind is None and not connection.needs_rollback)
        leave(self, kind, error, trace)

    def _ours(self: Atomic) -> bool:
        testcase = getattr(self, "_from_testcase", False)
        return self.using in {None, connection.alias} and not testcase and threading.get_ident() == mine

    mine = threading.get_ident()
    Atomic.__enter__, Atomic.__exit__ = entering, leaving  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(watcher):
            yield watcher
    finally:
        Atomic.__enter__, Atomic.__exit__ = enter, leave  # type: ignore[method-assign]
