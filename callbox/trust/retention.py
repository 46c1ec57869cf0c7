"""How long subscriptions are kept: what nobody confirmed goes, of what ended a digest of the consent stays."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db.models import F, Q

from callbox.core.plain import canonical
from callbox.governance.retention.keeping import Keeper, Rows, numbers
from callbox.people.models import Agency
from callbox.trust.models import Subscription


def _unconfirmed(agency: Agency) -> Rows:
    return Subscription.objects.of(agency).filter(state="pending").annotate(started=F("asked_at"))


def _ended(agency: Agency) -> Rows:
    ended = Subscription.objects.of(agency).filter(state="ended", ended_at__isnull=False)
    return ended.exclude(consent={}).exclude(consent__has_key="digest").annotate(started=F("ended_at"))


def _held(subjects: Sequence[str]) -> Q:
    return Q(pk__in=numbers(subjects, "subscription"))


def _blank(rows: Rows) -> None:
    """Leave of the consent its digest and when it was given; the address went when the subscription ended."""
    for row in rows.only("pk", "consent"):
        kept = {"digest": hashlib.sha256(canonical(row.consent)).hexdigest(), "at": row.consent.get("at", "")}
        Subscription.objects.filter(pk=row.pk).update(consent=kept)


UNCONFIRMED = Keeper("unconfirmed", _unconfirmed, _held, lambda rows: rows.delete())
SUBSCRIPTIONS = Keeper("subscriptions", _ended, _held, _blank)
