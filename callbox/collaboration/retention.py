"""How long partners, agreements, and what was shared and arrived are kept."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import DateTimeField, F, Max, Q
from django.db.models.functions import Cast, Coalesce

from callbox.collaboration.models import Agreement, Arrival, Contact, Offer, Partner, Receipt
from callbox.governance.retention.keeping import Keeper, Rows, numbers
from callbox.people.models import Agency

#: What is over; what waits, is under way or needs a person is never purged.
_OVER = ("declined", "published", "recalled", "superseded")


def _shared(agency: Agency) -> Rows:
    return Offer.objects.of(agency).exclude(state__in=("waiting", "sending")).annotate(started=F("changed_at"))


def _arrived(agency: Agency) -> Rows:
    known = Q(state="accepted", message="", recalls=False)  # nothing was made of it that would still have to follow
    return Arrival.objects.of(agency).filter(Q(state__in=_OVER) | known).annotate(started=F("changed_at"))


def _agreed(agency: Agency) -> Rows:
    return Agreement.objects.of(agency).annotate(started=Cast("ends", DateTimeField()))


def _ended(agency: Agency) -> Rows:
    rows = Partner.objects.of(agency).filter(state="ended")
    return rows.annotate(started=Coalesce(Max("contacts__at"), "at"))


def _remove_offers(rows: Rows) -> None:
    gone = list(rows.values_list("pk", flat=True))
    Receipt.objects.filter(offer__in=gone).delete()
    Offer.objects.filter(pk__in=gone).delete()


def _remove_arrivals(rows: Rows) -> None:
    gone = list(rows.values_list("pk", flat=True))
    Receipt.objects.filter(arrival__in=gone).delete()
    Arrival.objects.filter(pk__in=gone).delete()


def _remove_partners(rows: Rows) -> None:
    gone = list(rows.values_list("pk", flat=True))
    Contact.objects.filter(partner__in=gone).delete()
    Partner.objects.filter(pk__in=gone).delete()


def _held_agreements(subjects: Sequence[str]) -> Q:
    return Q(pk__in=numbers(subjects, "agreement")) | Q(partner__in=numbers(subjects, "partner"))


SHARES = Keeper(
    "shares",
    _shared,
    lambda subjects: Q(subject__in=subjects) | Q(pk__in=numbers(subjects, "offer")),
    _remove_offers,
    frozenset({Receipt}),
)
ARRIVALS = Keeper(
    "arrivals",
    _arrived,
    lambda subjects: Q(message__in=subjects) | Q(pk__in=numbers(subjects, "arrival")),
    _remove_arrivals,
    frozenset({Receipt}),
)
AGREEMENTS = Keeper("agreements", _agreed, _held_agreements, lambda rows: rows.delete())
PARTNERS = Keeper(
    "partners", _ended, lambda subjects: Q(pk__in=numbers(subjects, "partner")), _remove_partners, frozenset({Contact})
)
