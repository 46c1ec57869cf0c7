"""A paper account with what residents write to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from callbox.networks.models import Connection, Item
from callbox.people.models import Agency, User

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def connection(agency: Agency, by: User, *, handle: str = "harbour") -> Connection:
    return Connection.objects.create(
        agency=agency, account=f"paper:{handle}", details={"handle": handle}, by=by, at=timezone.now()
    )


def item(
    where: Connection,
    text: str,
    *,
    author: str = "mia",
    remote_id: str = "",
    thread: str = "",
    parent: str = "",
    own: bool = False,
    minutes: int = 0,
    door: str = "mention",
) -> Item:
    remote_id = remote_id or f"r{Item.objects.count() + 1}"
    return Item.objects.create(
        agency=where.agency,
        connection=where,
        remote_id=remote_id,
        thread=thread or remote_id,
        parent=parent,
        own=own,
        door=door,
        author=author,
        text=text,
        at=START + timedelta(minutes=minutes),
        seen_at=START + timedelta(minutes=minutes),
    )
