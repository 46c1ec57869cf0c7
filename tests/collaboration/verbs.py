"""What the people of one installation do; a person could do each of it on the desk. Run by `staff` in a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from callbox.collaboration.keys import key_of
from callbox.collaboration.models import Arrival, Offer, Partner, Receipt
from callbox.collaboration.services import partners
from callbox.core.signing import parse_public
from callbox.flows import publication, sharing
from callbox.networks.vocabulary import Content
from callbox.people.models import Agency, User
from callbox.voice.models import Message
from tests.collaboration.pair import Force, make_force
from tests.flows.newsdesk import texts


def begin(*, slug: str, name: str) -> str:
    """Write the agency and its people; return its public key."""
    agency = Agency.objects.create(slug=slug, name=name, languages=["en"])
    make_force(agency, f"paper:{slug}")
    return key_of(agency).public.text


def meet(*, name: str, short_name: str, address: str, key: str) -> str:
    """Add the other installation's agency, compare its key, and sign an agreement."""
    force = _force()
    partner = partners.add(
        agency=force.agency,
        name=name,
        sector="police",
        address=address,
        short_name=short_name,
        public_key=key,
        by=force.chief,
    )
    partners.check_key(partner=partner, heard=parse_public(key).fingerprint, by=force.chief)
    partner.refresh_from_db()
    force.agrees(partner)
    return partner.address


def publish(*, text: str) -> int:
    force = _force()
    return force.approve(force.write(text)).pk


def offer(*, message: int) -> str:
    force = _force()
    row, partner = (
        Message.objects.select_related("agency").get(pk=message),
        Partner.objects.select_related("agency").get(),
    )
    return str(sharing.offer_message(message=row, partners=[partner], label="clear", by=force.writer))


def correct(*, message: int, text: str) -> int:
    force = _force()
    row = Message.objects.select_related("agency").get(pk=message)
    return force.approve(publication.correct(message=row, content=Content(text, title="Mill Road"), by=force.writer)).pk


def withdraw(*, message: int) -> None:
    row = Message.objects.select_related("agency").get(pk=message)
    publication.withdraw(message=row, why="Wrong road", by=_force().writer)


def take(*, version: int) -> int:
    """Take an arrival over and approve it."""
    force = _force()
    message = sharing.take_over(arrival=_arrival(version), accounts=[force.account], by=force.writer)
    return force.approve(message).pk


def take_back(*, version: int) -> None:
    sharing.take_back(arrival=_arrival(version), by=_force().writer)


def hurry(*, lease: bool = False) -> None:
    """Let time pass: what waits for its next attempt is due now; lease: what a dead worker claimed is past its lease."""
    now = timezone.now()
    Offer.objects.filter(state="waiting").update(due=now)
    Receipt.objects.filter(told_at=None).update(due=now)
    if lease:
        Offer.objects.filter(state="sending").update(claimed_at=now - timedelta(hours=1))


def standing() -> dict[str, Any]:
    """Return what this installation knows: offers, receipts heard, arrivals, messages, and what its account shows."""
    heard = Receipt.objects.filter(offer__isnull=False).order_by("offer__version", "happened_at", "pk")
    return {
        "offers": [[row.version, row.state, row.attempts] for row in Offer.objects.order_by("version")],
        "heard": [[row.offer.version, row.said] for row in heard.select_related("offer") if row.offer],
        "arrivals": [[row.version, row.state] for row in Arrival.objects.order_by("version")],
        "owed": Receipt.objects.filter(arrival__isnull=False, told_at=None).count(),
        "messages": [row.state for row in Message.objects.order_by("pk")],
        "shown": texts(_force().agency.slug),
    }


def _arrival(version: int) -> Any:
    return Arrival.objects.select_related("agency", "partner", "partner__agency", "partner__local").get(version=version)


def _force() -> Force:
    agency = Agency.objects.get()
    people = {name: User.objects.get(name__startswith=name) for name in ("writer", "approver", "chief", "second")}
    return Force(agency=agency, account=f"paper:{agency.slug}", **people)


VERBS: dict[str, Callable[..., Any]] = {
    verb.__name__: verb for verb in (begin, meet, publish, offer, correct, withdraw, take, take_back, hurry, standing)
}
