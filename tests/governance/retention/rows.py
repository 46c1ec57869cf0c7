"""Rows of every class that is purged, made without the services: their clocks are set by hand."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings

from callbox.governance.models import Approval
from callbox.networks.connections.models import Connection
from callbox.networks.deliveries.models import Delivery
from callbox.networks.items.models import Item
from callbox.people.models import Agency, User
from callbox.voice.models import MediaFile, Message, Version


def connection_of(agency: Agency, by: User, at: datetime) -> Connection:
    account = f"paper:{agency.slug}"
    return Connection.objects.get_or_create(agency=agency, account=account, defaults={"by": by, "at": at})[0]


def message(agency: Agency, by: User, at: datetime, *, state: str = "out", words: str = "Road closed") -> Message:
    made = Message.objects.create(agency=agency, state=state, by=by, at=at, changed_at=at)
    Version.objects.create(message=made, number=1, content={"text": words}, digest="0" * 64, by=by, at=at)
    return made


def delivery(of: Message, by: User, at: datetime, *, recipient: str = "", words: str = "Road closed") -> Delivery:
    approval = Approval.objects.create(agency=of.agency, subject=of.subject, digest="0" * 64, rule="x", by=by, at=at)
    return Delivery.objects.create(
        agency=of.agency,
        connection=connection_of(of.agency, by, at),
        subject=of.subject,
        recipient=recipient,
        rendition={"account": "paper:x", "text": words},
        approval=approval,
        key=secrets.token_hex(16),
        due=at,
        settled_at=at,
        made=at,
        state="sent",
    )


def item(agency: Agency, by: User, at: datetime, *, own: bool = False, words: str = "Thank you") -> Item:
    name = secrets.token_hex(6)
    return Item.objects.create(
        agency=agency,
        connection=connection_of(agency, by, at),
        remote_id=f"https://example.social/{words.split(maxsplit=1)[0]}/{name}",
        thread=f"thread-{name}",
        own=own,
        author=f"{words.rsplit(maxsplit=1)[-1]}@example.social",
        author_name=words,
        text=words,
        url=f"https://example.social/{words.split(maxsplit=1)[0]}/{name}",
        at=at,
        seen_at=at,
    )


def media(agency: Agency, by: User, at: datetime, *, data: bytes = b"bytes") -> MediaFile:
    name = secrets.token_hex(32)
    place = f"media/{agency.pk}/{name[:2]}/{name}"
    path = Path(settings.MEDIA_ROOT) / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return MediaFile.objects.create(
        agency=agency, sha256=name, kind="image", type="image/png", size=5, name="x", place=place, by=by, at=at
    )
