"""How long tips are kept: two years from the last letter, unless they became part of a case, which keeps them by its own rules.

Tips may live in a database of their own, which knows nothing of the purge's transaction: they are deleted a moment before their
certificate is written. A crash in between leaves deleted tips without a certificate, never a certificate for tips that are still there.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import DateTimeField, Max, Q
from django.db.models.functions import Cast

from callbox.governance.retention.keeping import Keeper, Rows, texts
from callbox.people.models import Agency
from callbox.trust.tips.models import Letter, Tip


def _rows(agency: Agency) -> Rows:
    kept = Tip.objects.of(agency).filter(promoted=False)
    return kept.annotate(started=Cast(Max("letters__day"), DateTimeField()))


def _held(subjects: Sequence[str]) -> Q:
    return Q(pk__in=[UUID(text) for text in texts(subjects, "tip") if _is_id(text)])


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


TIPS = Keeper("tips", _rows, _held, lambda rows: rows.delete(), frozenset({Letter}))
