"""Incidents: opened in one action, their log, the first official word, the freeze, the end and the review after it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.state import move
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.governance.models import Freeze
from callbox.operations.models import Gateway, Incident, Note
from callbox.people.models import Agency, User
from callbox.people.roles import Action, can

DISPATCH: Final = "dispatch"
#: The longest note and review, characters.
LONGEST, LONGEST_REVIEW = 2000, 20_000
#: How far back a flag may lie, and how far ahead a clock may run.
_OLDEST, _AHEAD = timedelta(days=31), timedelta(minutes=5)


def open_incident(
    *,
    agency: Agency,
    title: str,
    flagged_at: datetime,
    subjects: Sequence[str] = (),
    place: str = "",
    critical: bool = False,
    exercise: bool = False,
    by: User,
) -> Incident:
    """Open an incident by the word of the command. subjects: what it came from.  critical: danger to life, everything scheduled must stop.

    Raises:
        RefusedError: it has no title, its time lies ahead or a month back, one of the subjects has an open incident already, or `by`
            may not. Nothing was kept.
    """
    if not can(by, Action.LEAD_INCIDENT, agency):
        raise RefusedError(_("Your role may not open an incident. Nothing was kept."))
    words, now = title.strip(), timezone.now()
    if not words:
        raise RefusedError(_("Say in a few words what happens. Nothing was kept."))
    _check_time(flagged_at, now)
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=agency.pk)  # two people press at once
        for subject in subjects:
            known = open_of(agency, subject)
            if known is not None:
                raise RefusedError(_("There is an open incident for this already: %(title)s.") % {"title": known})
        row = Incident.objects.create(
            agency=agency,
            title=words[:160],
            place=place.strip()[:200],
            subjects=list(subjects),
            critical=critical,
            exercise=exercise or agency.exercise,
            flagged_at=flagged_at,
            flagged_from="command",
            by=by,
            at=now,
        )
        _tell(row, Audited.INCIDENT_OPENED, by=by, subjects=list(subjects), critical=critical, exercise=exercise)
        _write(row, _("Opened."), by=by)
    return row


def opened_by_dispatch(
    *, gateway: Gateway, reference: str, title: str, place: str, critical: bool, flagged_at: datetime
) -> tuple[Incident, bool]:
    """Open the incident that dispatch flagged as one of public impact; return it and whether it is new. The same number is the same one.

    Raises:
        RefusedError: it has no number or title, or its time lies ahead or a month back. Nothing was kept.
    """
    number, words, now = reference.strip()[:60], title.strip()[:160], timezone.now()
    if not number or not words:
        raise RefusedError(_("A number and what happens are needed. Nothing was kept."))
    _check_time(flagged_at, now)
    with transaction.atomic():
        locked = Gateway.objects.select_for_update(of=("self",)).select_related("agency").get(pk=gateway.pk)
        known = Incident.objects.of(locked.agency).filter(reference=number, exercise=locked.exercise).first()
        if known is not None:
            return known, False
        row = Incident.objects.create(
            agency=locked.agency,
            title=words,
            reference=number,
            place=place.strip()[:200],
            critical=critical,
            exercise=locked.exercise,
            flagged_at=flagged_at,
            flagged_from="dispatch",
            by=None,
            at=now,
        )
        _tell(row, Audited.INCIDENT_OPENED, by=DISPATCH, gateway=locked.pk, reference=number, critical=critical)
        _write(row, _("Opened by %(gateway)s.") % {"gateway": locked.title}, by=None)
    return row, True


def open_of(agency: Agency, subject: str) -> Incident | None:
    """Return the open incident that came from `subject`, None when there is none."""
    rows = Incident.objects.of(agency).filter(state="open")
    return next((row for row in rows if subject in row.subjects or subject == row.subject), None)


@transaction.atomic
def note(*, incident: Incident, text: str, subject: str = "", by: User) -> Note:
    """Write a line into the log. It is never edited: a later line puts an earlier one right.

    Raises:
        RefusedError: nothing or too much is written, or `by` may not.
    """
    _may(by, incident)
    words = text.strip()
    if not words or len(words) > LONGEST:
        raise RefusedError(_("Write between 1 and %(most)d characters. Nothing was kept.") % {"most": LONGEST})
    line = _write(incident, words, by=by, subject=subject)
    _tell(incident, Audited.INCIDENT_NOTED, by=by, note=line.pk)
    return line


@transaction.atomic
def log(*, incident: Incident, subject: str, text: str, by: User) -> None:
    """Write down what another act did for the incident, inside the transaction of that act, which had its own permission. Twice is once."""
    Incident.objects.select_for_update().get(pk=incident.pk)
    if not Note.objects.filter(incident=incident, subject=subject).exists():
        _write(incident, text, by=by, subject=subject)
        _tell(incident, Audited.INCIDENT_LINKED, by=by, subject=subject)


@transaction.atomic
def link(*, incident: Incident, subject: str, text: str, by: User) -> None:
    """Let something belong to it (a message, a conversation, an event), with a line in the log.

    text: of that line.  The caller has looked that `subject` is the agency's own.

    Raises:
        RefusedError: it belongs to it or to another open incident already, the incident is closed, or `by` may not.
    """
    row = _open(incident, by)
    if subject in row.subjects:
        raise RefusedError(_("It belongs to this incident already. Nothing was changed."))
    known = None if subject.startswith("message:") else open_of(row.agency, subject)
    if known is not None:
        raise RefusedError(
            _("It belongs to another open incident: %(title)s. Take it out there first.") % {"title": known}
        )
    row.subjects = [*row.subjects, subject]
    row.save(update_fields=["subjects"])
    _write(row, text, by=by, subject=subject)
    _tell(row, Audited.INCIDENT_LINKED, by=by, subject=subject)
    incident.refresh_from_db(fields=["subjects"])


@transaction.atomic
def unlink(*, incident: Incident, subject: str, by: User) -> None:
    """Take out what does not belong to it. The log keeps that it was there; what was handed to dispatch from it stays.

    Raises:
        RefusedError: it does not belong to it, the incident is closed, or `by` may not.
    """
    row = _open(incident, by)
    if subject not in row.subjects:
        raise RefusedError(_("It does not belong to this incident any more. Nothing was changed."))
    row.subjects = [each for each in row.subjects if each != subject]
    row.save(update_fields=["subjects"])
    _write(row, _("Taken out: it does not belong to this incident."), by=by, subject=subject)
    _tell(row, Audited.INCIDENT_UNLINKED, by=by, subject=subject)
    incident.refresh_from_db(fields=["subjects"])


def _open(incident: Incident, by: User) -> Incident:
    _may(by, incident)
    row = Incident.objects.select_for_update(of=("self",)).select_related("agency").get(pk=incident.pk)
    if row.state != "open":
        raise RefusedError(_("This incident is closed. Open it again first; nothing was changed."))
    return row


@transaction.atomic
def set_first_word(*, incident: Incident, subject: str, at: datetime, title: str, by: User) -> None:
    """Say which message was the first official word. A person chooses it; the record never guesses.

    subject: `message:12`.  at: when it was out.  The caller has looked that the message is the agency's own and left after the flag.

    Raises:
        RefusedError: it left before the flag, or `by` may not.
    """
    _may(by, incident)
    row = Incident.objects.select_for_update().get(pk=incident.pk)
    if at < row.flagged_at:
        raise RefusedError(_("It left before the incident was flagged, so it cannot be the first word about it."))
    row.first_word, row.first_word_at = subject, at
    row.save(update_fields=["first_word", "first_word_at"])
    _write(row, _("First official word: %(title)s") % {"title": title}, by=by, subject=subject)
    _tell(row, Audited.INCIDENT_FIRST_WORD, by=by, subject=subject, out=at.isoformat())
    incident.refresh_from_db()


@transaction.atomic
def note_freezes() -> int:
    """Write beside each critical incident since when everything scheduled stands still; return how many it was written beside.

    A freeze that stood when the incident was flagged counts from the flag on; one pressed later from then on.
    """
    count = 0
    waiting = Incident.objects.filter(critical=True, exercise=False, frozen_at=None, state="open")
    for row in waiting.select_related("agency").select_for_update(of=("self",), skip_locked=True):
        found = Freeze.objects.of(row.agency).exclude(lifted_at__lte=row.flagged_at).order_by("at").first()
        if found is None:
            continue
        row.frozen_at = max(found.at, row.flagged_at)
        row.save(update_fields=["frozen_at"])
        _write(row, _("Everything scheduled is stopped."), by=found.by, subject=f"freeze:{found.pk}", at=row.frozen_at)
        _tell(row, Audited.INCIDENT_FROZEN, by="system: incidents", freeze=found.pk)
        count += 1
    return count


@transaction.atomic
def change(*, incident: Incident, title: str, place: str, reference: str, critical: bool, by: User) -> None:
    """Change what is known of it.

    Raises:
        RefusedError: it has no title, or `by` may not.
    """
    _may(by, incident)
    if not title.strip():
        raise RefusedError(_("Say in a few words what happens. Nothing was changed."))
    stated = {"title": title.strip()[:160], "place": place.strip()[:200], "reference": reference.strip()[:60]}
    Incident.objects.filter(pk=incident.pk).update(**stated, critical=critical)
    if critical and not incident.critical:
        _write(incident, _("Danger to life: everything scheduled must stop."), by=by)
    _tell(incident, Audited.INCIDENT_CHANGED, by=by, critical=critical)
    incident.refresh_from_db()


@transaction.atomic
def close(*, incident: Incident, review: str, by: User) -> None:
    """End it, with the review after it (F14), which began as a draft from the log and was put into words by a person.

    Raises:
        RefusedError: the review is too long, an escalation of it still waits for somebody, or `by` may not.
    """
    _may(by, incident)
    if len(review) > LONGEST_REVIEW:
        raise RefusedError(_("The review is too long. Nothing was changed."))
    if incident.escalations.filter(state__in=("waiting", "sending", "unclear", "sent", "lapsed")).exists():
        raise RefusedError(
            _(
                "An escalation of it has no end yet: wait for dispatch, or write down what became of it. Nothing was changed."
            )
        )
    move(incident, "closed", closed_at=timezone.now(), review=review.strip())
    _write(incident, _("Closed."), by=by)
    _tell(incident, Audited.INCIDENT_CLOSED, by=by, review=len(review.strip()))


@transaction.atomic
def reopen(*, incident: Incident, by: User) -> None:
    """Take it up again."""
    _may(by, incident)
    move(incident, "open", closed_at=None)
    _write(incident, _("Opened again."), by=by)
    _tell(incident, Audited.INCIDENT_REOPENED, by=by)


def _check_time(flagged_at: datetime, now: datetime) -> None:
    if not now - _OLDEST <= flagged_at <= now + _AHEAD:
        raise RefusedError(_("The hour of the flag must lie in the last 31 days, and not ahead. Nothing was kept."))


def _may(by: User, incident: Incident) -> None:
    if not can(by, Action.LEAD_INCIDENT, incident.agency):
        raise RefusedError(_("Your role may not lead an incident. Nothing was changed."))


def _write(row: Incident, text: str, *, by: User | None, subject: str = "", at: datetime | None = None) -> Note:
    return Note.objects.create(incident=row, text=text, subject=subject, by=by, at=at or timezone.now())


def _tell(row: Incident, action: Audited, *, by: User | str, **data: Value) -> None:
    record(agency=row.agency, by=by, action=action, target=row.subject, data=data)
