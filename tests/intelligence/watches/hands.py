"""A harbour's people of intelligence, one open source, and a watch as somebody would write it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

from callbox.intelligence.models import Source, Watch
from callbox.intelligence.services import sources, watches
from callbox.people.models import Agency, User
from callbox.people.roles import Role
from tests.people import Cast, person


@dataclass(frozen=True)
class Room:
    """hanna: analyst.  viktor: commander.  ines: legal adviser.  bob: chief."""

    agency: Agency
    hanna: User
    viktor: User
    ines: User
    bob: User
    source: Source


def make_room(cast: Cast) -> Room:
    """Write the people and one source into the database."""
    hanna = person("Hanna", cast.agency, Role.ANALYST)
    viktor = person("Viktor", cast.agency, Role.COMMANDER)
    ines = person("Ines", cast.agency, Role.LEGAL_ADVISER)
    return Room(cast.agency, hanna, viktor, ines, cast.bob, add_source(cast.agency, hanna))


def add_source(agency: Agency, by: User, address: str = "wss://jetstream.example/subscribe") -> Source:
    """Register one open source."""
    return sources.register(
        agency=agency,
        kind="jetstream",
        title=address,
        address=address,
        rights="Public posts may be read; deletions are followed (terms of May 2026).",
        rights_until=(timezone.now() + timedelta(days=100)).date(),
        by=by,
    )


def said(room: Room, query: str = "flood (river OR bridge)", days: int = 20, **changes: Any) -> watches.Said:
    """Return what a version says: harmless, unless told."""
    now = timezone.now()
    usual = watches.Said(
        title="River level",
        purpose="Warn residents early when the river rises in the town.",
        basis="life",
        area="Riverton and Mill Lane",
        query=query,
        sources=[room.source],
        starts=now - timedelta(minutes=1),
        ends=now + timedelta(days=days),
    )
    return replace(usual, **changes)


def allowed(room: Room, query: str = "flood (river OR bridge)", **changes: Any) -> Watch:
    """Return a watch that listens."""
    watch = watches.draft(agency=room.agency, said=said(room, query, **changes), by=room.hanna)
    watches.submit(watch=watch, by=room.hanna)
    watches.allow(watch=watch, by=room.viktor)
    return watch
