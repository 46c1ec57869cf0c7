"""Approving, voiding, and the question the sender asks at the last gate."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.governance.models import Approval, ApprovalRule
from callbox.governance.policy import LEAST_APPROVERS, MOST_APPROVERS, Bound, Rule, may_approve
from callbox.people.models import Agency, User
from callbox.people.roles import ALLOWED, Action, can


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


def rule_of(agency: Agency) -> ApprovalRule | None:
    """Return the agency's rule for messages, None while it never set one."""
    return ApprovalRule.objects.filter(agency=agency).select_related("by").first()


def needed(agency: Agency) -> int:
    """Return how many people besides its authors approve a message of this agency."""
    rule = rule_of(agency)
    return rule.needed if rule else LEAST_APPROVERS


@transaction.atomic
def set_needed(*, agency: Agency, needed: int, why: str, by: User) -> ApprovalRule:
    """Say how many people approve a message. It counts at once, for what waits too; what was approved stays approved.

    Raises:
        RefusedError: no reason is given, the number is out of bounds, or more are asked for than the agency has.
    """
    if not why.strip():
        raise RefusedError(_("Say in a few words why the rule is like this. It stands in the record."))
    if not LEAST_APPROVERS <= needed <= MOST_APPROVERS:
        raise RefusedError(
            _("A message is approved by %(least)d to %(most)d people. Nothing was changed.")
            % {"least": LEAST_APPROVERS, "most": MOST_APPROVERS}
        )
    able = agency.memberships.filter(role__in=ALLOWED[Action.APPROVE_MESSAGE], user__is_active=True).count()
    if needed > max(able, LEAST_APPROVERS):
        raise RefusedError(
            _("%(able)d people here may approve messages, so nothing would ever leave. Give somebody the role first.")
            % {"able": able}
        )
    said: dict[str, Value] = {"needed": needed, "why": why.strip()[:500]}
    rule, _new = ApprovalRule.objects.update_or_create(agency=agency, defaults={**said, "by": by, "at": timezone.now()})
    record(agency=agency, by=by, action=Audited.APPROVAL_RULE_SET, target=f"agency:{agency.slug}", data=said)
    return rule


def given(*, agency: Agency, bound: Bound, rule: Rule, authors: Collection[int], may: Action) -> list[Approval]:
    """Return the approvals that stand for exactly this, oldest first, of people who may still give them: who lost the role counts no more.

    may: what the role must allow.
    """
    rows = Approval.objects.of(agency).filter(subject=bound.subject, digest=bound.digest, rule=rule).standing()
    return [
        row
        for row in rows.select_related("by").order_by("pk")
        if may_approve(rule=rule, approver=row.by_id, authors=authors) and can(row.by, may, agency)
    ]


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
