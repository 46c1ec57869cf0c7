"""Rows of a board, written by hand: a watch that found posts, posts, events of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count

from django.utils import timezone

from callbox.intelligence.models import Event, Match, Sighting, Source, Watch, WatchVersion
from callbox.intelligence.services.figures import refresh
from callbox.people.models import Agency, User
from callbox.people.roles import Role
from tests.people import Cast, person

_NUMBERS = count(1)


@dataclass(frozen=True)
class Staff:
    """Gina triages, Hugo triages too, Ida leads, Jana keeps the press informed."""

    gina: User
    hugo: User
    ida: User
    jana: User


def staff(cast: Cast) -> Staff:
    """Write the people of a board."""
    return Staff(
        person("Gina", cast.agency, Role.ANALYST),
        person("Hugo", cast.agency, Role.ANALYST),
        person("Ida", cast.agency, Role.COMMANDER),
        person("Jana", cast.agency, Role.PRESS_OFFICER),
    )


def source(agency: Agency, by: User, title: str = "River town") -> Source:
    """Write a source."""
    now = timezone.now()
    return Source.objects.create(
        agency=agency,
        kind="mastodon",
        title=title,
        address=f"https://{next(_NUMBERS)}.example",
        rights="public",
        rights_until=now.date() + timedelta(days=100),
        by=by,
        at=now,
    )


def watch(agency: Agency, by: User, sources: Sequence[Source], title: str = "High water") -> Watch:
    """Write a watch that is allowed."""
    now = timezone.now()
    span = {"starts": now - timedelta(days=9), "ends": now + timedelta(days=9)}
    row = Watch.objects.create(agency=agency, state="allowed", by=by, at=now, changed_at=now, **span)
    row.sources.set(sources)
    WatchVersion.objects.create(
        watch=row,
        number=1,
        title=title,
        purpose="Warn people",
        basis="hazard",
        area="the river",
        query="flood",
        digest="d",
        by=by,
        at=now,
        **span,
    )
    return row


def sighting(
    place: Source,
    text: str,
    *,
    watch: Watch | None = None,
    author: str = "a",
    at: datetime | None = None,
    sealed: str = "sealed",
) -> Sighting:
    """Write a post that was matched and is in no event yet."""
    at, number = at or timezone.now(), next(_NUMBERS)
    row = Sighting.objects.create(
        agency=place.agency,
        source=place,
        key=sha256(str(number).encode()).hexdigest(),
        pseudonym=sha256(author.encode()).hexdigest()[:32],
        sealed=sealed,
        text=text,
        at=at,
        seen_at=at,
        review_by=at.date() + timedelta(days=30),
    )
    if watch is not None:
        Match.objects.create(watch=watch, sighting=row, digest="d", words=["flood"], at=at)
    return row


def event(*posts: Sighting, title: str = "flood, mill", state: str = "new", cluster: str = "") -> Event:
    """Write an event that holds these posts."""
    now, first = timezone.now(), posts[0]
    row = Event.objects.create(
        agency=first.agency,
        cluster=cluster or str(first.pk),
        title=title,
        words=[["flood", 2.0], ["mill", 1.0]],
        state=state,
        first_at=first.at,
        last_at=first.at,
        seen_at=first.seen_at,
        changed_at=now,
    )
    kept = [{"code": "sighting_began", "values": {}, "group": row.cluster, "cluster": row.cluster}]
    Sighting.objects.filter(pk__in=[post.pk for post in posts]).update(event=row, grouped_at=now, reasons=kept)
    refresh(row, now=now)
    return row
