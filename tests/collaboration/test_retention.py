"""What was shared goes five years after its last change; what is under way, and a standing partnership, never do."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from callbox.collaboration.models import Agreement, Arrival, Contact, Offer, Partner, Receipt
from callbox.collaboration.retention import AGREEMENTS, ARRIVALS, PARTNERS, SHARES
from callbox.collaboration.services import arrivals, partners
from callbox.governance.retention import purge, services
from tests.collaboration.pair import Pair

KEEPERS = (SHARES, ARRIVALS, AGREEMENTS, PARTNERS)
YEAR = timedelta(days=366)


def test_shares_go_after_five_years_and_standing_partners_stay(pair: Pair) -> None:
    arrivals.decline(arrival=pair.offer(pair.harbour.published()), why="Not our road", by=pair.valley.writer)
    row = partners.add(agency=pair.harbour.agency, name="School", sector="schools", by=pair.harbour.chief)
    partners.note_contact(partner=row, on=timezone.localdate(), how="met", by=pair.harbour.chief)
    partners.end(partner=row, why="It closed", by=pair.harbour.chief)
    purge.purge(KEEPERS, now=timezone.now() + 4 * YEAR)
    assert (Offer.objects.count(), Arrival.objects.count(), Agreement.objects.count(), Contact.objects.count()) == (
        1,
        1,
        2,
        1,
    )
    purge.purge(KEEPERS, now=timezone.now() + 7 * YEAR)
    left = [model.objects.count() for model in (Offer, Arrival, Receipt, Agreement, Contact)]
    assert left == [0, 0, 0, 0, 0]
    assert sorted(Partner.objects.values_list("name", flat=True)) == ["Harbour City Police", "Valley Sheriff"]


def test_what_nobody_decided_about_and_what_is_on_hold_stays(pair: Pair) -> None:
    arrival = pair.offer(pair.harbour.published())
    services.place_hold(
        agency=pair.harbour.agency,
        subject=pair.newest().name,
        reason="A claim",
        reference="26-9",
        by=pair.harbour.chief,
    )
    purge.purge(KEEPERS, now=timezone.now() + 7 * YEAR)
    assert Arrival.objects.get() == arrival
    assert Offer.objects.count() == 1
