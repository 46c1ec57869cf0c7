"""The agency's side of tips: reading (always in the trail, before anything is shown), answering, and what became of a tip."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from itertools import batched

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.state import MovedMeanwhileError, UndeclaredMoveError, move
from callbox.governance import audit
from callbox.governance.actions import Audited
from callbox.people.models import Agency, Membership, User
from callbox.people.roles import ALLOWED, Action
from callbox.trust.tips import envelope
from callbox.trust.tips.adding import add
from callbox.trust.tips.audited import audited
from callbox.trust.tips.intake import recipients
from callbox.trust.tips.models import Letter, Tip

log = logging.getLogger("callbox.worker")

#: Letters marked as paged in one statement.
AT_ONCE = 1000
#: Durations are kept in steps of so many minutes (model 7.8).
STEP = 5


def read(*, agency: Agency, tip: Tip, by: User) -> list[Letter]:
    """Return the sealed letters of a tip. That they were handed out is in the trail before this returns."""
    audit.read(agency=agency, by=by, action=Audited.TIP_READ, target=f"tip:{tip.pk}")
    with transaction.atomic(using=settings.TIPS_DATABASE):
        if tip.state == "new":
            try:
                move(tip, "opened")
            except MovedMeanwhileError:
                tip.refresh_from_db()
        Letter.objects.filter(tip=tip, from_agency=False, read=False).update(read=True)
        return list(tip.letters.all())


def answer(*, agency: Agency, tip: Tip, text: str, by: User) -> Letter:
    """Seal an answer to the tipster (and to the agency's own keys, so that colleagues can read it) and store it.

    Raises:
        RefusedError: nothing was written, or it is too long.
    """
    text = text.strip()
    if not text or len(text) > envelope.LONGEST:
        raise RefusedError(_("Write between 1 and %(most)d characters. Nothing was sent.") % {"most": envelope.LONGEST})
    at = datetime.now(UTC).replace(second=0, microsecond=0).isoformat()
    written = envelope.Written(text=text, at=at)
    sealed = envelope.seal(written, recipients=[tip.public_key, *recipients(agency)])
    with audited(agency=agency, by=by, action=Audited.TIP_ANSWERED, target=f"tip:{tip.pk}"):
        Tip.objects.select_for_update().get(pk=tip.pk)
        number = Letter.objects.filter(tip=tip).count() + 1
        return add(Letter(tip=tip, number=number, from_agency=True, day=_today(), sealed=sealed, paged=True))


def judge(*, agency: Agency, tip: Tip, threat_to_life: bool, minutes: int | None, by: User) -> None:
    """Write down what the first reading found. minutes: from the sealed time to the reading, told by the reader's own machine."""
    data = {"threat_to_life": threat_to_life}
    with audited(agency=agency, by=by, action=Audited.TIP_JUDGED, target=f"tip:{tip.pk}", data=data):
        known = Tip.objects.select_for_update().get(pk=tip.pk)
        first = known.minutes_to_open if known.minutes_to_open is not None else in_steps(minutes)
        Tip.objects.filter(pk=tip.pk).update(threat_to_life=threat_to_life, minutes_to_open=first)


def settle(
    *,
    agency: Agency,
    tip: Tip,
    outcome: Tip.Outcome,
    minutes: int | None,
    told: bool | None,
    by: User,
    same_as: Tip | None = None,
) -> None:
    """Write down what became of a tip. told: whether its sender was told, None where that is not safe or not yet.

    Raises:
        RefusedError: nobody has read it, it was settled meanwhile, or a duplicate names no other tip.
    """
    if tip.state == "new":
        raise RefusedError(_("Read the tip before you say what became of it. Nothing was changed."))
    if outcome == Tip.Outcome.DUPLICATE and (same_as is None or same_as.pk == tip.pk):
        raise RefusedError(_("Choose the other tip that says the same."))
    data = {"outcome": outcome.value}
    try:
        with audited(agency=agency, by=by, action=Audited.TIP_SETTLED, target=f"tip:{tip.pk}", data=data):
            move(
                tip,
                "settled",
                outcome=outcome,
                minutes_to_settle=in_steps(minutes),
                outcome_returned=told,
                promoted=outcome == Tip.Outcome.PASSED,
                same_as=same_as.pk if same_as else None,
            )
    except (MovedMeanwhileError, UndeclaredMoveError):
        raise RefusedError(_("Someone else settled this tip a moment ago. Look at it again.")) from None


def reopen(*, agency: Agency, tip: Tip, by: User) -> None:
    """Take a settled tip up again.

    Raises:
        RefusedError: it is not settled, or was taken up meanwhile.
    """
    if tip.state != "settled":
        raise RefusedError(_("This tip is open already. Nothing was changed."))
    try:
        with audited(agency=agency, by=by, action=Audited.TIP_REOPENED, target=f"tip:{tip.pk}"):
            move(tip, "opened", outcome="", minutes_to_settle=None)
    except MovedMeanwhileError:
        raise RefusedError(_("This tip is open already. Nothing was changed.")) from None


def in_steps(minutes: int | None) -> int | None:
    """Return minutes rounded up to the step, so that a figure never looks better than it was; None stays None."""
    return None if minutes is None else max(0, -(-minutes // STEP) * STEP)


def page_officers() -> int:
    """Tell the officers of every agency with something new, in the same words and at most once a minute; return how many agencies.

    The letter says neither that it is a tip nor how many; it leaves on the clock, not when something arrives (T-13).
    """
    told = 0
    waiting = Letter.objects.filter(from_agency=False, paged=False)
    for number in sorted(set(waiting.values_list("tip__agency_id", flat=True))):
        new = list(waiting.filter(tip__agency_id=number).values_list("pk", flat=True))
        if _page(Agency.objects.get(pk=number)):
            for some in batched(new, AT_ONCE, strict=False):  # after a flood there are more than a statement may name
                Letter.objects.filter(pk__in=some).update(paged=True)
            told += 1
    return told


def _page(agency: Agency) -> bool:
    """Write to each officer who reads tips; return whether a letter left, or nobody is there. One bad address stops no other."""
    sent = 0
    officers = _readers(agency)
    for row in officers:
        try:
            sent += send_mail(
                _("Callbox"), _("There is something new at the desk. Sign in to see it."), None, [row.user.email]
            )
        except OSError as error:  # every failure of a mail server is one
            log.warning("An officer of %s could not be paged: %s.", agency.slug, type(error).__name__)
    return bool(sent) or not officers


def _readers(agency: Agency) -> list[Membership]:
    rows = Membership.objects.filter(agency=agency, role__in=ALLOWED[Action.READ_TIPS], user__is_active=True)
    return list(rows.select_related("user"))


def _today() -> date:
    return datetime.now(UTC).date()
