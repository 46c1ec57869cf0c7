"""How long deliveries are kept, and the addresses and words of letters."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat

from callbox.governance.retention.keeping import Keeper, Rows, numbers
from callbox.networks.deliveries.models import Delivery
from callbox.people.models import Agency

#: Stands before a row's number where an address stood: two letters of one mailing must stay two.
BLANK = "purged:"
#: Nothing more happens to these; what is under way or waits for a person is never purged.
_SETTLED = ("sent", "given-up")


def _settled(agency: Agency) -> Rows:
    settled = Delivery.objects.of(agency).filter(state__in=_SETTLED, settled_at__isnull=False)
    return settled.annotate(started=F("settled_at"))


def _letters(agency: Agency) -> Rows:
    return _settled(agency).exclude(recipient="").exclude(recipient__startswith=BLANK)


def _held(subjects: Sequence[str]) -> Q:
    return Q(subject__in=subjects) | Q(pk__in=numbers(subjects, "delivery"))


def _blank(rows: Rows) -> None:
    gone = Concat(Value(BLANK), Cast("pk", CharField()))
    rows.update(recipient=gone, rendition={}, said="", remote_id="", url="")


DELIVERIES = Keeper("deliveries", _settled, _held, lambda rows: rows.delete())
LETTERS = Keeper("letters", _letters, _held, _blank)
