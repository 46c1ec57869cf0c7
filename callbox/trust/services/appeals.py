"""The author of a hidden comment is told, may object on a page that only its address opens, and a second person decides."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.state import MovedMeanwhileError, UndeclaredMoveError, move
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.governance.moderation.grounds import DECIDED_WITHIN, grounds
from callbox.networks import registry
from callbox.networks.contract import Ability
from callbox.people.models import Agency, User
from callbox.people.roles import Action, can
from callbox.trust.models import Hiding, Line
from callbox.trust.services import answers
from callbox.trust.services.moderation import NO_ADDRESS, put_back

#: Who acts in the trail.
PORTAL, SENDER = "portal", "system: sender"
#: The longest objection and the longest decision, characters.
LONGEST: Final = 5000
LONGEST_DECISION: Final = 500
#: A notice that surely did not leave; another may be written.
_NOT_SENT: Final = ("refused", "given-up")


def can_tell(hiding: Hiding) -> bool:
    """Whether the author can be told by an answer in the thread."""
    connection = hiding.item.connection
    return connection.state != "ended" and Ability.REPLY in registry.network(connection.kind).abilities


def is_told(hiding: Hiding) -> bool:
    """Whether the author was told, or a notice is on its way."""
    notice = hiding.notice
    on_its_way = notice is not None and notice.delivery is not None and notice.delivery.state not in _NOT_SENT
    return hiding.told_at is not None or on_its_way


def tell_in_thread(*, hiding: Hiding, by: User) -> Line:
    """Answer the comment with the ground and the address of the page to object on, as an approved delivery under `by`'s name.

    It is a notice and no answer: nobody's question counts as answered by it.

    Raises:
        RefusedError: `by` may not, the author was told already, or the network takes no answer like this. Nothing was sent.
    """
    _may(by, Action.MODERATE, hiding.agency)
    line = Line.objects.filter(item=hiding.item).select_related("conversation__connection__agency").first()
    if line is None or not can_tell(hiding):
        raise RefusedError(_("This network takes no answer. Tell the author yourself, with the address you get here."))
    with transaction.atomic():
        address = _new_address(hiding, by=by)
        network, to = registry.network(hiding.item.connection.kind), hiding.item
        language = spoken_to(to.language)
        with translation.override(language):
            text = notice_text(hiding, address)
        shown = network.render_reply(text, account=to.connection.account, to=to.remote_id, language=language)
        if not shown.fits:
            raise RefusedError(
                _("The notice is too long for this network. Tell the author yourself. Nothing was sent.")
            )
        notice = Line.objects.create(
            conversation=line.conversation, kind=Line.Kind.NOTICE, text=text, by=by, at=timezone.now()
        )
        answers.send(line.conversation, notice, shown, by=by)
        hiding.notice = notice
        hiding.save(update_fields=["notice"])
    return notice


def spoken_to(language: str) -> str:
    """Return the language in which we speak to who wrote in `language` (BCP 47, or empty): theirs where we have it, else English."""
    try:
        return translation.get_supported_language_variant(language.lower())
    except LookupError:
        return settings.LANGUAGE_CODE


def notice_text(hiding: Hiding, address: str) -> str:
    """Return what the author reads, in the language that is active."""
    known = {"ground": _(grounds()[hiding.ground].title), "address": address}
    if hiding.asked == Hiding.Asked.CANNOT:
        return (
            _(
                "Your comment falls under a ground on which we hide comments: %(ground)s. Why, and how to object: %(address)s"
            )
            % known
        )
    return _("We put your comment out of sight. The ground: %(ground)s. Why, and how to object: %(address)s") % known


def address_by_hand(*, hiding: Hiding, by: User) -> str:
    """Return a new address for the author, shown once; one given before opens nothing any more.

    Raises:
        RefusedError: `by` may not, or the author was told already.
    """
    _may(by, Action.MODERATE, hiding.agency)
    with transaction.atomic():
        return _new_address(hiding, by=by)


@transaction.atomic
def told_by_hand(*, hiding: Hiding, by: User) -> None:
    """Write down that `by` told the author.

    Raises:
        RefusedError: `by` may not, or no address was ever made, so that the author cannot object.
    """
    _may(by, Action.MODERATE, hiding.agency)
    if Hiding.objects.filter(pk=hiding.pk, secret_digest__startswith=NO_ADDRESS).exists():
        raise RefusedError(
            _("Get the address first and pass it on: without it the author cannot object. Nothing was written down.")
        )
    if Hiding.objects.filter(pk=hiding.pk, told_at=None).update(told_at=timezone.now()):
        _tell(hiding, Audited.COMMENT_AUTHOR_TOLD, by=by, how="by hand")


def note_told() -> int:
    """Write down which notices have arrived on their networks; return how many. It sends nothing."""
    arrived = Hiding.objects.filter(told_at=None, notice__delivery__state="sent").select_related(
        "agency", "notice__delivery"
    )
    count = 0
    for row in arrived[:500]:
        assert row.notice is not None  # noqa: S101 - asked for above
        delivery = row.notice.delivery
        at = (delivery.settled_at if delivery else None) or timezone.now()
        with transaction.atomic():
            if Hiding.objects.filter(pk=row.pk, told_at=None).update(told_at=at):
                _tell(row, Audited.COMMENT_AUTHOR_TOLD, by=SENDER, how="in the thread")
                count += 1
    return count


def of_address(agency: Agency, secret: str) -> Hiding | None:
    """Return the hiding whose author was given `secret`; None for every secret that opens none."""
    rows = Hiding.objects.of(agency).select_related("agency")
    return rows.filter(secret_digest=_digest(secret)).first()


def object_to(*, agency: Agency, secret: str, text: str) -> Hiding | None:
    """Take an objection, or more words of one that waits; None where the secret opens nothing.

    Raises:
        RefusedError: nothing was written, it is too long, or it was decided already.
    """
    row, text = of_address(agency, secret), text.strip()
    if row is None:
        return None
    if not text or len(row.appeal) + len(text) > LONGEST:
        raise RefusedError(_("Write between 1 and %(most)d characters in all. Nothing was sent.") % {"most": LONGEST})
    now = timezone.now()
    try:
        with transaction.atomic():
            if row.state == "appealed":
                more = f"{row.appeal}\n\n{text}"
                if not Hiding.objects.filter(pk=row.pk, state="appealed", appeal=row.appeal).update(appeal=more):
                    raise MovedMeanwhileError
            else:
                move(row, "appealed", appeal=text, appealed_at=now)
            _tell(row, Audited.COMMENT_APPEALED, by=PORTAL)
    except (MovedMeanwhileError, UndeclaredMoveError):
        raise RefusedError(_("This was decided already. Read the decision on this page.")) from None
    return of_address(agency, secret)


def decide(*, hiding: Hiding, uphold: bool, why: str, by: User, read: int | None = None) -> None:
    """Decide about an objection: a second person, never the one who hid the comment, with a reason the author reads.

    read: how many characters of the objection were on the page; its author may have written more since.

    Raises:
        RefusedError: `by` may not decide, hid it, gave no reason, or has not read all of the objection.
        MovedMeanwhileError, UndeclaredMoveError: there is no objection that waits.
    """
    _may(by, Action.DECIDE_APPEAL, hiding.agency)
    if by.pk == hiding.by_id:
        raise RefusedError(
            _("Whoever hid the comment does not decide about the objection. Ask a colleague. Nothing was done.")
        )
    why = why.strip()
    if not why or len(why) > LONGEST_DECISION:
        raise RefusedError(
            _("Give the author a reason of at most %(most)d characters. Nothing was done.") % {"most": LONGEST_DECISION}
        )
    with transaction.atomic():
        now = Hiding.objects.select_for_update(of=("self",)).get(pk=hiding.pk)
        if hiding.state != "appealed" or now.state != "appealed":
            raise MovedMeanwhileError
        if read is not None and len(now.appeal) > read:
            raise RefusedError(
                _("The author wrote more while you had this page open. Read it first; nothing was decided yet.")
            )
        if uphold:
            move(hiding, "upheld", decided_by=by, decided_at=timezone.now(), decided_why=why)
            _tell(hiding, Audited.COMMENT_UPHELD, by=by)
        else:
            put_back(hiding, why=why, by=by)


def due(hiding: Hiding) -> date | None:
    """Return the day by whose end an objection is to be decided: five working days on the agency's calendar, holidays not known."""
    if hiding.appealed_at is None:
        return None
    day = hiding.appealed_at.astimezone(ZoneInfo(hiding.agency.time_zone)).date()
    return working_days_after(day, DECIDED_WITHIN)


def due_at(hiding: Hiding) -> datetime | None:
    """Return the moment at which the day of `due` is over on the agency's clocks."""
    day = due(hiding)
    return None if day is None else datetime.combine(day + timedelta(days=1), time(), ZoneInfo(hiding.agency.time_zone))


def working_days_after(day: date, count: int) -> date:
    """Return the day that lies `count` days from Monday to Friday after `day`."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _new_address(hiding: Hiding, *, by: User) -> str:
    if is_told(hiding):
        raise RefusedError(_("The author was told already, with an address of their own. Nothing was changed."))
    secret = secrets.token_urlsafe(24)
    hiding.secret_digest = _digest(secret)
    hiding.save(update_fields=["secret_digest"])
    _tell(hiding, Audited.COMMENT_ADDRESS_MADE, by=by)
    return f"{settings.PORTAL_URL}{_prefix(hiding.item.language)}/p/{hiding.agency.slug}/appeal/{secret}/"


def _prefix(language: str) -> str:
    """Return what an address begins with, so that its page speaks the language of the comment where it can."""
    code = spoken_to(language)
    return f"/{code}" if code != settings.LANGUAGE_CODE else ""


def _digest(secret: str) -> str:
    return hmac.new(settings.RECEIPT_KEY.encode(), f"callbox appeal {secret}".encode(), hashlib.sha256).hexdigest()


def _may(by: User, action: Action, agency: Agency) -> None:
    if not can(by, action, agency):
        raise RefusedError(_("Your role may not do this. Nothing was done."))


def _tell(row: Hiding, action: Audited, *, by: User | str, **data: Value) -> None:
    record(agency=row.agency, by=by, action=action, target=f"hiding:{row.pk}", data=data)
