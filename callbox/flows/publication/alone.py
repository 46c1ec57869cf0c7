"""One person lets an urgent message go at once; a second one looks at it afterwards instead of before (features: B8)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.state import move
from callbox.core.text import Reason
from callbox.flows.publication.permission import as_seen, authors_of, bound_of, fresh, given, let_go, listed, tell
from callbox.flows.publication.recipients import Recipients, addressed
from callbox.governance import approvals, emergency, freezing
from callbox.governance.actions import Audited
from callbox.governance.alone import Reach, Situation, obstacles
from callbox.governance.models import Approval, LoneApproval
from callbox.governance.policy import TWO_APPROVERS
from callbox.people.models import User
from callbox.people.roles import ALLOWED, Action
from callbox.voice.models import Message, Version
from callbox.voice.services import messages


def obstacles_to_sending_alone(message: Message, version: Version, user: User) -> list[Reason]:
    """Return what keeps this person from sending `version` of `message` alone; nothing when they may."""
    agency = message.agency
    role = agency.role_of(user)
    reach = {Reach.LETTERS if account.startswith("email:") else Reach.PUBLIC for account in version.accounts}
    situation = Situation(
        role=role.value if role in ALLOWED[Action.SEND_ALONE] else "",
        reach=reach | ({Reach.CORRECTION} if message.corrects_id else set()),
        urgent=version.written.urgent,
        at_once=version.due is None,
        exercise=agency.exercise,
        frozen=freezing.pressed_at(agency.pk) is not None,
        two_approvers=_continues_what_two_approved(message),
        second=role in ALLOWED[Action.APPROVE_MESSAGE] and _would_complete(message, version, user),
    )
    return [Reason(code) for code in obstacles(emergency.allowance(agency), situation)]


def _would_complete(message: Message, version: Version, approver: User) -> bool:
    """Whether this person's approval is all that is missing, so that nothing has to be sent alone."""
    if approver.pk in authors_of(message):
        return False
    least = approvals.needed(message.agency)
    return least == 1 or len({approver.pk, *(row.by_id for row in given(message, bound_of(version)))}) >= least


def _continues_what_two_approved(message: Message) -> bool:
    """Whether this, or anything it corrects, went out under the approvals of an alert."""
    subjects, before = [message.subject], message.corrects
    while before is not None:
        subjects.append(before.subject)
        before = before.corrects
    return Approval.objects.of(message.agency).filter(subject__in=subjects, rule=TWO_APPROVERS).exists()


def send_alone(
    *, message: Message, digest: str, why: str, by: User, recipients: Recipients = addressed
) -> LoneApproval:
    """Let exactly what `by` saw leave at once, by one person, the author too; a review by a second person is owed from then on.

    digest: `bound_of(version).digest` of the page `by` looked at.  recipients: whom an account of kind "email" writes to.

    Raises:
        RefusedError: the agency's rule does not allow it, no reason is given, it changed since, or something stands in its way.
    """
    with transaction.atomic():
        version = messages.lock(message)
        if message.state not in {"draft", "submitted"}:
            raise RefusedError(_("This message was sent or put away already. Nothing was sent."))
        against = obstacles_to_sending_alone(message, version, by)
        if against:
            raise RefusedError(
                _("You cannot send it alone: %(reasons)s. Nothing was sent.") % {"reasons": listed(against)}
            )
        authors = authors_of(message)
        if message.state == "draft":
            version = fresh(message, version, by)
        shown, bound = as_seen(version, digest)
        if message.state == "draft":
            move(message, "submitted", why="", changed_at=timezone.now())
            tell(message, Audited.MESSAGE_SUBMITTED, version, by)
        sent = emergency.approve_alone(agency=message.agency, bound=bound, why=why, authors=authors, by=by)
        let_go(message, version, shown, sent.approval, recipients, by)
        move(message, "approved", why="", changed_at=timezone.now())
    return sent
