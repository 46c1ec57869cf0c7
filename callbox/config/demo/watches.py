"""What Riverton may listen for: two watches, one that waits for the legal adviser, one that was refused, and the sources they name.

The addresses are invented, so the streams are played from files and nothing is reached (`intelligence.services.sources.is_played`); what
the watches found is written by the pipeline's own verbs elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from callbox.intelligence.models import Source, Watch
from callbox.intelligence.services import sources, watches
from callbox.people.models import Agency, User
from callbox.people.roles import Role

#: Kind, name, address and what its terms allow.
SOURCES: Final = (
    (
        "jetstream",
        "Bluesky, public posts",
        "wss://jetstream.riverton.example/subscribe",
        "Public posts may be read as they happen and kept for the stated purpose; deletions are followed (terms of May 2026).",
    ),
    (
        "mastodon",
        "riverton.social, local posts",
        "https://riverton.social.example/api/v1/streaming/public/local",
        "The server's rules of March 2026 let the agency read the public local stream. Nothing is followed, nobody is answered there.",
    ),
    (
        "feed",
        "River authority, water levels",
        "https://rivers.example/riverton/levels.atom",
        "Open data, to be named as the source (licence read in June 2026).",
    ),
)


class Listening(NamedTuple):
    """What was built. river, appeal: they listen.  stopped: waits for the legal adviser.  refused: looked for a person."""

    sources: tuple[Source, ...]
    river: Watch
    appeal: Watch
    stopped: Watch
    refused: Watch


def build(agency: Agency, people: Mapping[Role, User], *, now: datetime) -> Listening:
    """Register three sources and write four watches. people: analyst and commander."""
    analyst, commander = people[Role.ANALYST], people[Role.COMMANDER]
    until = now.date() + timedelta(days=180)
    places = tuple(
        sources.register(
            agency=agency, kind=kind, title=title, address=address, rights=rights, rights_until=until, by=analyst
        )
        for kind, title, address, rights in SOURCES
    )
    river, appeal, stopped, refused = (
        watches.draft(agency=agency, said=said, by=analyst) for said in _said(places, now)
    )
    for watch in (river, appeal, stopped, refused):
        watches.submit(watch=watch, by=analyst)
    for watch in (river, appeal):
        watches.allow(watch=watch, by=commander)
    return Listening(places, river, appeal, stopped, refused)


def _said(places: tuple[Source, ...], now: datetime) -> tuple[watches.Said, ...]:
    """Return what the four watches say: river, appeal, the one that is stopped, the one that is refused."""
    river = watches.Said(
        title="The river rises",
        purpose="Warn people along the river early, and find out where help is needed first.",
        basis="life",
        area="Riverton, Mill Lane, Old Bridge",
        query='(flood* OR "high water" OR inundación OR فيضان) (river OR bridge OR "mill lane" OR cellar* OR río OR جسر) -drill',
        sources=places,
        starts=now - timedelta(hours=6),
        ends=now + timedelta(days=14),
        languages=("ar", "en", "es"),
    )
    appeal = watches.Said(
        title="Appeal: boy in a blue coat",
        purpose="Collect answers to the appeal of this morning, by its tag and the places it names.",
        basis="missing",
        reference="26-1147",
        area="Riverton, Weir Park, Old Bridge",
        query='#FindTheBlueCoat OR ("blue coat" (weir OR park OR bridge OR bus))',
        sources=places[:2],
        starts=now - timedelta(hours=5),
        ends=now + timedelta(days=3),
    )
    stopped = watches.Said(
        title="Bridge on Saturday",
        purpose="Know early whether the bridge has to be closed to cars on Saturday.",
        basis="event-safety",
        reference="Plan 12/26",
        area="Old Bridge, Riverton",
        query='bridge (march OR demonstration OR rally OR "road closed")',
        sources=places[:2],
        starts=now + timedelta(days=2),
        ends=now + timedelta(days=3),
    )
    refused = watches.Said(
        title="The man from the market",
        purpose="Find out what he says about the police this week.",
        basis="crime",
        reference="26-0982",
        area="Riverton",
        query='"Peter Jensen" OR @pjensen',
        sources=places[:1],
        starts=now,
        ends=now + timedelta(days=7),
    )
    return river, appeal, stopped, refused
