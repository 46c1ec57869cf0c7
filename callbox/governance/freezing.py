"""Pressing the freeze, lifting it, and asking whether one stands. Whoever cannot be told holds: the sender asks in its own transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.governance.models import Freeze
from callbox.people.models import Agency, User


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
            record(agency=agency, by=by, action=Audited.FREEZE_PRESSED, target=f"freeze:{freeze.pk}", data={"why": why})
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
    """Return since when the freeze of an agency (its number) stands; the sender's question, asked twice for every delivery."""
    rows = Freeze.objects.filter(agency_id=agency, lifted_at=None).order_by()
    return next(iter(rows.values_list("at", flat=True)), None)
