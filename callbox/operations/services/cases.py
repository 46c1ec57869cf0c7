"""A caller is given a number and four words, and looks up what an officer wrote for them. Nothing is sent to anybody, by nobody.

Automated caller and victim messages (gate O5) do not exist: no clock, no list and no other system writes an update or makes a case.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.state import move
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.operations import words
from callbox.operations.kinds import danger_words, excluded, kinds
from callbox.operations.models import Case, Update
from callbox.people.models import Agency, User
from callbox.people.roles import Action, can

#: The longest update, characters: what is read on a phone at one glance.
LONGEST: Final = 600
_NUMBER: Final = re.compile(r"[A-Z0-9][A-Z0-9./-]{2,39}")
#: A report older than this is no news; a clock may run ahead by so much.
_OLDEST, _AHEAD = timedelta(days=366), timedelta(minutes=5)


def register(*, agency: Agency, reference: str, kind: str, reported_at: datetime, by: User) -> tuple[Case, str]:
    """Let the caller of a report look up how it stands; return the case and the words to give them, which are shown only now.

    Word is owed from the hour of the report on.

    Raises:
        RefusedError: the kind is one of those nobody may be sent word of, or unknown; the number is taken or no number; the hour lies in
            the future or more than a year back; `by` may not. Nothing was kept.
    """
    _may(by, agency)
    _eligible(kind)
    number, now = words.reference(reference), timezone.now()
    if not _NUMBER.fullmatch(number):
        raise RefusedError(_("A number has 3 to 40 letters, digits, points, hyphens or slashes. Nothing was kept."))
    if not now - _OLDEST <= reported_at <= now + _AHEAD:
        raise RefusedError(
            _("The report must have come in during the last year, and not in the future. Nothing was kept.")
        )
    given = words.new()
    try:
        with transaction.atomic():
            row = Case.objects.create(
                agency=agency,
                reference=number,
                kind=kind,
                secret_digest=_digest(agency, number, given),
                reported_at=reported_at,
                eligible_at=reported_at,
                by=by,
                at=now,
            )
            _tell(row, Audited.CASE_OPENED, by=by, kind=kind)
    except IntegrityError:
        raise RefusedError(_("%(number)s is there already. Open it in the list.") % {"number": number}) from None
    return row, given


def write(*, case: Case, text: str, by: User) -> Update:
    """Write what the caller may read from now on. It is never edited: a second update puts the first one right.

    Raises:
        RefusedError: nothing or too much was written, words of an excluded kind are in it, the case is closed, or `by` may not.
    """
    _may(by, case.agency)
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise RefusedError(_("Write between 1 and %(most)d characters. Nothing was published.") % {"most": LONGEST})
    if found := danger_words(text):
        raise RefusedError(
            _(
                "“%(words)s” may speak of domestic violence, sexual assault or danger that goes on, and somebody else may read"
                " the page. Nothing was published. If the report is of such a kind, take it off; if not, say it in other words."
            )
            % {"words": "”, “".join(found)}
        )
    now = timezone.now()
    with transaction.atomic():
        row = Case.objects.select_for_update().get(pk=case.pk)
        if row.state != "open":
            raise RefusedError(_("This case is closed, so its caller reads nothing any more. Open it again first."))
        update = Update.objects.create(case=row, text=text, by=by, at=now)
        if row.told_at is None:
            row.told_at = now
            row.save(update_fields=["told_at"])
        _tell(row, Audited.CASE_UPDATED, by=by, update=update.pk)
    case.refresh_from_db()
    return update


def renew(*, case: Case, by: User) -> str:
    """Return new words for a caller who lost theirs; the old ones open nothing any more.

    Raises:
        RefusedError: it is closed, or `by` may not.
    """
    _may(by, case.agency)
    given = words.new()
    with transaction.atomic():
        changed = Case.objects.filter(pk=case.pk, state="open").update(
            secret_digest=_digest(case.agency, case.reference, given)
        )
        if not changed:
            raise RefusedError(_("This case is closed. Open it again first."))
        _tell(case, Audited.CASE_WORDS_MADE, by=by)
    return given


@transaction.atomic
def close(*, case: Case, by: User) -> None:
    """Let the page of the case open no more."""
    _may(by, case.agency)
    move(case, "closed")
    _tell(case, Audited.CASE_CLOSED, by=by)


@transaction.atomic
def reopen(*, case: Case, by: User) -> None:
    """Let it open again, with the words the caller has.

    Raises:
        RefusedError: it was taken off as one of an excluded kind.
    """
    _may(by, case.agency)
    row = Case.objects.select_for_update().get(pk=case.pk)  # as it is now: somebody may just have taken it off
    _eligible(row.kind)
    move(row, "open")
    _tell(row, Audited.CASE_REOPENED, by=by)


@transaction.atomic
def take_off(*, case: Case, kind: str, by: User) -> None:
    """Take a case off at once that turned out to be of an excluded kind: its words open nothing any more, and it stays closed.

    Where the caller could read word already, the measure of O5 counts a breach; that is what happened.

    Raises:
        RefusedError: `kind` is not an excluded one, or `by` may not.
    """
    _may(by, case.agency)
    if kind not in excluded():
        raise RefusedError(_("Choose what it turned out to be. Nothing was changed."))
    row = Case.objects.select_for_update().get(pk=case.pk)
    row.kind, row.secret_digest, row.state = kind, secrets.token_hex(32), "closed"
    row.save(update_fields=["kind", "secret_digest", "state"])
    _tell(row, Audited.CASE_EXCLUDED, by=by, kind=kind, told=row.told_at is not None)


def look_up(*, agency: Agency, reference: str, given: str) -> Case | None:
    """Return the case of a number and its words; None alike for a wrong, closed, excluded and unknown one, after the same work."""
    number = words.reference(reference)[:40]
    wanted = Case.objects.of(agency).filter(reference=number, secret_digest=_digest(agency, number, given))
    return wanted.filter(state="open", kind__in=kinds()).prefetch_related("updates").first()


def _eligible(kind: str) -> None:
    """Refuse every kind that is not written down as one whose callers may look."""
    if kind in excluded():
        never = excluded()[kind]
        raise RefusedError(
            _("%(kind)s never gets a page. %(why)s %(instead)s Nothing was kept.")
            % {"kind": never.title, "why": never.why, "instead": never.instead}
        )
    if kind not in kinds():
        raise RefusedError(_("Choose the kind of report from the list. Nothing was kept."))


def _digest(agency: Agency, number: str, given: str) -> str:
    return words.digest(given, agency=agency.pk, number=number, pepper=settings.RECEIPT_KEY)


def _may(by: User, agency: Agency) -> None:
    if not can(by, Action.UPDATE_CASE, agency):
        raise RefusedError(_("Your role may not write updates. Nothing was done."))


def _tell(row: Case, action: Audited, *, by: User, **data: Value) -> None:
    record(agency=row.agency, by=by, action=action, target=f"case:{row.pk}", data=data)
