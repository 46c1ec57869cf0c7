"""How long the roster is kept."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, Q

from callbox.governance.retention.keeping import Keeper, Rows, numbers
from callbox.operations.models import Shift
from callbox.people.models import Agency


def _shifts(agency: Agency) -> Rows:
    return Shift.objects.of(agency).annotate(started=F("ends"))


def _held(subjects: Sequence[str]) -> Q:
    return Q(pk__in=numbers(subjects, "shift"))


SHIFTS = Keeper("shifts", _shifts, _held, lambda rows: rows.delete())
