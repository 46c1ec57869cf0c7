"""Entries of a newsroom, written as a publication would."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from django.conf import settings

from callbox.networks import media
from callbox.networks.connections.models import Connection
from callbox.networks.contract import Place, Session
from callbox.networks.newsroom.network import Newsroom
from callbox.networks.vocabulary import Media, Rendition
from callbox.people.models import Agency, User

WHEN = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def connect(agency: Agency, by: User) -> Session:
    """Return a session of the agency's newsroom."""
    connection = Connection.objects.create(agency=agency, account=f"newsroom:{agency.slug}", by=by, at=WHEN)
    place = Place(folder=settings.MEDIA_ROOT, account=connection.account, connection=connection.pk)
    return Newsroom().open({}, {}, place)


def rendition(agency: Agency, text: str, *, title: str = "Road closed", pictures: tuple[Media, ...] = ()) -> Rendition:
    """Return what the newsroom will show."""
    return Rendition(account=f"newsroom:{agency.slug}", title=title, text=text, media=pictures)


def key(name: str) -> str:
    """Return a delivery's key."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def picture(agency: Agency, data: bytes = b"\x89PNG picture", *, alt: str = "A closed bridge") -> Media:
    """Keep a picture in the store and return it."""
    kept = media.keep(settings.MEDIA_ROOT, agency.pk, data)
    return Media(sha256=kept.sha256, kind="image", type="image/png", size=kept.size, alt=alt)


def no_media(sha256: str) -> bytes:
    """Stand for a reader that nobody asks."""
    raise AssertionError(sha256)
