"""A resident's words become a conversation: one thread for each resident in each thread of a network, or for each question."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.secrets import Vault
from callbox.core.state import move
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.governance.urgent import urgent_words
from callbox.networks.models import Delivery, Item
from callbox.people.models import Agency, Beat
from callbox.trust.models import Conversation, Line

#: Who acts in the trail.
COLLECTOR: Final = "system: collector"
PORTAL: Final = "portal"
#: The longest question, characters.
LONGEST: Final = 5000
#: Networks where nothing proves who wrote: a letter in our inbox with our own address as its sender may be anybody's, and must not take
#: a resident's words out of the queue.
UNPROVEN: Final = frozenset({"email"})


def hear(item: Item) -> Conversation | None:
    """Put a collected item into its conversation; return it, or None where no person addressed the agency. Twice is once.

    A post of the account itself that answers a resident, made outside Callbox, is the agency's answer.
    """
    if item.repost or item.automatic or Line.objects.filter(item=item).exists():
        return None
    try:
        with transaction.atomic():
            return _own_answer(item) if item.own else _resident(item)
    except IntegrityError:  # another collector was faster
        return None


def _resident(item: Item) -> Conversation:
    row = (
        Conversation.objects.select_for_update(of=("self",))
        .filter(connection=item.connection, thread=thread_of(item))
        .first()
    )
    if row is None:
        row = Conversation.objects.create(
            agency=item.agency,
            connection=item.connection,
            thread=thread_of(item),
            door=item.door,
            topic=_first_words(item.text),
            person=item.author,
            language=item.language,
            opened_at=item.at,
            last_at=item.at,
            waits_since=item.at,
        )
    line = Line.objects.create(conversation=row, kind=Line.Kind.RESIDENT, text=item.text, item=item, at=item.at)
    _they_wrote(row, line, by=COLLECTOR)
    return row


def thread_of(item: Item) -> str:
    """Return the name of the conversation of an item: everybody who comments on one post of ours has one of their own."""
    return hashlib.sha256(json.dumps([item.thread or item.remote_id, item.author]).encode()).hexdigest()


def _they_wrote(row: Conversation, line: Line, *, by: str) -> None:
    """Mark that a resident waits, and whether words of danger are among theirs. Nothing else follows from the words."""
    found = urgent_words(line.text)
    row.urgent = row.urgent or bool(found)
    row.urgent_words = sorted({*row.urgent_words, *found})
    row.last_at = max(row.last_at, line.at)
    row.waits_since = min(row.waits_since, line.at) if row.waits_since else line.at
    row.save(update_fields=["urgent", "urgent_words", "last_at", "waits_since"])
    if row.state in {"answered", "closed"}:
        if row.owner_id and row.state == "answered":
            move(row, "claimed")
        else:
            move(row, "new", owner=None, claimed_at=None)
    record(
        agency=row.agency,
        by=by,
        action=Audited.RESIDENT_HEARD,
        target=f"conversation:{row.pk}",
        data={"line": line.pk, "door": row.door, "urgent": bool(found)},
    )


def _own_answer(item: Item) -> Conversation | None:
    said = Line.objects.filter(item__connection=item.connection, item__remote_id=item.parent).first()
    if said is None or not item.parent or _sent_by_us(item):
        return None
    row = Conversation.objects.select_for_update(of=("self",)).get(pk=said.conversation_id)
    line = Line.objects.create(conversation=row, kind=Line.Kind.ANSWER, text=item.text, item=item, at=item.at)
    row.last_at = max(row.last_at, item.at)
    if item.connection.kind in UNPROVEN:
        row.save(update_fields=["last_at"])
    else:
        _answered(row, item)
    record(
        agency=row.agency,
        by=COLLECTOR,
        action=Audited.ANSWER_SEEN,
        target=f"conversation:{row.pk}",
        data={"line": line.pk},
    )
    return row


def _answered(row: Conversation, item: Item) -> None:
    later = row.lines.filter(kind=Line.Kind.RESIDENT, at__gt=item.at).first()
    row.replied_at, row.waits_since = min(row.replied_at or item.at, item.at), later.at if later else None
    row.save(update_fields=["last_at", "replied_at", "waits_since"])
    if later is None and row.state in {"new", "claimed"}:
        if row.state == "new":
            move(row, "claimed")
        move(row, "answered")


def _sent_by_us(item: Item) -> bool:
    """Whether Callbox sent it, or is answering the same words right now, or nobody knows whether it did: `catch_up` asks again."""
    ours = Delivery.objects.filter(connection=item.connection)
    under_way = Q(state__in=("sending", "unclear"), rendition__reply_to=item.parent)
    return ours.filter(Q(remote_id=item.remote_id) | under_way).exists()


def enquire(
    *,
    agency: Agency,
    text: str,
    topic: str = "",
    beat: Beat | None = None,
    address: str = "",
    language: str = "",
) -> tuple[Conversation, str]:
    """Take a question from the portal; return its conversation and the secret of its address, which exists nowhere else in the clear.

    address: where the resident wants to be told that there is an answer; sealed, empty for nowhere.

    Raises:
        RefusedError: nothing was asked, or it is too long.
    """
    text = _checked(text)
    secret = secrets.token_urlsafe(24)
    vault = Vault(settings.TOKEN_KEYS, purpose="enquiry")
    now = timezone.now()
    with transaction.atomic():
        row = Conversation.objects.create(
            agency=agency,
            thread=_thread(secret),
            door="enquiry",
            topic=topic.strip()[:200] or _first_words(text),
            beat=beat,
            language=language,
            opened_at=now,
            last_at=now,
            waits_since=now,
            sealed_address=vault.seal({"address": address, "secret": secret}) if address else "",
        )
        line = Line.objects.create(conversation=row, kind=Line.Kind.RESIDENT, text=text, at=now)
        _they_wrote(row, line, by=PORTAL)
    return row, secret


def enquiry(agency: Agency, secret: str) -> Conversation | None:
    """Return the conversation of a question by the secret of its address; None for every secret that opens none."""
    return Conversation.objects.of(agency).filter(connection=None, thread=_thread(secret)).first()


def ask_again(*, agency: Agency, secret: str, text: str) -> Conversation | None:
    """Take further words of the one who asked; None where the secret opens nothing.

    Raises:
        RefusedError: nothing was written, or it is too long.
    """
    text = _checked(text)
    with transaction.atomic():
        row = (
            Conversation.objects.of(agency)
            .select_for_update(of=("self",))
            .filter(connection=None, thread=_thread(secret))
            .first()
        )
        if row is None:
            return None
        line = Line.objects.create(conversation=row, kind=Line.Kind.RESIDENT, text=text, at=timezone.now())
        _they_wrote(row, line, by=PORTAL)
    return row


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise RefusedError(_("Nothing was written, so nothing was sent. Write your question."))
    if len(text) > LONGEST:
        raise RefusedError(
            _("This is longer than %(most)d characters and was not sent. Make it shorter.") % {"most": LONGEST}
        )
    return text


def _thread(secret: str) -> str:
    return hmac.new(settings.RECEIPT_KEY.encode(), f"callbox enquiry {secret}".encode(), hashlib.sha256).hexdigest()


def _first_words(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 80 else f"{flat[:79]}…"
