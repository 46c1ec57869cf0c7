"""What officers do with a conversation: claim it, hand it on, label it, note beside it, close it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.state import MovedMeanwhileError, move
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.people.models import User
from callbox.people.roles import Action, can
from callbox.trust.models import Conversation, Line

#: The longest note, characters.
LONGEST = 5000


def claim(*, conversation: Conversation, by: User) -> Conversation:
    """Take a conversation. However many try at once, one gets it.

    Raises:
        RefusedError: somebody else has it; the sentence says who.
    """
    row = Conversation.objects.get(pk=conversation.pk)
    if row.state == "claimed" and row.owner_id == by.pk:
        return row
    try:
        if row.state == "claimed":
            raise MovedMeanwhileError
        with transaction.atomic():
            move(row, "claimed", owner=by, claimed_at=timezone.now())
            _tell(row, Audited.CONVERSATION_CLAIMED, by=by)
    except MovedMeanwhileError:
        raise RefusedError(_taken(row)) from None
    return row


def release(*, conversation: Conversation, by: User) -> None:
    """Put a conversation back for whoever comes next.

    Raises:
        RefusedError: it is not yours any more.
    """
    _mine(conversation, by)
    with transaction.atomic():
        move(conversation, "new", owner=None, claimed_at=None)
        _tell(conversation, Audited.CONVERSATION_RELEASED, by=by)


def hand_over(*, conversation: Conversation, to: User, note: str, by: User) -> None:
    """Give a claimed conversation to a colleague, with a word for them.

    Raises:
        RefusedError: it is not yours, or the colleague may not answer here.
    """
    _mine(conversation, by)
    if not can(to, Action.ANSWER, conversation.agency):
        raise RefusedError(_("%(name)s cannot answer residents here. Choose someone else.") % {"name": to})
    with transaction.atomic():
        changed = Conversation.objects.filter(pk=conversation.pk, owner=by, state="claimed").update(
            owner=to, claimed_at=timezone.now()
        )
        if not changed:
            raise RefusedError(_taken(conversation))
        if note.strip():
            _write_note(conversation, note, by=by)
        _tell(conversation, Audited.CONVERSATION_HANDED_OVER, by=by, to=to.pk)
    conversation.refresh_from_db()


@transaction.atomic
def label(*, conversation: Conversation, answerable: bool, by: User) -> None:
    """Say whether it holds a question, request or report (model 7.8); only a person's word counts in the measures."""
    Conversation.objects.filter(pk=conversation.pk).update(answerable=answerable, labelled_by=by)
    _tell(conversation, Audited.CONVERSATION_LABELLED, by=by, answerable=answerable)


@transaction.atomic
def mark_urgent(*, conversation: Conversation, urgent: bool, by: User) -> None:
    """Move it to the top of the list, or say that the words of danger meant none."""
    words = [*conversation.urgent_words, f"said by {by}"] if urgent else []
    Conversation.objects.filter(pk=conversation.pk).update(urgent=urgent, urgent_words=words)
    _tell(conversation, Audited.CONVERSATION_URGENT, by=by, urgent=urgent)


@transaction.atomic
def note(*, conversation: Conversation, text: str, by: User) -> Line:
    """Write a note for colleagues; it never leaves the desk.

    Raises:
        RefusedError: nothing was written, or it is too long.
    """
    line = _write_note(conversation, text, by=by)
    _tell(conversation, Audited.CONVERSATION_NOTED, by=by, line=line.pk)
    return line


def close(*, conversation: Conversation, answerable: bool | None, by: User) -> None:
    """Expect nothing more. A conversation that was never answered is closed with a label, so that the figures stay honest.

    Raises:
        RefusedError: it has neither an answer nor a label, or somebody else works on it.
    """
    row = Conversation.objects.get(pk=conversation.pk)
    if row.state == "claimed" and row.owner_id not in {None, by.pk}:
        raise RefusedError(_taken(row))
    known = row.answerable if answerable is None else answerable
    if known is None and row.replied_at is None:
        raise RefusedError(_("Nobody has answered. Say first whether it holds a question, request or report."))
    try:
        with transaction.atomic():
            move(row, "closed", waits_since=None, answerable=known, **({} if known is None else {"labelled_by": by}))
            _tell(row, Audited.CONVERSATION_CLOSED, by=by)
    except MovedMeanwhileError:
        raise RefusedError(_("Somebody changed it meanwhile. Look at it again; nothing was done.")) from None


def reopen(*, conversation: Conversation, by: User) -> None:
    """Take a closed conversation up again."""
    row = Conversation.objects.get(pk=conversation.pk)
    with transaction.atomic():
        move(row, "claimed", owner=by, claimed_at=timezone.now(), waits_since=timezone.now())
        _tell(row, Audited.CONVERSATION_CLAIMED, by=by)


def _mine(conversation: Conversation, by: User) -> None:
    conversation.refresh_from_db()
    if conversation.state != "claimed" or conversation.owner_id != by.pk:
        raise RefusedError(_taken(conversation))


def _taken(conversation: Conversation) -> str:
    row = Conversation.objects.select_related("owner").get(pk=conversation.pk)
    if row.owner is None:
        return _("Nobody has claimed this conversation. Claim it first.")
    return _("%(name)s has claimed this conversation. Ask them to hand it over.") % {"name": row.owner}


def _write_note(conversation: Conversation, text: str, *, by: User) -> Line:
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise RefusedError(_("Write between 1 and %(most)d characters. Nothing was kept.") % {"most": LONGEST})
    return Line.objects.create(conversation=conversation, kind=Line.Kind.NOTE, text=text, by=by, at=timezone.now())


def _tell(row: Conversation, action: Audited, *, by: User, **data: Value) -> None:
    record(agency=row.agency, by=by, action=action, target=f"conversation:{row.pk}", data=data)
