"""From partners and receipts to the ledger."""

from __future__ import annotations

from datetime import datetime

import polars as pl
from django.db.models import Max, Min, Q

from callbox.collaboration.models import Partner, Receipt
from callbox.collaboration.tables import SCHEMAS
from callbox.people.models import Agency


def ledger(agency: Agency, *, as_of: datetime) -> dict[str, pl.DataFrame]:
    """Return the tables `partners` and `shares` until `as_of`."""
    return {"partners": _partners(agency, as_of), "shares": _shares(agency, as_of)}


def _partners(agency: Agency, as_of: datetime) -> pl.DataFrame:
    standing = Partner.objects.of(agency).standing().filter(at__lte=as_of)
    rows = standing.annotate(last=Max("contacts__on")).order_by("sector", "pk").values_list("sector", "person", "last")
    found = [(sector, bool(person.strip()), last) for sector, person, last in rows]
    return pl.DataFrame(found, schema=SCHEMAS["partners"], orient="row")


def _shares(agency: Agency, as_of: datetime) -> pl.DataFrame:
    """Each message or alert once for each partner that published it, at the time of its first receipt."""
    shared = Q(offer__subject__startswith="message:") | Q(offer__subject__startswith="alert:")
    told = Receipt.objects.filter(shared, offer__agency=agency, said="published")
    rows = told.values("offer__subject", "offer__partner").annotate(first=Min("happened_at")).filter(first__lte=as_of)
    found = [(row["offer__subject"], row["first"]) for row in rows.order_by("first", "offer__partner")]
    return pl.DataFrame(found, schema=SCHEMAS["shares"], orient="row")
