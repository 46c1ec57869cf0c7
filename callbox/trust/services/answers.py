"""An officer's answer: approved by their own name, bound to its digest, carried to the network by a delivery like everything else."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.state import move
from callbox.core.text import Reason
from callbox.governance import approvals
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.governance.policy import OWN_ANSWER, Bound
from callbox.networks import registry
from callbox.networks.deliveries import services as deliveries
from callbox.networks.vocabulary import Preview
from callbox.people.models import User
from callbox.trust.models import Conversation, Line
from callbox.trust.services import conversations

#: The longest answer on the portal, characters; networks have limits of their own.
LONGEST = 10_000


def preview(*, conversation: Conversation, text: str) -> Preview | None:
    """Return what the network would show of an answer; None for the portal, which shows what is written.

    Raises:
        RefusedError: the account is no longer connected, or there is nothing to answer to.
    """
    if conversation.connection is None:
        return None
    if conversation.connection.state == "ended":
        raise RefusedError(
            _("%(account)s is no longer connected, so nothing can be sent there. Your text was not sent.")
            % {"account": conversation.connection.account}
        )
    last = conversation.lines.filter(kind=Line.Kind.RESIDENT, item__isnull=False).select_related("item").last()
    if last is None or last.item is None:
        raise RefusedError(_("There is nothing here to answer to."))
    network = registry.network(conversation.connection.kind)
    return network.render_reply(
        text, account=conversation.connection.account, to=last.item.remote_id, language=conversation.language or "en"
    )


def answer(*, conversation: Conversation, text: str, by: User, seen: int | None = None) -> Line:
    """Answer a resident. Whoever answers an unclaimed conversation claims it; a claimed one is answered by its owner.

    seen: the newest line of the resident that the officer had before them; an answer to less than all of it does not leave.

    Raises:
        RefusedError: somebody else has claimed it, nothing was written, the network would not take it as it is, or the resident wrote
            again meanwhile.
    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise RefusedError(_("Write between 1 and %(most)d characters. Nothing was sent.") % {"most": LONGEST})
    shown = preview(conversation=conversation, text=text)
    if shown is not None and not shown.fits:
        raise RefusedError(" ".join(_sentence(problem) for problem in shown.problems))
    with transaction.atomic():
        row = conversations.claim(conversation=conversations.locked(conversation, seen=seen), by=by)
        if _said_just_before(row, text, by):
            raise RefusedError(_("You gave exactly this answer just before, so it was not sent a second time."))
        now = timezone.now()
        line = Line.objects.create(conversation=row, kind=Line.Kind.ANSWER, text=text, by=by, at=now)
        if shown is not None:
            send(row, line, shown, by=by)
        labelled = {} if row.answerable is not None else {"answerable": True, "labelled_by": by}
        move(row, "answered", replied_at=row.replied_at or now, last_at=now, waits_since=None, **labelled)
        record(
            agency=row.agency,
            by=by,
            action=Audited.RESIDENT_ANSWERED,
            target=f"conversation:{row.pk}",
            data={"line": line.pk},
        )
    return line


def _said_just_before(row: Conversation, text: str, by: User) -> bool:
    """Whether the last word is this answer of `by`, and may have left: what surely did not may be said again."""
    last = row.lines.exclude(kind=Line.Kind.NOTE).select_related("delivery").last()
    if last is None or last.kind != Line.Kind.ANSWER or (last.by_id, last.text) != (by.pk, text):
        return False
    return last.delivery is None or last.delivery.state not in {"refused", "given-up"}


def send(row: Conversation, line: Line, shown: Preview, *, by: User) -> None:
    """Let a line leave as a delivery, approved by the name of the officer who wrote it; inside the transaction of the line."""
    assert row.connection is not None  # noqa: S101 - a preview was made for it
    rendition, subject = shown.rendition, f"answer:{line.pk}"
    bound = Bound(subject, {rendition.account: rendition.digest}, None)
    approval = approvals.approve(agency=row.agency, bound=bound, rule=OWN_ANSWER, authors=[by.pk], by=by)
    line.delivery = deliveries.queue(
        agency=row.agency,
        connection=row.connection,
        subject=subject,
        version=1,
        rendition=rendition,
        approval=approval,
        due=line.at,
        recipient=row.person.removeprefix("email:") if row.connection.kind == "email" else "",
        by=by,
    )
    line.save(update_fields=["delivery"])


def _sentence(problem: Reason) -> str:
    return f"{problem.sentence[:1].upper()}{problem.sentence[1:]}."
