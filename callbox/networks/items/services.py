"""Keeping what a network shows us: each thing once, and the cursor moved only with what it stands for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.networks.connections.models import Connection
from callbox.networks.items.models import Item
from callbox.networks.storable import storable, web_address
from callbox.networks.vocabulary import Batch, Seen

BY: Final = "system: collector"
#: No post is longer; what a network sends beyond it is cut off, in characters.
LONGEST: Final = 100_000
#: No post is older; a clock that says so is wrong, and years near the first one have no local time (as `wrong_clock` of archives).
EARLIEST: Final = datetime(2004, 1, 1, tzinfo=UTC)
_LARGEST: Final = 2_147_483_647
_SMALL: Final = 32_767

_TEXTS: Final = ("thread", "parent", "door", "author", "author_name", "url", "language", "revision")
_COUNTS: Final = ("likes", "reposts", "replies")
_SMALL_COUNTS: Final = ("images", "images_described", "videos", "videos_captioned")
_FLAGS: Final = ("own", "repost", "automatic")
#: What a later look may change; who wrote it, when and under what does not.
_CHANGING: Final = ("text", "url", "revision", *_COUNTS, *_SMALL_COUNTS)


@transaction.atomic
def store(*, connection: Connection, batch: Batch) -> list[Item]:
    """Keep a page of what was seen and move the cursor behind it, in one transaction; return what is new.

    A thing seen before gets its new counts, and its new words where its author edited it. The cursor moves only when nobody moved it
    since `connection` was read, so that a collector that was overtaken turns nothing back.
    """
    row = Connection.objects.select_for_update().get(pk=connection.pk)
    seen = {each.remote_id: each for each in batch.seen if _usable(each.remote_id)}
    known = {item.remote_id: item for item in Item.objects.filter(connection=row, remote_id__in=list(seen))}
    now = timezone.now()
    new = [
        Item(agency=row.agency, connection=row, remote_id=remote_id, seen_at=now, **_fields(each, now))
        for remote_id, each in seen.items()
        if remote_id not in known
    ]
    new.sort(key=lambda item: item.at)
    Item.objects.bulk_create(new, batch_size=500)
    words = {remote_id: item.text for remote_id, item in known.items()}
    changed = [item for remote_id, item in known.items() if _renew(item, _fields(seen[remote_id], now))]
    reworded = sum(item.text != words[item.remote_id] for item in changed)
    Item.objects.bulk_update(changed, [*_CHANGING, "gone_at"], batch_size=200)
    moves: dict[str, object] = {"collected_at": now, "listen_after": None}
    if row.cursor == connection.cursor:
        moves["cursor"] = storable(batch.cursor)
    Connection.objects.filter(pk=row.pk).update(**moves)
    connection.refresh_from_db()
    if new or reworded:
        data: dict[str, Value] = {
            "account": row.account,
            "new": len(new),
            "own": sum(item.own for item in new),
            "reworded": reworded,
        }
        record(agency=row.agency, by=BY, action=Audited.ITEMS_COLLECTED, target=f"connection:{row.pk}", data=data)
    return new


def _usable(remote_id: str) -> bool:
    """Whether it can name a thing: an id cut short could name two."""
    return 0 < len(remote_id) <= 500 and storable(remote_id) == remote_id


def _fields(seen: Seen, now: datetime) -> dict[str, Any]:
    """Return the columns of one thing, nothing in them larger than its column: a network is not trusted with sizes or clocks."""
    at = seen.at if seen.at.tzinfo else seen.at.replace(tzinfo=UTC)
    texts = {name: _cut(getattr(seen, name), Item._meta.get_field(name).max_length) for name in _TEXTS}  # type: ignore[union-attr]
    texts["thread"] = texts["thread"] or seen.remote_id
    texts["url"] = web_address(texts["url"])
    counts = {name: _count(getattr(seen, name), _LARGEST) for name in _COUNTS}
    small = {name: _count(getattr(seen, name), _SMALL) or 0 for name in _SMALL_COUNTS}
    flags = {name: getattr(seen, name) for name in _FLAGS}
    return {
        "at": at if EARLIEST <= at <= now else now,
        "text": _cut(seen.text, LONGEST),
        **texts,
        **counts,
        **small,
        **flags,
    }


def _cut(text: str, longest: int | None) -> str:
    return storable(text)[:longest]


def _count(value: int | None, most: int) -> int | None:
    return None if value is None else max(0, min(value, most))


def _renew(item: Item, fields: dict[str, Any]) -> bool:
    """Put what may change into a known item; return whether anything did."""
    before = {name: getattr(item, name) for name in _CHANGING}
    after = {name: fields[name] for name in _CHANGING}
    for name in _COUNTS:  # not told this time is no reason to forget
        if after[name] is None:
            after[name] = before[name]
    if before == after and item.gone_at is None:
        return False
    for name, value in after.items():
        setattr(item, name, value)
    item.gone_at = None
    return True
