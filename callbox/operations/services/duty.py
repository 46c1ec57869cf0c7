"""The letter to the people on duty when nobody at dispatch has acknowledged: whom to call, and nothing of any person."""

from __future__ import annotations

import logging

from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.operations.models import Escalation
from callbox.operations.services.escalations import BY
from callbox.people.models import Agency, Membership
from callbox.people.roles import ALLOWED, Action

log = logging.getLogger("callbox.worker")


def tell_duty() -> int:
    """Write to everybody who may escalate about each that lapsed; return how many were told of. A letter that failed is tried again."""
    told = 0
    for row in Escalation.objects.lapsed().filter(told_at=None).select_related("agency", "gateway").order_by("pk"):
        count = _write(row)
        if count is None:
            continue
        with transaction.atomic():
            if Escalation.objects.filter(pk=row.pk, told_at=None).update(told_at=timezone.now()):
                record(
                    agency=row.agency,
                    by=BY,
                    action=Audited.ESCALATION_DUTY_TOLD,
                    target=row.called,
                    data={"letters": count},
                )
                told += 1
    return told


def _write(row: Escalation) -> int | None:
    """Return how many letters left; None when all of them failed. One bad address stops no other."""
    people = on_duty(row.agency)
    title = _("Exercise: call dispatch now") if row.exercise else _("Call dispatch now")
    text = _(
        "Nobody at %(gateway)s has acknowledged %(reference)s.\n\nCall %(phone)s, give the reference, and make sure that somebody has it."
        " Then sign in to the desk and write down what became of it."
    ) % {"gateway": row.gateway, "reference": row.short, "phone": row.gateway.phone}
    sent = 0
    for member in people:
        try:
            sent += send_mail(title, text, None, [member.user.email])
        except OSError as error:  # every failure of a mail server is one
            log.warning("A lapse in %s could not be told to everybody: %s.", row.agency.slug, type(error).__name__)
    return sent if sent or not people else None


def on_duty(agency: Agency) -> list[Membership]:
    """Return the members who may escalate."""
    rows = Membership.objects.filter(agency=agency, role__in=ALLOWED[Action.ESCALATE], user__is_active=True)
    return list(rows.select_related("user"))
