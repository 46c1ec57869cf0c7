"""What officers do with a conversation: claim it, hand it on, label it, note beside it, close it."""

from __future__ import annotations

from datetime import datetime

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
    """Take a conversation, also one whose owner has forgotten it or left. However many try at once, one gets it.

    Raises:
        RefusedError: somebody else has it; the sentence says who.
    """
    row = Conversation.objects.get(pk=conversation.pk)
    if row.state == "claimed" and row.owner_id == by.pk:
        return row
    now = timezone.now()
    if row.state == "claimed" and not Conversation.objects.forgotten(now).filter(pk=row.pk).exists():
        raise RefusedError(_taken(row))
    try:
        with transaction.atomic():
            if row.state == "claimed":
                _take_over(row, by=by, now=now)
            else:
                move(row, "claimed", owner=by, claimed_at=now)
                _tell(row, Audited.CONVERSATION_CLAIMED, by=by)
    except MovedMeanwhileError:
        raise RefusedError(_taken(row)) from None
    return row


def _take_over(row: Conversation, *, by: User, now: datetime) -> None:
    before = row.owner_id
    held = Conversation.objects.filter(pk=row.pk, state="claimed", owner=before, claimed_at=row.claimed_at)
    if not held.update(owner=by, claimed_at=now):
        raise MovedMeanwhileError
    row.refresh_from_db()
    _tell(row, Audited.CONVERSATION_CLAIMED, by=by, forgotten_by=before)


def locked(conversation: Conversation, *, seen: int | None) -> Conversation:
    """Return the row as it stands now, kept still until the end of the transaction.

    seen: the newest line of the resident that was on the page; what was decided before their last words were read is not done.

    Raises:
        RefusedError: the resident wrote again since.
    """
    row = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)
    if seen is not None and row.lines.filter(kind=Line.Kind.RESIDENT, pk__gt=seen).exists():
        raise RefusedError(_("They wrote again while you had this page open. Read it first; nothing was done yet."))
    return row


@transaction.atomic
def release(*, conversation: Conversation, by: User) -> None:
    """Put a conversation back for whoever comes next; where nobody waits for an answer it stays answered.

    Raises:
        RefusedError: it is not yours any more.
    """
    row = _mine(conversation, by)
    if row.waits_since is None and row.replied_at is not None:
        move(row, "answered", owner=None, claimed_at=None)
    else:
        move(row, "new", owner=None, claimed_at=None, waits_since=row.waits_since or timezone.now())
    _tell(row, Audited.CONVERSATION_RELEASED, by=by)
    conversation.refresh_from_db()


def hand_over(*, conversation: Conversation, to: User, note: str, by: User) -> None:
    """Give a claimed conversation to a colleague, with a word for them.

    Raises:
        RefusedError: it is not yours, or the colleague may not answer here.
    """
    if not can(to, Action.ANSWER, conversation.agency):
        raise RefusedError(_("%(name)s cannot answer residents here. Choose someone else.") % {"name": to})
    with transaction.atomic():
        row = _mine(conversation, by)
        row.owner, row.claimed_at = to, timezone.now()
        row.save(update_fields=["owner", "claimed_at"])
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
def mark_urgent(*, conversation: Conversation, urgent: bool, by: User, seen: int | None = None) -> None:
    """Move it to the top of the list, or say that the words of danger meant none. seen: as `locked` takes it.

    Raises:
        RefusedError: the resident wrote again before it was said that nothing is urgent.
    """
    row = locked(conversation, seen=None if urgent else seen)
    if row.urgent == urgent:
        return
    row.urgent, row.urgent_words = urgent, [_("said by %(name)s") % {"name": by}] if urgent else []
    row.save(update_fields=["urgent", "urgent_words"])
    _tell(row, Audited.CONVERSATION_URGENT, by=by, urgent=urgent)


@transaction.atomic
def note(*, conversation: Conversation, text: str, by: User) -> Line:
    """Write a note for colleagues; it never leaves the desk.

    Raises:
        RefusedError: nothing was written, or it is too long.
    """
    line = _write_note(conversation, text, by=by)
    _tell(conversation, Audited.CONVERSATION_NOTED, by=by, line=line.pk)
    return line


@transaction.atomic
def close(*, conversation: Conversation, answerable: bool | None, by: User, seen: int | None = None) -> None:
    """Expect nothing more. A conversation that was never answered is closed with a label, so that the figures stay honest.

    seen: as `locked` takes it.

    Raises:
        RefusedError: it has neither an answer nor a label, somebody else works on it, or the resident wrote again meanwhile.
    """
    row = locked(conversation, seen=seen)
    if row.state == "claimed" and row.owner_id not in {None, by.pk}:
        raise RefusedError(_taken(row))
    if answerable is None and row.answerable is None and row.replied_at is None:
        raise RefusedError(_("Nobody has answered. Say first whether it holds a question, request or report."))
    labelled = {} if answerable is None else {"answerable": answerable, "labelled_by": by}
    move(row, "closed", waits_since=None, **labelled)
    _tell(row, Audited.CONVERSATION_CLOSED, by=by)


@transaction.atomic
def reopen(*, conversation: Conversation, by: User) -> None:
    """Take a closed conversation up again.

    Raises:
        RefusedError: it is not closed any more.
    """
    row = locked(conversation, seen=None)
    if row.state != "closed":
        raise RefusedError(_("It is not closed any more. Look at it again; nothing was done."))
    now = timezone.now()
    move(row, "claimed", owner=by, claimed_at=now, waits_since=now)
    _tell(row, Audited.CONVERSATION_CLAIMED, by=by)


def _mine(conversation: Conversation, by: User) -> Conversation:
    row = locked(conversation, seen=None)
    if row.state != "claimed" or row.owner_id != by.pk:
        raise RefusedError(_taken(row))
    return row


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
