"""Pressing the freeze, lifting it, and asking whether one stands. Whoever cannot be told holds: the sender asks in its own transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.governance.models import Freeze
from callbox.people.models import Agency, User

#: Whether a freeze stands.
_STANDS: Final = f'SELECT 1 FROM "{Freeze._meta.db_table}" WHERE "agency_id" = %s AND "lifted_at" IS NULL'  # noqa: S608


def press(*, agency: Agency, why: str, by: User) -> Freeze:
    """Stop everything of `agency`. Pressed twice, the first one stands.

    Raises:
        RefusedError: no reason is given.
    """
    if not why.strip():
        raise RefusedError(_("Say in a few words why everything stops. Others will read it."))
    try:
        with transaction.atomic():
            freeze = Freeze.objects.create(agency=agency, why=why.strip()[:300], by=by, at=timezone.now())
            data = {"why": freeze.why}
            record(agency=agency, by=by, action=Audited.FREEZE_PRESSED, target=f"freeze:{freeze.pk}", data=data)
    except IntegrityError:  # two people pressed at once
        return Freeze.objects.of(agency).standing().get()
    return freeze


@transaction.atomic
def lift(*, agency: Agency, by: User) -> Freeze | None:
    """Let things leave again; what became due meanwhile waits for a person. Returns None when nothing was frozen."""
    freeze = Freeze.objects.of(agency).standing().select_for_update().first()
    if freeze is None:
        return None
    freeze.lifted_by, freeze.lifted_at = by, timezone.now()
    freeze.save(update_fields=["lifted_by", "lifted_at"])
    record(agency=agency, by=by, action=Audited.FREEZE_LIFTED, target=f"freeze:{freeze.pk}")
    return freeze


def standing(agency: Agency) -> Freeze | None:
    """Return the freeze that stands, None when things may leave."""
    return Freeze.objects.of(agency).standing().select_related("by").first()


def pressed_at(agency: int) -> datetime | None:
    """Return since when the freeze of an agency (its number) stands; the sender's question, asked twice for every delivery.

    Mostly none does, and that much is asked in a statement written out: Django would build it anew each time.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STANDS, [agency])
        if cursor.fetchone() is None:
            return None
    return Freeze.objects.filter(lifted_at=None, agency_id=agency).values_list("at", flat=True).get()
