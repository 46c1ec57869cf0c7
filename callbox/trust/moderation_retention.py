"""How long hidden comments are kept: the copy, the ground, what its author was told and said, the decision."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.db.models.functions import Coalesce

from callbox.governance.retention.keeping import Keeper, Rows, numbers, texts
from callbox.people.models import Agency
from callbox.trust.models import Hiding


def _decided(agency: Agency) -> Rows:
    """Return what nobody has to decide any more; where its author never objected, hiding it was the last decision."""
    decided = Hiding.objects.of(agency).exclude(state="appealed")
    return decided.annotate(started=Coalesce("undone_at", "decided_at", "at"))


def _held(subjects: Sequence[str]) -> Q:
    return (
        Q(pk__in=numbers(subjects, "hiding"))
        | Q(item__in=numbers(subjects, "item"))
        | Q(item__thread__in=texts(subjects, "thread"))
        | Q(snapshot__author__in=texts(subjects, "author"))
    )


MODERATION = Keeper("moderation", _decided, _held, lambda rows: rows.delete())
