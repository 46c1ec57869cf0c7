"""What is known of every partner, for the advice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Count, Max, Q

from callbox.collaboration.advice import FRESH, Advice, Known, advise
from callbox.collaboration.models import Offer, Partner
from callbox.collaboration.models.partners import Sector
from callbox.people.models import Agency


def known(agency: Agency, *, today: date) -> list[Known]:
    """Return what is known of those the agency works with now."""
    since = today - FRESH
    rows = Partner.objects.of(agency).standing().order_by("name", "pk")
    signed = Q(agreements__state="signed")
    facts = rows.annotate(last=Max("contacts__on"), agreed=Max("agreements__ends", filter=signed)).values_list(
        "pk", "name", "sector", "person", "languages", "last", "agreed"
    )
    urgent = Offer.objects.of(agency).filter(bundle__shown__urgent=True, at__date__gte=since - timedelta(days=1))
    urgent = urgent.exclude(kind="event")  # of an event nobody is asked to publish anything
    passed = Count("share", distinct=True, filter=Q(receipts__said="published"))
    counts = {
        row["partner"]: (row["offered"], row["passed"])
        for row in urgent.order_by().values("partner").annotate(offered=Count("share", distinct=True), passed=passed)
    }
    return [
        Known(pk, name, sector, bool(person.strip()), tuple(languages), last, agreed, *counts.get(pk, (0, 0)))
        for pk, name, sector, person, languages, last, agreed in facts
    ]


def advice(agency: Agency, *, heard: Mapping[str, int], today: date) -> list[Advice]:
    """Return whom to approach next. heard: conversations of the last 90 days by language."""
    sectors = [sector.value for sector in Sector]
    return advise(known(agency, today=today), sectors=sectors, spoken=agency.languages, heard=heard, today=today)
