"""How long updates to victims and callers are kept."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max, Q
from django.db.models.functions import Coalesce

from callbox.governance.retention.keeping import Keeper, Rows, numbers
from callbox.operations.models import Case, Update
from callbox.people.models import Agency


def _cases(agency: Agency) -> Rows:
    return Case.objects.of(agency).annotate(started=Coalesce(Max("updates__at"), "at"))


def _held(subjects: Sequence[str]) -> Q:
    return Q(pk__in=numbers(subjects, "case"))


def _remove(rows: Rows) -> None:
    gone = list(rows.values_list("pk", flat=True))
    Update.objects.filter(case__in=gone).delete()
    Case.objects.filter(pk__in=gone).delete()


CASE_UPDATES = Keeper("case-updates", _cases, _held, _remove, frozenset({Update}))
