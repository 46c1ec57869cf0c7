"""The way of a message to the public: submitted, looked at by a second person, bound to what was seen, queued."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.state import move
from callbox.core.text import SENTENCES, Reason
from callbox.flows.publication.recipients import Recipients, addressed
from callbox.flows.publication.renditions import in_place, previews_of, problems_of, public_copies
from callbox.governance import approvals
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.governance.models import Approval
from callbox.governance.policy import EMERGENCY, TWO_PERSONS, Bound, is_approved
from callbox.networks.connections.models import Connection
from callbox.networks.deliveries.binding import part_of
from callbox.networks.deliveries.models import Delivery, Operation
from callbox.networks.deliveries.services import queue, queue_letters, take_off
from callbox.networks.registry import for_people
from callbox.networks.vocabulary import Content, Preview
from callbox.people.models import User
from callbox.people.roles import Action, can
from callbox.voice.models import Message, Version
from callbox.voice.services import messages


def submit(*, message: Message, by: User) -> Version:
    """Hand a draft to a second person; return the version he will see.

    Raises:
        RefusedError: something stands in its way; the sentence names all of it.
    """
    with transaction.atomic():
        version = messages.lock(message)
        if message.state != "draft":
            raise RefusedError(
                _("Only a draft can be submitted. This message was submitted, sent or put away already.")
            )
        found = problems_of(version)
        if found:
            raise RefusedError(
                _("The message was saved but not submitted: %(problems)s.") % {"problems": listed(found)}
            )
        version = fresh(message, version, by)
        move(message, "submitted", why="", changed_at=timezone.now())
        tell(message, Audited.MESSAGE_SUBMITTED, version, by)
    return version


def listed(reasons: Sequence[Reason]) -> str:
    """Return reasons as one sentence, in the language of who asks."""
    return "; ".join(_(SENTENCES[reason.code]) % for_people(reason.values) for reason in reasons)


def fresh(message: Message, version: Version, by: User) -> Version:
    """Return a version no delivery was made of: one that was taken off is never queued again under its old number."""
    if not Delivery.objects.of(message.agency).about(message.subject).filter(version=version.number).exists():
        return version
    return messages.append(
        message=message,
        content=version.written,
        accounts=version.accounts,
        due=version.due,
        expires=version.expires,
        by=by,
    )


def bound_of(version: Version, shown: Sequence[Preview] | None = None) -> Bound:
    """Return all that will be seen of `version`, where and when: what an approval is bound to."""
    found = previews_of(version) if shown is None else shown
    copies = _copies_in_place(version.message)
    parts = {}
    for preview in found:
        operation, replaces = _does(preview, copies)
        parts[preview.rendition.account] = part_of(preview.rendition, operation, replaces)
    return Bound(version.message.subject, parts, version.due)


def _copies_in_place(message: Message) -> dict[str, Delivery]:
    """Return the copies a correction changes in place: account -> what stands there."""
    copies = public_copies(message.corrects) if message.corrects else {}
    return {account: copy for account, copy in copies.items() if in_place(copy)}


def _does(preview: Preview, copies: Mapping[str, Delivery]) -> tuple[Operation, Delivery | None]:
    copy = copies.get(preview.rendition.account)
    return (Operation.EDIT, copy) if copy is not None else (Operation.PUBLISH, None)


def authors_of(message: Message) -> set[int]:
    """Return by id everyone with words in it that no second person has approved: the authors of every version since the last approval."""
    approved = (
        Delivery.objects.of(message.agency)
        .about(message.subject)
        .exclude(approval=None)
        .exclude(approval__rule=EMERGENCY)  # nobody but the sender has seen those
        .order_by("-version")
        .values_list("version", flat=True)
        .first()
    )
    return set(message.versions.filter(number__gt=approved or 0).values_list("by", flat=True))


def send_back(*, message: Message, why: str, by: User) -> None:
    """Hand a submitted message back to its author with a reason.

    Raises:
        RefusedError: no reason is given, or it does not wait for anyone.
    """
    _may_approve(message, by)
    if not why.strip():
        raise RefusedError(_("Say in a few words what should change. The author will read it."))
    with transaction.atomic():
        version = messages.lock(message)
        if message.state != "submitted":
            raise RefusedError(_("This message does not wait for anyone any more."))
        approvals.void(agency=message.agency, subject=message.subject, why=_("It was sent back."), by=by)
        move(message, "draft", why=why.strip()[:500], changed_at=timezone.now())
        tell(message, Audited.MESSAGE_SENT_BACK, version, by)


def given(message: Message, bound: Bound) -> list[Approval]:
    """Return the approvals that count for what a waiting message shows: standing, of others than its authors who may still approve."""
    return approvals.given(
        agency=message.agency,
        bound=bound,
        rule=TWO_PERSONS,
        authors=authors_of(message),
        may=Action.APPROVE_MESSAGE,
    )


def approve(*, message: Message, digest: str, by: User, recipients: Recipients = addressed) -> Approval:
    """Let exactly what `by` saw leave at its hour, in one transaction: the approval, a delivery an account, the event.

    Where the agency's rule asks for several people, all but the last one's approval is kept and the message goes on waiting.

    digest: `bound_of(version).digest` of the page `by` looked at.  recipients: whom an account of kind "email" writes to.

    Raises:
        RefusedError: it changed since, its hour has passed, `by` wrote some of it, approved it already or may not approve, or
            something stands in its way.
    """
    _may_approve(message, by)
    with transaction.atomic():
        version = messages.lock(message)
        if message.state != "submitted":
            raise RefusedError(_("This message does not wait for an approval any more. Nothing was approved."))
        shown, bound = as_seen(version, digest)
        authors, before = authors_of(message), given(message, bound)
        approval = next((row for row in before if row.by_id == by.pk), None)
        everybody = {by.pk, *(row.by_id for row in before)}
        enough = is_approved(
            rule=TWO_PERSONS, approvers=everybody, authors=authors, least=approvals.needed(message.agency)
        )
        if approval is not None and not enough:  # it is, where the rule has come to ask for fewer
            raise RefusedError(_("You have approved this already. Another person must approve it too."))
        if approval is None:
            approval = approvals.approve(agency=message.agency, bound=bound, rule=TWO_PERSONS, authors=authors, by=by)
        if enough:
            let_go(message, version, shown, approval, recipients, by)
            move(message, "approved", why="", changed_at=timezone.now())
    return approval


def as_seen(version: Version, digest: str) -> tuple[list[Preview], Bound]:
    """Return what every account shows of `version`, and all that an approval of it is bound to. The message's row is locked.

    digest: of the page that whoever decides looked at.

    Raises:
        RefusedError: it shows something else by now, or something stands in its way.
    """
    shown = previews_of(version)
    bound = bound_of(version, shown)
    if bound.digest != digest:
        raise RefusedError(_("It changed meanwhile: look again. Nothing was approved."))
    _unhindered(version)
    return shown, bound


def _unhindered(version: Version) -> None:
    found = problems_of(version)
    if found:
        raise RefusedError(_("It was not approved: %(problems)s.") % {"problems": listed(found)})


def carry(
    *,
    message: Message,
    parts: Mapping[str, str],
    under: Sequence[Approval],
    authors: Collection[int],
    recipients: Recipients = addressed,
    by: User,
) -> list[Approval]:
    """Let a draft leave under the approvals of something it belongs to, an alert: the same people saw exactly these renditions.

    parts: what they saw of each account, as `bound_of` names it.  under: their approvals.  authors: who wrote the whole, by id.

    Raises:
        RefusedError: nobody approved, it shows something else by now, or something stands in its way.
    """
    with transaction.atomic():
        version = messages.lock(message)
        shown = previews_of(version)
        bound = bound_of(version, shown)
        if not under or dict(bound.parts) != dict(parts):
            raise RefusedError(_("The accounts would show something else than what was approved. Nothing left."))
        _unhindered(version)
        move(message, "submitted", why="", changed_at=timezone.now())
        tell(message, Audited.MESSAGE_SUBMITTED, version, by)
        given = [
            approvals.approve(agency=message.agency, bound=bound, rule=each.rule, authors=authors, by=each.by)  # type: ignore[arg-type]
            for each in under
        ]
        let_go(message, version, shown, given[-1], recipients, by)
        move(message, "approved", why="", changed_at=timezone.now())
    return given


def _may_approve(message: Message, by: User) -> None:
    """The role counts at this moment, not when the page was opened."""
    if not can(by, Action.APPROVE_MESSAGE, message.agency):
        raise RefusedError(_("You may not approve messages of this agency. Nothing was changed."))


def let_go(
    message: Message,
    version: Version,
    shown: Sequence[Preview],
    approval: Approval,
    recipients: Recipients,
    by: User,
) -> None:
    """Queue a delivery an account, a letter a recipient, under an approval that was given in the same transaction.

    What it corrects goes no further: words that are known to be wrong leave nowhere any more.
    """
    copies = _copies_in_place(message)
    wrong = message.corrects
    while wrong is not None:
        take_off(agency=message.agency, subject=wrong.subject, why=_("It was corrected before it left."), by=by)
        wrong = wrong.corrects
    for preview in shown:
        connection = (
            Connection.objects.of(message.agency).select_related("agency").get(account=preview.rendition.account)
        )
        operation, replaces = _does(preview, copies)
        leaves: dict[str, Any] = {
            "connection": connection,
            "subject": message.subject,
            "version": version.number,
            "rendition": preview.rendition,
            "approval": approval,
            "due": version.due or approval.at,
            "expires": version.expires,
            "by": by,
        }
        if connection.kind == "email":
            queue_letters(**leaves, recipients=_recipients(connection, version.written, recipients))
        else:
            queue(**leaves, agency=message.agency, operation=operation, replaces=replaces)


def _recipients(connection: Connection, content: Content, recipients: Recipients) -> list[str]:
    found = sorted({each.strip() for each in recipients(connection, content) if each.strip()})
    if not found:
        raise RefusedError(
            _(
                "Nobody gets letters of %(account)s in this language, so nothing was approved. Take the account out, "
                "or wait for subscribers."
            )
            % {"account": connection.account}
        )
    return found


def reschedule(
    *, message: Message, due: datetime | None, expires: datetime | None = None, seen: int, by: User
) -> Version:
    """Give a message another hour. The hour is part of what is approved, so it waits for a second person again.

    Raises:
        RefusedError: it has left, somebody saved meanwhile, or something stands in its way at the new hour.
    """
    with transaction.atomic():
        before = messages.lock(message)
        was_draft = message.state == "draft"
        version = messages.save(
            message=message,
            content=before.written,
            accounts=before.accounts,
            due=due,
            expires=expires,
            seen=seen,
            by=by,
        )
        return submit(message=message, by=by) if message.state == "draft" and not was_draft else version


def tell(message: Message, action: Audited, version: Version, by: User) -> None:
    """Write what was done to a message into the trail, with the version it was done to."""
    record(
        agency=message.agency,
        by=by,
        action=action,
        target=message.subject,
        data={"version": version.number, "digest": version.digest},
    )
