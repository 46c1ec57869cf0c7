"""Approving, voiding, and the question the sender asks at the last gate."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.governance.models import Approval
from callbox.governance.policy import Bound, Rule, may_approve
from callbox.people.models import Agency, User


@transaction.atomic
def approve(*, agency: Agency, bound: Bound, rule: Rule, authors: Collection[int], by: User) -> Approval:
    """Write down that `by` lets exactly this go.

    Raises:
        RefusedError: `by` is among the authors and the rule asks for a second person.
    """
    if not may_approve(rule=rule, approver=by.pk, authors=authors):
        raise RefusedError(_("Nobody approves their own words. Ask someone else who may approve."))
    approval = Approval.objects.create(
        agency=agency,
        subject=bound.subject,
        digest=bound.digest,
        parts=dict(bound.parts),
        due=bound.due,
        rule=rule,
        by=by,
        at=timezone.now(),
    )
    record(
        agency=agency,
        by=by,
        action=Audited.APPROVAL_GIVEN,
        target=bound.subject,
        data={"digest": bound.digest, "rule": rule, "accounts": sorted(bound.parts)},
    )
    return approval


@transaction.atomic
def void(*, agency: Agency, subject: str, why: str, by: User | str, rule: Rule | None = None) -> int:
    """Void every standing approval of `subject`, or those under one rule; return how many there were."""
    standing = Approval.objects.of(agency).filter(subject=subject).standing()
    if rule is not None:
        standing = standing.filter(rule=rule)
    digests = sorted(standing.values_list("digest", flat=True))
    count = standing.update(voided_at=timezone.now(), voided_why=why)
    if count:
        record(
            agency=agency, by=by, action=Audited.APPROVAL_VOIDED, target=subject, data={"digests": digests, "why": why}
        )
    return count


def covers(approval: Approval, *, account: str, rendition_digest: str) -> bool:
    """The last gate: whether `approval` still stands, is whole, and names this digest for this account (`deliveries.binding`)."""
    whole = Bound(approval.subject, approval.parts, approval.due).digest == approval.digest
    return whole and approval.voided_at is None and approval.parts.get(account) == rendition_digest
