"""How long alerts are kept. What was followed goes after what followed it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from callbox.governance.retention.keeping import Keeper, Rows, numbers
from callbox.operations.models import Alert, AlertVersion
from callbox.people.models import Agency


def _alerts(agency: Agency) -> Rows:
    return Alert.objects.of(agency).annotate(started=Coalesce("expires", F("changed_at")))


def _held(subjects: Sequence[str]) -> Q:
    return Q(pk__in=numbers(subjects, "alert")) | Q(incident__in=numbers(subjects, "incident"))


def _remove(rows: Rows) -> None:
    gone = list(rows.values_list("pk", flat=True))
    AlertVersion.objects.filter(alert__in=gone).delete()
    Alert.objects.filter(pk__in=gone).delete()


ALERTS = Keeper("alerts", _alerts, _held, _remove, frozenset({AlertVersion}))
