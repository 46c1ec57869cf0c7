"""How long the files of a record are kept once an assessment no longer needs them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from callbox.core.store import locate
from callbox.governance.retention.keeping import Keeper, Rows, numbers
from callbox.maturity.models import Assessment, Upload
from callbox.maturity.services.measuring import rejects_file
from callbox.people.models import Agency


def _finished(agency: Agency) -> Rows:
    """Return files of assessments that are frozen or withdrawn: nothing reads them again."""
    files = Upload.objects.of(agency).filter(assessment__state__in=("frozen", "withdrawn"))
    return files.annotate(started=Coalesce(F("assessment__frozen_at"), F("at")))


def _held(subjects: Sequence[str]) -> Q:
    return Q(pk__in=numbers(subjects, "upload")) | Q(assessment__in=numbers(subjects, "assessment"))


def _remove(rows: Rows) -> None:
    for assessment in Assessment.objects.filter(uploads__in=rows).distinct():
        rejects_file(assessment).unlink(missing_ok=True)
    for path in rows.values_list("path", flat=True):
        locate(Path(settings.MEDIA_ROOT), path).unlink(missing_ok=True)
    rows.delete()


RECORD_FILES = Keeper("record-files", _finished, _held, _remove)
