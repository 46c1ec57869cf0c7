"""What `make demo-networks` listens to: the firehose of the local Bluesky and a public stream of Mastodon, for one watch of Riverton.

Everything goes through the product's own services: registered with terms, written by the analyst, allowed by the commander.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tests.servers.mastodon_mock import mastodon_mock, signed_in
from tests.servers.networks import Networks
from tests.servers.residents import until

if TYPE_CHECKING:  # they need Django, which is started once the places are known
    from callbox.intelligence.models import Source
    from callbox.people.models import Agency

WORDS: Final = (
    "water in the cellars of Mill Road, is this a flood?",
    "The river is over the wall at Mill Road. Flood!",
)


@contextmanager
def public_stream() -> Iterator[str]:
    """Run a server with a public stream, which snac has not; return its address."""
    with mastodon_mock() as server:
        yield str(server.base_url)


def place_of(address: str) -> str:
    """Return its "host:port"."""
    return urlsplit(address).netloc


def listen(agency: Agency, found: Networks, social: str) -> list[Source]:
    """Register what runs here and let a watch listen there; nowhere where the agency was built before it had a commander."""
    from django.utils import timezone  # noqa: PLC0415

    from callbox.intelligence.services import sources, watches  # noqa: PLC0415
    from callbox.people.models import Membership  # noqa: PLC0415
    from callbox.people.roles import Role  # noqa: PLC0415

    staff = {each.role: each.user for each in Membership.objects.filter(agency=agency).select_related("user")}
    if Role.COMMANDER not in staff:
        return []
    analyst, commander = staff[Role.ANALYST], staff[Role.COMMANDER]
    now = timezone.now()
    places = [("mastodon", "Mastodon on this machine", social)]
    if found.bluesky:
        places.append(("firehose", "Bluesky on this machine", f"ws://{found.bluesky[0].place}"))
    rows = [
        sources.register(
            agency=agency,
            kind=kind,
            title=title,
            address=address,
            rights="A server of this machine, started for the demonstration; it may be read.",
            rights_until=now.date() + timedelta(days=180),
            by=analyst,
        )
        for kind, title, address in places
    ]
    said = watches.Said(
        title="Water on Mill Road",
        purpose="Warn people along the river early, and see where help is needed first.",
        basis="life",
        area="Mill Road, Riverton",
        query='(flood* OR water OR river) "mill road" -drill',
        sources=rows,
        starts=now - timedelta(minutes=1),
        ends=now + timedelta(days=1),
    )
    watch = watches.draft(agency=agency, said=said, by=analyst)
    watches.submit(watch=watch, by=analyst)
    watches.allow(watch=watch, by=commander)
    return rows


def speak_when_heard(rows: list[Source], found: Networks, social: str) -> None:
    """Let residents write there, in a thread, once the worker listens: what was said before is nobody's to hear."""
    threading.Thread(target=_speak, args=(rows, found, social), name="residents", daemon=True).start()


def _speak(rows: list[Source], found: Networks, social: str) -> None:
    from callbox.intelligence.models import Source  # noqa: PLC0415

    numbers = [row.pk for row in rows]
    until(lambda: not Source.objects.filter(pk__in=numbers, heard_at=None).exists(), "every source is heard")
    signed_in(social, "bob").status_post(WORDS[1])
    if found.bluesky:
        found.on_bluesky.mention(WORDS[0])
