"""One person alone: the agency's rule, the approval it lets one person give, and the review that is owed for it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.state import move
from callbox.governance import approvals
from callbox.governance.actions import Audited
from callbox.governance.alone import LEAST_HOURS, MOST_HOURS, Allowance, Reach
from callbox.governance.audit import Value, record
from callbox.governance.models import Approval, EmergencyRule, LoneApproval
from callbox.governance.policy import EMERGENCY, Bound
from callbox.people.models import Agency, User
from callbox.people.roles import ALLOWED, Action, can

#: Who acts in the trail when a job runs by itself.
SCHEDULE = "system: schedule"


def rule_of(agency: Agency) -> EmergencyRule | None:
    """Return the agency's rule, None while it never set one."""
    return EmergencyRule.objects.filter(agency=agency).select_related("by").first()


def allowance(agency: Agency) -> Allowance:
    """Return what one person may do alone: nothing, unless a rule says so."""
    rule = rule_of(agency)
    return rule.allowance if rule else Allowance()


@transaction.atomic
def set_rule(
    *, agency: Agency, roles: Collection[str], kinds: Collection[str], hours: int, why: str, by: User
) -> EmergencyRule:
    """Say who may send what alone, and within how many hours a second person reviews. No roles: nobody may.

    Raises:
        RefusedError: no reason is given, a role or kind is none, or it lets people send who may not write.
    """
    if agency.exercise:
        raise RefusedError(_("This agency is for drills. Nobody sends alone here."))
    if not why.strip():
        raise RefusedError(_("Say in a few words why the rule is like this. It stands in the record."))
    if not set(roles) <= ALLOWED[Action.SEND_ALONE] or not set(kinds) <= set(Reach):
        raise RefusedError(
            _("The rule names a role that may not send alone, or a kind there is not. Nothing was changed.")
        )
    if roles and not kinds:
        raise RefusedError(_("Say which messages one person may send alone, or choose no role. Nothing was changed."))
    if not LEAST_HOURS <= hours <= MOST_HOURS:
        raise RefusedError(
            _("A review is due within %(least)d to %(most)d hours. Nothing was changed.")
            % {"least": LEAST_HOURS, "most": MOST_HOURS}
        )
    said: dict[str, Value] = {"roles": sorted(roles), "kinds": sorted(kinds), "hours": hours, "why": why.strip()[:500]}
    rule, _new = EmergencyRule.objects.update_or_create(
        agency=agency, defaults={**said, "by": by, "at": timezone.now()}
    )
    record(agency=agency, by=by, action=Audited.EMERGENCY_RULE_SET, target=f"agency:{agency.slug}", data=said)
    return rule


@transaction.atomic
def approve_alone(*, agency: Agency, bound: Bound, why: str, authors: Collection[int], by: User) -> LoneApproval:
    """Write down that `by` alone lets exactly this go, and that a second person owes a review.

    authors: whose words these are, by id.

    Raises:
        RefusedError: no reason is given, or no rule of the agency lets anybody send alone.
    """
    if not why.strip():
        raise RefusedError(_("Say in a few words why this cannot wait for a second person. They will read it."))
    rule = rule_of(agency)
    if rule is None or not rule.roles:
        raise RefusedError(_("This agency lets nobody send alone. Nothing was sent."))
    approval = approvals.approve(agency=agency, bound=bound, rule=EMERGENCY, authors=authors, by=by)
    row = LoneApproval.objects.create(
        agency=agency,
        approval=approval,
        why=why.strip()[:500],
        authors=sorted(authors),
        due=approval.at + timedelta(hours=rule.hours),
    )
    data = {"why": row.why, "digest": bound.digest, "due": row.due.isoformat()}
    record(agency=agency, by=by, action=Audited.SENT_ALONE, target=bound.subject, data=data)
    return row


def may_review(row: LoneApproval, user: User) -> bool:
    """Whether this person may review: the role, and neither the sender nor an author."""
    return can(user, Action.REVIEW_ALONE, row.agency) and user.pk != row.approval.by_id and user.pk not in row.authors


@transaction.atomic
def review(*, row: LoneApproval, finding: str, said: str, by: User) -> None:
    """Write down what the second person found. What should not go out and has not left yet stays here: its approval is void.

    Raises:
        RefusedError: `by` sent it or wrote some of it, somebody reviewed it already, or the finding has no words.
    """
    row = LoneApproval.objects.select_for_update(of=("self",)).select_related("approval", "agency").get(pk=row.pk)
    if not may_review(row, by):
        raise RefusedError(
            _("A second person reviews: neither who sent it nor who wrote it. Nothing was written down.")
        )
    if row.state != "owed":
        raise RefusedError(_("Somebody has reviewed this already. Below stands what they found."))
    if finding not in LoneApproval.Finding.values or not said.strip():
        raise RefusedError(_("Choose what you found and write a sentence to it. Nothing was written down."))
    now = timezone.now()
    move(row, "reviewed", finding=finding, said=said.strip()[:1000], by=by, at=now)
    if finding == LoneApproval.Finding.WRONG:
        why = _("The second person found that it should not go out like this.")
        approvals.void(agency=row.agency, subject=row.approval.subject, why=why, by=by, rule=EMERGENCY)
    data: dict[str, Value] = {"finding": finding, "said": row.said, "late": now > row.due, "approval": row.approval_id}
    record(agency=row.agency, by=by, action=Audited.LONE_REVIEWED, target=row.approval.subject, data=data)


def owes_a_review(approval: Approval) -> bool:
    """Whether an approval by one person alone has its row: without one it lets nothing go."""
    return LoneApproval.objects.filter(approval=approval, agency=approval.agency_id).exists()


def note_overdue() -> int:
    """Write into the trail, once each, that nobody reviewed in time; return how many there were. Safe to run twice at once."""
    now, noted = timezone.now(), 0
    for row in LoneApproval.objects.overdue(now).filter(overdue_at=None).select_related("approval", "agency"):
        with transaction.atomic():
            if LoneApproval.objects.filter(pk=row.pk, state="owed", overdue_at=None).update(overdue_at=now):
                data: dict[str, Value] = {"due": row.due.isoformat(), "approval": row.approval_id}
                record(
                    agency=row.agency,
                    by=SCHEDULE,
                    action=Audited.LONE_OVERDUE,
                    target=row.approval.subject,
                    data=data,
                )
                noted += 1
    return noted
