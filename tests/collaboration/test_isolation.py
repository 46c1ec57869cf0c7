"""No row crosses an agency without a share: every text of one agency is a canary, and the other's pages are read for them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from callbox.collaboration.models import Agreement, Arrival, Contact, Offer, Partner
from callbox.collaboration.services import partners
from callbox.flows import sharing
from callbox.networks.vocabulary import Content
from callbox.voice.models import Message
from tests.collaboration.pair import Pair, work
from tests.people import signed_in

#: What the offered message holds and Valley may see once it is shared; everything else is Harbour's alone.
SHARED = {"canary-words", "canary-title", "canary-purpose"}


def plant(pair: Pair) -> Message:
    """Fill every text column of Harbour's rows of this room, and a message, with canaries."""
    force = pair.harbour
    row = partners.add(
        agency=force.agency, name="canary-partner", sector="schools", person="canary-person", reaches="canary-reach",
        role="canary-role", phone="canary-phone", accounts=["x:canary-account"], by=force.chief,
    )  # fmt: skip
    partners.note_contact(partner=row, on=row.at.date(), how="met", about="canary-contact", by=force.chief)
    Partner.objects.filter(pk=pair.there.pk).update(reaches="canary-reach", role="canary-role", person="canary-person")
    Agreement.objects.filter(partner=pair.there).update(
        purpose="canary-purpose", document="canary-document", why="canary-why"
    )
    content = Content("canary-words", title="canary-title", own={force.account: "canary-own"})
    return force.published(content=content)


def pages(pair: Pair) -> str:
    """Return everything Valley's people read on the pages of partners and shares, with links followed to every row they have."""
    client: Client = signed_in(pair.valley.writer)
    here = {"agency": pair.valley.agency.slug}
    addresses = [
        reverse(name, kwargs=here) for name in ("partners", "arrivals", "shares", "messages", "new_partner", "today")
    ]
    for name, rows in (("partner", Partner), ("change_partner", Partner), ("arrival", Arrival), ("message", Message)):
        own = rows.objects.filter(agency=pair.valley.agency)
        addresses += [reverse(name, kwargs={**here, "pk": row.pk}) for row in own]
    texts = []
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        texts.append(answer.content.decode())
    return "\n".join(texts)


def canaries(text: str) -> set[str]:
    return {
        word
        for word in text.replace("<", " ").replace(">", " ").replace('"', " ").replace(".", " ").split()
        if word.startswith("canary")
    }


@pytest.mark.django_db
def test_without_a_share_no_page_of_the_other_agency_shows_anything(pair: Pair) -> None:
    plant(pair)
    work()
    assert canaries(pages(pair)) == set()


@pytest.mark.django_db
def test_with_a_share_exactly_what_it_declares_is_seen(pair: Pair) -> None:
    message = plant(pair)
    sharing.offer_message(message=message, partners=[pair.there], label="clear", by=pair.harbour.writer)
    assert canaries(pages(pair)) == set()  # offered is not handed over
    work()
    assert canaries(pages(pair)) == SHARED
    sharing.take_over(arrival=pair.arrival(), accounts=[pair.valley.account], by=pair.valley.writer)
    work()
    assert canaries(pages(pair)) == SHARED


@pytest.mark.django_db
def test_rows_of_the_other_agency_are_not_found_by_their_numbers(pair: Pair) -> None:
    message = plant(pair)
    sharing.offer_message(message=message, partners=[pair.there], label="clear", by=pair.harbour.writer)
    work()
    offer, arrival, agreement = Offer.objects.get(), Arrival.objects.get(), pair.there.agreements.get()
    valley, harbour = signed_in(pair.valley.chief), signed_in(pair.harbour.chief)
    theirs: list[tuple[Client, str, str, dict[str, object]]] = [
        (valley, "valley", name, {"pk": pair.there.pk})
        for name in (
            "partner",
            "change_partner",
            "contact_partner",
            "check_partner_key",
            "end_partner",
            "take_up_partner",
            "new_agreement",
        )
    ]
    theirs += [(valley, "valley", name, {"pk": agreement.pk}) for name in ("sign_agreement", "end_agreement")]
    theirs += [
        (valley, "valley", "offer_message", {"pk": message.pk}),
        (valley, "valley", "offer_again", {"pk": offer.pk}),
    ]
    theirs += [(valley, "valley", name, {"share": offer.share}) for name in ("partner_share", "recall_share")]
    theirs += [
        (harbour, "harbour", name, {"pk": arrival.pk})
        for name in ("arrival", "take_arrival", "decline_arrival", "take_back_arrival")
    ]
    before = (Offer.objects.count(), Contact.objects.count(), Agreement.objects.count())
    for client, slug, name, which in theirs:
        address = reverse(name, kwargs={"agency": slug, **which})
        assert {client.get(address).status_code, client.post(address, {"why": "x"}).status_code} <= {404, 405}, address
    assert (Offer.objects.count(), Contact.objects.count(), Agreement.objects.count()) == before
