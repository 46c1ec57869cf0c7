"""How long entries of the log that could not be kept stay."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, Q

from callbox.governance.retention.keeping import Keeper, Rows
from callbox.intelligence.models import SetAside
from callbox.people.models import Agency


def _rows(agency: Agency) -> Rows:
    """Return those of an agency, and those that could not even be read: they are nobody's, and go by the first agency's days."""
    return SetAside.objects.filter(Q(agency=agency) | Q(agency=None)).annotate(started=F("at"))


def _held(_subjects: Sequence[str]) -> Q:
    return Q(pk__in=())  # what is in it is nobody's subject yet; a hold on everything or the class keeps it


SET_ASIDE = Keeper("set-aside", _rows, _held, lambda rows: rows.delete())
