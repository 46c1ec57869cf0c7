"""What the pages of voice show of rows: deliveries beside the message they carry, the newest version beside its message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from callbox.networks.deliveries.models import Delivery
from callbox.networks.vocabulary import Content
from callbox.people.models import Agency
from callbox.voice.models import Message, Version


@dataclass(frozen=True, slots=True)
class Carried:
    """One delivery with the message it carries; none for an answer to a resident."""

    delivery: Delivery
    message: Message | None

    @property
    def account(self) -> str:
        """Where it goes."""
        return self.delivery.connection.account

    @property
    def words(self) -> str:
        """What the network will show, in short."""
        shown = self.delivery.shown
        return shown.title or shown.text


@dataclass(frozen=True, slots=True)
class Row:
    """A message with the version that counts."""

    message: Message
    version: Version

    @property
    def content(self) -> Content:
        """What it says."""
        return self.version.written

    @property
    def due(self) -> datetime | None:
        """When it leaves, None for at once."""
        return self.version.due


def carried(agency: Agency, deliveries: Iterable[Delivery]) -> list[Carried]:
    """Put each delivery beside its message, in one question to the database."""
    rows = list(deliveries)
    wanted = {int(row.subject.partition(":")[2]) for row in rows if row.subject.startswith("message:")}
    found = Message.objects.of(agency).in_bulk(wanted)
    return [
        Carried(row, found.get(int(row.subject.partition(":")[2])) if row.subject.startswith("message:") else None)
        for row in rows
    ]


def with_newest(messages: Iterable[Message]) -> list[Row]:
    """Put each message beside its newest version, in one question to the database; the order is kept."""
    rows = list(messages)
    newest: dict[int, Version] = {}
    versions = Version.objects.filter(message__in=[row.pk for row in rows]).select_related("by").order_by("number")
    for version in versions:
        newest[version.message_id] = version
    return [Row(row, newest[row.pk]) for row in rows if row.pk in newest]
