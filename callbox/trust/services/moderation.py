"""Hiding a comment, and showing it again: one person's written decision each time, then one question to the network.

Nothing else in Callbox reaches `Session.hide`: no word, list, score or clock hides anything, and nobody is ever banned
(Tanner v. Ziegenhorn; model 4.1).
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.plain import canonical
from callbox.core.refusal import RefusedError
from callbox.core.state import move
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.governance.moderation.grounds import grounds
from callbox.networks import registry
from callbox.networks.connections.services import open_session
from callbox.networks.contract import Ability, NetworkError, UnclearError
from callbox.networks.models import Item
from callbox.people.models import User
from callbox.people.roles import Action, can
from callbox.trust.models import Hiding

#: The longest reason, characters.
LONGEST: Final = 500
#: A call that nobody finished in this time was cut off; a whole call takes at most 30 seconds.
CUT_OFF: Final = timedelta(minutes=2)
#: Begins what stands where the digest of the author's address will stand; no digest begins so.
NO_ADDRESS: Final = "none:"
_Asked = Hiding.Asked


def can_hide(item: Item) -> bool:
    """Whether the network of `item` lets us put it out of sight at all."""
    connection = item.connection
    return connection.state != "ended" and Ability.HIDE in registry.network(connection.kind).abilities


def obstacle(item: Item) -> str:
    """Return in a sentence why nothing can be hidden here; empty where it can."""
    if item.own:
        return _("This is the agency’s own post. Take it back or correct it on the page of the message.")
    if item.door == "message":
        return _("Nobody but the agency sees this letter, so there is nothing to hide.")
    if item.hidings.exclude(state="restored").exists():
        return _("This comment is hidden already. Its page is in the list of hidden comments.")
    return "" if item.text.strip() else _("The words of this comment are no longer kept, so no copy can be made.")


def hide(*, item: Item, ground: str, why: str, by: User) -> Hiding:
    """Write down that `by` hides a comment on a written ground, with its copy. The network is asked by `ask_network`, afterwards.

    Raises:
        RefusedError: `by` may not, there is no such ground, no reason, or nothing to hide. Nothing was kept.
    """
    _may(by, item)
    why = _reason(why)
    if ground not in grounds():
        raise RefusedError(_("Choose one of the written grounds. If none fits, the comment stays. Nothing was hidden."))
    if stands := obstacle(item):
        raise RefusedError(stands)
    copy = snapshot(item)
    try:
        with transaction.atomic():
            row = Hiding.objects.create(
                agency=item.agency,
                item=item,
                ground=ground,
                why=why,
                snapshot=copy,
                snapshot_digest=digest(copy),
                asked=_Asked.WAITING if can_hide(item) else _Asked.CANNOT,
                by=by,
                at=timezone.now(),
                secret_digest=NO_ADDRESS + secrets.token_hex(29),  # `appeals` makes one
            )
            _tell(row, Audited.COMMENT_HIDDEN, by=by, item=item.pk, ground=ground, copy=row.snapshot_digest)
    except IntegrityError:  # a colleague was faster
        raise RefusedError(_("A colleague has just hidden this comment. Nothing was done twice.")) from None
    return row


def snapshot(item: Item) -> dict[str, str]:
    """Return the comment as it is now, as it is kept."""
    return {
        "text": item.text,
        "author": item.author,
        "author_name": item.author_name,
        "url": item.url,
        "account": item.connection.account,
        "remote_id": item.remote_id,
        "at": item.at.isoformat(),
    }


def digest(copy: dict[str, str]) -> str:
    """Return the SHA-256 of a copy, to show later that nobody changed it."""
    return hashlib.sha256(canonical(copy)).hexdigest()


def restore(*, hiding: Hiding, why: str, by: User) -> None:
    """Undo: the comment is to be seen again. Whoever may hide may undo, at any time before it is undone; its end is never undone.

    Raises:
        RefusedError: `by` may not, or gave no reason.
        MovedMeanwhileError, UndeclaredMoveError: it was restored already.
    """
    _may(by, hiding.item)
    with transaction.atomic():
        put_back(hiding, why=_reason(why), by=by)


def put_back(hiding: Hiding, *, why: str, by: User) -> None:
    """Move to `restored` and leave the network to be asked, in the caller's transaction. A decision that upheld it stays written."""
    if hiding.state == "upheld":
        move(hiding, "restored", undone_by=by, undone_at=timezone.now(), undone_why=why)
    else:
        move(hiding, "restored", decided_by=by, decided_at=timezone.now(), decided_why=why)
    to_ask = Q(pk=hiding.pk) & ~Q(asked__in=(_Asked.CANNOT, _Asked.CALLING))
    Hiding.objects.filter(to_ask).update(asked=_Asked.WAITING)
    _tell(hiding, Audited.COMMENT_RESTORED, by=by, objected=hiding.appealed_at is not None)


def ask_network(*, hiding: Hiding, by: User) -> Hiding:
    """Ask the network for what the row says: out of sight, or back. One claim of the row is one call; unclear is said as unclear.

    Call it outside any transaction. What changed while the network was asked is asked next.

    Raises:
        RefusedError: `by` may not, or it is being asked by somebody else.
    """
    _may(by, hiding.item)
    if hiding.asked == _Asked.CANNOT:
        return hiding
    for _again in range(2):
        row, mark = _claim(hiding, by)
        hidden = row.state != "restored"
        outcome, said = _call(row, hidden=hidden)
        row = _settle(row, mark, outcome, said, hidden=hidden, by=by)
        if row.asked != _Asked.WAITING:
            break
    return row


def _claim(hiding: Hiding, by: User) -> tuple[Hiding, datetime]:
    now = timezone.now()
    free = Q(asked__in=(_Asked.WAITING, _Asked.REFUSED, _Asked.UNCLEAR, _Asked.DONE))
    cut_off = Q(asked=_Asked.CALLING, called_at__lt=now - CUT_OFF)
    with transaction.atomic():
        if not Hiding.objects.filter(free | cut_off, pk=hiding.pk).update(asked=_Asked.CALLING, called_at=now, said=""):
            raise RefusedError(_("The network is being asked right now. Look again in a minute."))
        row = Hiding.objects.select_related("item__connection__agency", "agency").get(pk=hiding.pk)
        _tell(row, Audited.COMMENT_ASKED, by=by, hidden=row.state != "restored")
    return row, now


def _call(row: Hiding, *, hidden: bool) -> tuple[Hiding.Asked, str]:
    try:
        with open_session(row.item.connection) as session:
            session.hide(row.item.remote_id, hidden=hidden)
    except UnclearError as error:
        return _Asked.UNCLEAR, error.said
    except NetworkError as error:
        return _Asked.REFUSED, error.said
    return _Asked.DONE, ""


def _settle(row: Hiding, mark: datetime, outcome: Hiding.Asked, said: str, *, hidden: bool, by: User) -> Hiding:
    with transaction.atomic():
        now = Hiding.objects.select_for_update(of=("self",)).select_related("item__connection", "agency").get(pk=row.pk)
        if now.asked == _Asked.CALLING and now.called_at == mark:
            turned = hidden != (now.state != "restored")
            now.asked, now.said = (_Asked.WAITING if turned else outcome), said
            if outcome == _Asked.DONE:
                now.took_effect = hidden
            now.save(update_fields=["asked", "said", "took_effect"])
            _tell(now, Audited.COMMENT_SETTLED, by=by, hidden=hidden, outcome=outcome.value)
    return now


def _may(by: User, item: Item) -> None:
    if not can(by, Action.MODERATE, item.agency):
        raise RefusedError(_("Your role may not hide comments or show them again. Nothing was done."))


def _reason(why: str) -> str:
    why = why.strip()
    if not why or len(why) > LONGEST:
        raise RefusedError(_("Give a reason of at most %(most)d characters. Nothing was done.") % {"most": LONGEST})
    return why


def _tell(row: Hiding, action: Audited, *, by: User, **data: Value) -> None:
    record(agency=row.agency, by=by, action=action, target=f"hiding:{row.pk}", data=data)
