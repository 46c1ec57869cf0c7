"""An agency's own days, and holds: each change one transaction with one event."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.governance.models import Hold, RetentionRule
from callbox.governance.retention.classes import RetentionClass, classes
from callbox.governance.retention.keeping import NAMED, NUMBERED
from callbox.governance.retention.rule import EVERYTHING, class_subject, days_in_force
from callbox.people.models import Agency, User

#: Fewer days than this is a slip of the pen, more than this a way of saying for ever.
MOST_DAYS = 36_500


@transaction.atomic
def set_days(*, agency: Agency, class_id: str, origin: str, days: int, reason: str, by: User) -> RetentionRule:
    """Set the agency's own number of days for a class, or the number a local law allows; the shorter of the two counts.

    Raises:
        RefusedError: nothing of this class is ever purged; the number is out of bounds; no reason is given.
    """
    of = _purged(class_id)
    least = of.least if origin == RetentionRule.Origin.OWN else 1
    if not least <= days <= MOST_DAYS:
        raise RefusedError(
            _("Nothing was changed: give a number of days from %(least)d to %(most)d. The least comes from: %(source)s")
            % {"least": least, "most": MOST_DAYS, "source": of.source}
        )
    if not reason.strip():
        raise RefusedError(_("Nothing was changed: give the reason, or the law with its section."))
    _lock(agency)
    before = RetentionRule.objects.filter(agency=agency, class_id=class_id, origin=origin).first()
    values: dict[str, Any] = {"days": days, "reason": reason.strip(), "by": by, "at": timezone.now()}
    rule, _made = RetentionRule.objects.update_or_create(
        agency=agency, class_id=class_id, origin=origin, defaults=values
    )
    record(
        agency=agency,
        by=by,
        action=Audited.RETENTION_SET,
        target=class_subject(class_id),
        data={"origin": origin, "before": before.days if before else None, "days": days, "reason": rule.reason},
    )
    return rule


@transaction.atomic
def clear_days(*, agency: Agency, class_id: str, origin: str, by: User) -> None:
    """Go back to the number of the class, or take a local law off. Does nothing where no number was set."""
    _lock(agency)
    rule = RetentionRule.objects.filter(agency=agency, class_id=class_id, origin=origin).first()
    if rule is None:
        return
    rule.delete()
    record(
        agency=agency,
        by=by,
        action=Audited.RETENTION_CLEARED,
        target=class_subject(class_id),
        data={"origin": origin, "before": rule.days},
    )


@transaction.atomic
def place_hold(*, agency: Agency, subject: str, reason: str, reference: str, by: User) -> Hold:
    """Keep what `subject` names past its time, until the hold is released.

    The agency's row is locked, as the purge does: a hold is either placed before a batch and kept to, or after it.

    Raises:
        RefusedError: the subject is not one a hold can cover; no reason or no reference is given.
    """
    subject, reason, reference = _named(subject.strip()), reason.strip(), reference.strip()
    if not subject:
        raise RefusedError(
            _("No hold was placed: write what to keep as a kind and a number, like message:12, or choose a class.")
        )
    if not reason or not reference:
        raise RefusedError(_("No hold was placed: give the reason and the case or file number."))
    _lock(agency)
    hold = Hold.objects.create(
        agency=agency, subject=subject, reason=reason, reference=reference, by=by, since=timezone.now()
    )
    record(
        agency=agency,
        by=by,
        action=Audited.HOLD_PLACED,
        target=subject[:200],
        data={"hold": hold.pk, "reason": reason, "reference": reference},
    )
    return hold


@transaction.atomic
def release_hold(*, hold: Hold, why: str, by: User) -> None:
    """End a hold; what it kept past its time goes with the next nightly purge, unless another hold covers it.

    Raises:
        RefusedError: it was released already, or no reason is given.
    """
    if not why.strip():
        raise RefusedError(_("The hold stands: say why it ends."))
    _lock(hold.agency)
    now = timezone.now()
    count = Hold.objects.standing().filter(pk=hold.pk).update(released_at=now, released_by=by, released_why=why.strip())
    if not count:
        raise RefusedError(_("Nothing was changed: this hold was released before."))
    record(
        agency=hold.agency,
        by=by,
        action=Audited.HOLD_RELEASED,
        target=hold.subject[:200],
        data={"hold": hold.pk, "why": why.strip(), "reference": hold.reference},
    )


def days_of(agency: Agency) -> dict[str, int | None]:
    """Return the number of days in force for every class of an agency; None: kept for ever."""
    rules = {(rule.class_id, rule.origin): rule.days for rule in RetentionRule.objects.filter(agency=agency)}
    return {
        one.id: days_in_force(one, own=rules.get((one.id, "own")), law=rules.get((one.id, "law")))
        for one in classes().values()
    }


def subjects_on_hold(agency: Agency) -> list[str]:
    """Return the subjects of every standing hold of an agency, each once."""
    return sorted(set(Hold.objects.of(agency).standing().values_list("subject", flat=True)))


def _lock(agency: Agency) -> None:
    Agency.objects.select_for_update().get(pk=agency.pk)


def _purged(class_id: str) -> RetentionClass:
    of = classes().get(class_id)
    if of is None or of.days is None:
        raise RefusedError(_("Nothing was changed: nothing of this kind is ever purged."))
    return of


def _named(subject: str) -> str:
    """Return the subject as keepers ask for it; empty where no hold can cover it."""
    kind, _colon, name = (part.strip() for part in subject.partition(":"))
    if kind in NUMBERED and name.isascii() and name.isdecimal() and len(name) < 19:
        return f"{kind}:{int(name)}"
    known = subject == EVERYTHING or (kind == "class" and name in classes())
    known = known or (kind in NAMED and bool(name) and len(subject) <= 520 and subject.isprintable())
    return subject if known else ""
