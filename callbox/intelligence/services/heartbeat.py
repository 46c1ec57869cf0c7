"""Signs of life of sources, and the alarm when one is silent: the gap is kept, findings name it, and somebody is told.

Whoever listens says what was heard; that is written every few seconds and not for every post. `Source.hours` holds what is usual
(`silence.Hours`), "open": the hour under way (number since 1970, posts, seconds listened), and "since": from when on listening was due.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.intelligence import silence
from callbox.intelligence.models import Silence, Source
from callbox.intelligence.services.permission import permissions
from callbox.networks.storable import storable
from callbox.networks.stream import Heard
from callbox.people.models import Membership
from callbox.people.roles import ALLOWED, Action

log = logging.getLogger("callbox.worker")

#: Seconds between two writes of one source, seconds.
EVERY: Final = 5.0
#: Who acts in the trail.
LISTENER: Final = "system: listener"
#: Nobody is written to twice about one source within this span: some come and go.
QUIET: Final = timedelta(hours=1)
_LONGEST_TROUBLE: Final = 500
_OWN: Final = ("open", "since")


@dataclass(slots=True)
class _Waiting:
    """What was heard of one source and is not yet written. written: seconds of a clock that only rises."""

    written: float = -EVERY
    passed: int = 0
    missed: bool = False


_waiting: dict[int, _Waiting] = {}
_lock = threading.Lock()


def heard(source: Source, heard: Heard) -> None:
    """Note a sign of life of a source, and how many posts passed. Any thread may; written at most every five seconds.

    A pause without a sign of life that nobody had noticed becomes a gap, as does what the server says it no longer shows.
    """
    with _lock:
        waits = _waiting.setdefault(source.pk, _Waiting())
        waits.passed += heard.passed
        waits.missed |= heard.missed
        if not waits.missed and time.monotonic() - waits.written < EVERY:
            return
        passed, missed = waits.passed, waits.missed
    _write(source.pk, passed, missed=missed)
    with _lock:  # only now: what could not be written is written with the next sign
        waits.passed -= passed
        waits.missed = False
        waits.written = time.monotonic()


def failed(source: Source, said: str) -> None:
    """Note that a source was tried in vain. said: what it answered, for people."""
    Source.objects.filter(pk=source.pk).update(tried_at=timezone.now(), trouble=storable(said)[:_LONGEST_TROUBLE])


@transaction.atomic
def _write(number: int, passed: int, *, missed: bool) -> None:
    now = timezone.now()
    row = Source.objects.select_for_update(of=("self",)).select_related("agency").filter(pk=number).first()
    if row is None:
        return
    since = _since(row.hours)
    last = row.heard_at if since is None or row.heard_at is None else max(row.heard_at, since)
    if last is not None and (missed or (since is not None and now - last > silence.LIFE)):
        _note_gap(row, last, now)
    row.hours = _one_more(row, passed, now)
    row.heard_at, row.tried_at, row.trouble = now, now, ""
    row.post_at = now if passed else row.post_at
    row.save(update_fields=["hours", "heard_at", "tried_at", "trouble", "post_at"])


def _note_gap(row: Source, began: datetime, now: datetime) -> None:
    """Keep a gap that is over already, unless it was noticed while it lasted."""
    if row.silences.filter(ended_at=None).exists():
        return
    row.silences.create(began_at=began, noticed_at=now, ended_at=now)
    data = {"began": began.isoformat(), "ended": now.isoformat()}
    record(agency=row.agency, by=LISTENER, action=Audited.SOURCE_GAP, target=f"source:{row.pk}", data=data)


def _one_more(row: Source, passed: int, now: datetime) -> dict[str, Any]:
    """Return what is learned: the hour under way goes on, or it is over and teaches what is usual."""
    kept = row.hours
    this = int(now.timestamp()) // 3600
    began = now.replace(minute=0, second=0, microsecond=0)
    seconds = min(now - max(row.heard_at, began), silence.LIFE).total_seconds() if row.heard_at else 0.0
    number, posts, listened = kept.get("open") or (this, 0, 0.0)
    if number == this:
        return {**kept, "open": [this, posts + passed, listened + max(0.0, seconds)]}
    ended = began - timedelta(hours=this - number - 1)
    usual = _hours(kept)
    # An hour in which something was amiss does not teach that this is how it is.
    if not row.silences.filter(began_at__lt=ended).exclude(ended_at__lt=ended - timedelta(hours=1)).exists():
        hour = silence.hour_of_week(ended - timedelta(hours=1))
        usual = silence.learned(usual, hour, passed=posts, seconds=listened)
    own = {name: kept[name] for name in _OWN if name in kept}
    return {**usual, **own, "open": [this, passed, max(0.0, seconds)]}


def watch_over() -> int:
    """Judge every source that should be listened to now: open and close silences, tell who keeps the sources; return how many opened."""
    opened = 0
    for source in Source.objects.select_related("agency").order_by("pk"):
        now = timezone.now()
        due = source.state == "open" and bool(permissions(source, now))
        with transaction.atomic():
            row = Source.objects.select_for_update(of=("self",)).select_related("agency").get(pk=source.pk)
            found = _settle(row, due=due, now=now)
        if found is not None:
            opened += 1
            _tell(found)
    return opened


def _settle(row: Source, *, due: bool, now: datetime) -> Silence | None:
    """Bring a source's silence up to date; return one that began and was noticed now."""
    if due != ("since" in row.hours):
        rest = {name: value for name, value in row.hours.items() if name not in _OWN}
        row.hours = {**rest, "since": now.isoformat()} if due else rest
        row.save(update_fields=["hours"])
    open_one = row.silences.filter(ended_at=None).first()
    since = _since(row.hours)
    if since is None:
        if open_one is not None:
            _end(row, open_one, now)
        return None
    found = silence.judge(_pulse(row, since, now), now)
    if open_one is None:
        return _begin(row, found, now) if found.silent else None
    alive = found.silent is False if open_one.expected is not None else not (found.silent and found.expected is None)
    if alive:
        _end(row, open_one, now)
    return None


def _begin(row: Source, found: silence.Judgement, now: datetime) -> Silence:
    made = row.silences.create(began_at=found.began_at, noticed_at=now, expected=found.expected, heard=found.heard)
    data: dict[str, Value] = {"silence": made.pk, "began": found.began_at.isoformat(), "heard": found.heard}
    data |= {} if found.expected is None else {"expected": round(found.expected)}
    record(agency=row.agency, by=LISTENER, action=Audited.SOURCE_SILENT, target=f"source:{row.pk}", data=data)
    return made


def _end(row: Source, open_one: Silence, now: datetime) -> None:
    Silence.objects.filter(pk=open_one.pk).update(ended_at=now)
    data: dict[str, Value] = {"silence": open_one.pk, "began": open_one.began_at.isoformat()}
    record(agency=row.agency, by=LISTENER, action=Audited.SOURCE_SPEAKS, target=f"source:{row.pk}", data=data)


def _pulse(row: Source, since: datetime, now: datetime) -> silence.Pulse:
    number, passed, seconds = row.hours.get("open") or (0, 0, 0.0)
    if number != int(now.timestamp()) // 3600:
        passed, seconds = 0, 0.0
    return silence.Pulse(since, row.heard_at, row.post_at, _hours(row.hours), passed, seconds)


def _tell(found: Silence) -> None:
    """Write to whoever keeps the agency's sources, unless they heard of this one within the hour. One bad address stops no other."""
    source = found.source
    lately = source.silences.filter(noticed_at__gt=found.noticed_at - QUIET, noticed_at__lt=found.noticed_at)
    if lately.exists():
        return
    keepers = Membership.objects.filter(
        agency=source.agency, role__in=ALLOWED[Action.CHANGE_SOURCE], user__is_active=True
    )
    words = _(
        "“%(source)s” has been silent since %(time)s. What is posted there now is not seen, and findings name the gap. "
        "Open Sources at the desk to see what it answered."
    ) % {"source": source.title, "time": f"{found.began_at:%Y-%m-%d %H:%M} UTC"}
    for row in keepers.select_related("user"):
        try:
            send_mail(_("A source is silent"), words, None, [row.user.email])
        except OSError as error:  # every failure of a mail server is one
            log.warning("Nobody could be told of source %s: %s.", source.pk, type(error).__name__)


def _hours(kept: Mapping[str, Any]) -> dict[str, tuple[float, int]]:
    return {name: (float(value[0]), int(value[1])) for name, value in kept.items() if name not in _OWN}


def _since(kept: Mapping[str, Any]) -> datetime | None:
    return datetime.fromisoformat(kept["since"]) if "since" in kept else None
