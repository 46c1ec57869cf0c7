"""Attesting: propose, review by a second person, withdraw, replace, expire, remind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.state import move
from callbox.core.store import Kept, keep
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.maturity.models import Attestation, Reminder
from callbox.maturity.reminders import Expiring, reminders_due
from callbox.maturity.services import comment_policy
from callbox.maturity.services.measuring import measure_current_anew
from callbox.maturity.services.scores import rescore_current
from callbox.people.models import Agency, User

#: Who acts in the trail when a job runs by itself.
SCHEDULE = "system: schedule"


@dataclass(frozen=True, slots=True)
class Claim:
    """What an attestation says: the condition it supports, the period its evidence speaks of, and for attested numbers the number."""

    condition: str
    practice: str
    title: str
    begins: date
    ends: date | None = None
    link: str = ""
    value: float | None = None


def propose(
    *,
    agency: Agency,
    claim: Claim,
    owner: User,
    by: User,
    document: tuple[str, Iterable[bytes]] | None = None,
    replaces: Attestation | None = None,
) -> Attestation:
    """Propose a document or link as evidence of one condition; it counts once a second person has reviewed it.

    document: its name and bytes, stored before anything is acknowledged.

    Raises:
        RefusedError: neither a document nor a link, a period that ends before it begins, or it replaces one that no longer counts.
    """
    _check(agency, claim, owner=owner, has_document=document is not None, replaces=replaces)
    kept = keep(settings.MEDIA_ROOT, f"evidence/{agency.pk}", *document) if document else Kept("", "", 0)
    with transaction.atomic():
        attestation = Attestation.objects.create(
            agency=agency,
            condition=claim.condition,
            practice=claim.practice,
            title=claim.title,
            link=claim.link,
            value=claim.value,
            begins=claim.begins,
            ends=claim.ends,
            document=kept.place,
            document_name=document[0] if document else "",
            sha256=kept.sha256,
            size=kept.size,
            owner=owner,
            proposed_by=by,
            proposed_at=timezone.now(),
            replaces=replaces,
        )
        _score_anew(attestation)
        _tell(attestation, Audited.ATTESTATION_ADDED, by=by, sha256=kept.sha256, title=claim.title)
    return attestation


def _score_anew(attestation: Attestation) -> None:
    """Score with what counts now; where the document itself is looked through, measure with it too."""
    rescore_current(attestation.agency)
    if attestation.condition == comment_policy.POLICY:
        measure_current_anew(attestation.agency)


def _check(agency: Agency, claim: Claim, *, owner: User, has_document: bool, replaces: Attestation | None) -> None:
    if has_document == bool(claim.link):
        raise RefusedError(_("Add either a document or a link. Nothing was saved."))
    if claim.ends is not None and claim.ends < claim.begins:
        raise RefusedError(_("The period ends before it begins. Nothing was saved."))
    if agency.role_of(owner) is None:
        raise RefusedError(_("The owner must belong to this agency. Nothing was saved."))
    if replaces is not None and replaces.state not in {"proposed", "reviewed", "expired"}:
        raise RefusedError(_("That evidence was withdrawn or replaced already. Add new evidence instead."))


def review(*, attestation: Attestation, by: User) -> None:
    """Accept `attestation` as a second person; from now on it counts, and the one it replaces no longer does.

    Raises:
        RefusedError: `by` owns or proposed it.
        UndeclaredMoveError, MovedMeanwhileError: it no longer waits for a review.
    """
    _second_person(attestation, by)
    now = timezone.now()
    with transaction.atomic():
        move(attestation, "reviewed", reviewer=by, reviewed_at=now, expires_on=attestation.last_day(now.date()), why="")
        old = attestation.replaces
        if old is not None and old.state == "reviewed":
            move(old, "replaced")
        _score_anew(attestation)
        _tell(attestation, Audited.ATTESTATION_REVIEWED, by=by, sha256=attestation.sha256)


def refuse(*, attestation: Attestation, by: User, why: str) -> None:
    """Refuse `attestation` as a second person, with a reason its owner can act on.

    Raises:
        RefusedError: `by` owns or proposed it, or gives no reason.
    """
    _second_person(attestation, by)
    if not why.strip():
        raise RefusedError(_("Say why, so that the owner knows what to change."))
    with transaction.atomic():
        move(attestation, "refused", reviewer=by, reviewed_at=timezone.now(), why=why.strip())
        _score_anew(attestation)
        _tell(attestation, Audited.ATTESTATION_REFUSED, by=by, why=why.strip())


def withdraw(*, attestation: Attestation, by: User, why: str = "") -> None:
    """Take `attestation` back; it stops counting at once, and `restore` undoes that."""
    with transaction.atomic():
        move(attestation, "withdrawn", why=why.strip())
        _score_anew(attestation)
        _tell(attestation, Audited.ATTESTATION_WITHDRAWN, by=by, why=why.strip())


def restore(*, attestation: Attestation, by: User) -> None:
    """Undo a withdrawal: it returns to where it was, reviewed or waiting for its review."""
    with transaction.atomic():
        move(attestation, "reviewed" if attestation.reviewed_at else "proposed", why="")
        _score_anew(attestation)
        _tell(attestation, Audited.ATTESTATION_RESTORED, by=by)


def expire_overdue(*, today: date) -> int:
    """Move reviewed attestations whose last day has passed to `expired`; return how many. History stays."""
    count = 0
    for attestation in Attestation.objects.overdue(today).select_related("agency"):
        with transaction.atomic():
            move(attestation, "expired")
            _score_anew(attestation)
            _tell(attestation, Audited.ATTESTATION_EXPIRED, by=SCHEDULE, expired_on=str(attestation.expires_on))
        count += 1
    return count


def send_reminders(*, now: datetime) -> int:
    """Remind owners of evidence that expires in 30, 7 or 1 days, once each; return how many were written down to be sent.

    The reminder is recorded before the letter goes out: a letter that is lost is not sent twice, and the evidence page shows it anyway.
    """
    rows = {
        row.pk: row for row in Attestation.objects.reviewed().exclude(expires_on=None).select_related("owner", "agency")
    }
    told: dict[int, set[int]] = {}
    for pk, step in Reminder.objects.filter(attestation__in=rows).values_list("attestation", "step"):
        told.setdefault(pk, set()).add(step)
    expiring = [Expiring(pk, row.expires_on, frozenset(told.get(pk, ()))) for pk, row in rows.items() if row.expires_on]
    due = reminders_due(expiring, now.date())
    for pk, step in due:
        attestation = rows[pk]
        with transaction.atomic():
            Reminder.objects.create(agency=attestation.agency, attestation=attestation, step=step, at=now)
            _tell(attestation, Audited.ATTESTATION_REMINDED, by=SCHEDULE, step=step)
        _write_to_owner(attestation)
    return len(due)


def expire_today() -> int:
    """Do `expire_overdue` by today's date: a line of the schedule."""
    return expire_overdue(today=timezone.now().date())


def remind_today() -> int:
    """Do `send_reminders` by the clock: a line of the schedule."""
    return send_reminders(now=timezone.now())


def _write_to_owner(attestation: Attestation) -> None:
    send_mail(
        _("Evidence expires on %(date)s: %(title)s") % {"date": attestation.expires_on, "title": attestation.title},
        _(
            "Hello %(name)s,\n\nthe evidence “%(title)s” for practice %(practice)s counts until %(date)s.\n"
            "After that day the practice may fall to a lower level. Add the current document on the evidence page; "
            "a second person then reviews it.\n"
        )
        % {
            "name": attestation.owner,
            "title": attestation.title,
            "practice": attestation.practice,
            "date": attestation.expires_on,
        },
        None,
        [attestation.owner.email],
    )


def _second_person(attestation: Attestation, by: User) -> None:
    if by.pk in {attestation.owner_id, attestation.proposed_by_id}:
        raise RefusedError(_("Somebody other than the owner must review this. It still waits for a second person."))


def _tell(attestation: Attestation, action: Audited, *, by: User | str, **data: Value) -> None:
    record(
        agency=attestation.agency,
        by=by,
        action=action,
        target=f"attestation:{attestation.pk}",
        data={"condition": attestation.condition, **data},
    )
