"""Who listens to which source, how far it has come, and what is on its way to be kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from callbox.core.log.contract import KEEP
from callbox.core.log.jetstream import JetStreamLog
from callbox.core.log.sqlite import SqliteLog
from callbox.intelligence.models import Listening, Sighting, Source
from callbox.intelligence.services.watches import Permission, permissions
from callbox.networks.storable import storable

#: How long a source stays with a worker that gives no sign of life.
LEASE: Final = timedelta(seconds=30)
#: Posts on their way that are remembered for each source; beyond it the oldest are forgotten.
MOST_ON_THE_WAY: Final = 20_000


class OvertakenError(Exception):
    """Another worker listens to this source by now; what this one heard last was not counted."""


def open_log() -> SqliteLog | JetStreamLog:
    """Return the log of this installation, as the settings say: on NATS servers, or a file in the data folder.

    Raises:
        LogError: the file cannot be opened.
    """
    if settings.STREAM_SERVERS:
        return JetStreamLog(settings.STREAM_SERVERS)
    settings.DATA.mkdir(parents=True, exist_ok=True)
    return SqliteLog(settings.DATA / "stream.sqlite3")


def wanted(at: datetime) -> dict[Source, list[Permission]]:
    """Return the sources that some watch may listen to at the moment `at`, with what is listened for. No other is ever connected."""
    found = {
        source: permissions(source, at) for source in Source.objects.open().select_related("agency").order_by("pk")
    }
    return {source: allowed for source, allowed in found.items() if allowed}


def claim(source: Source, *, worker: str) -> bool:
    """Take a source, or stay with it; False when another worker has it."""
    now = timezone.now()
    Listening.objects.get_or_create(source=source, defaults={"until": now})
    free = Q(worker=worker) | Q(worker="") | Q(until__lte=now)
    return bool(Listening.objects.filter(free, source=source).update(worker=worker, until=now + LEASE))


def release(source: Source, *, worker: str) -> None:
    """Let go of a source, so that another worker need not wait."""
    Listening.objects.filter(source=source, worker=worker).update(worker="", until=timezone.now())


@transaction.atomic
def on_the_way(source: Source, authors: Mapping[str, str], *, worker: str) -> None:
    """Note the posts that are about to be appended. What was kept meanwhile is known by its row and is forgotten here.

    authors: key of a post -> pseudonym of its author.

    Raises:
        OvertakenError: another worker has the source.
    """
    row = Listening.objects.select_for_update(of=("self",)).filter(source=source, worker=worker).first()
    if row is None:
        raise OvertakenError
    now = int(timezone.now().timestamp())
    waiting = {key: noted for key, noted in row.on_the_way.items() if noted[0] > now - KEEP}
    kept = set(Sighting.objects.filter(agency=source.agency_id, key__in=waiting).values_list("key", flat=True))
    waiting = {key: noted for key, noted in waiting.items() if key not in kept}
    waiting |= {key: [now, author] for key, author in authors.items()}
    row.on_the_way = dict(list(waiting.items())[-MOST_ON_THE_WAY:])
    row.save(update_fields=["on_the_way"])


def ours(source: Source, keys: Collection[str], authors: Collection[str] = ()) -> set[str]:
    """Return the keys of the posts that are kept or on their way, of those with one of `keys` or by one of `authors` (pseudonyms)."""
    kept = Sighting.objects.filter(agency=source.agency_id)
    found = set(kept.filter(key__in=keys).values_list("key", flat=True)) if keys else set()
    if authors:
        found |= set(kept.filter(pseudonym__in=authors, gone_at=None).values_list("key", flat=True))
    waiting: dict[str, tuple[int, str]] = (
        Listening.objects.filter(source=source).values_list("on_the_way", flat=True).first() or {}
    )
    return found | {key for key, (_at, author) in waiting.items() if key in keys or author in authors}


def move_cursor(source: Source, cursor: str) -> None:
    """Say that everything before `cursor` is safe. `source` is brought up to it.

    Raises:
        OvertakenError: another worker moved it since `source` was read; it is never moved back.
    """
    cursor = storable(cursor)
    if cursor == source.cursor:
        return
    if not Source.objects.filter(pk=source.pk, cursor=source.cursor).update(cursor=cursor):
        raise OvertakenError
    source.cursor = cursor
