"""What a person found out about an event: checked, confirmed, refuted, closed, each with what was searched and where it was silent.

Nothing here happens by itself: no score, no clock and no number of posts confirms, refutes or closes anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.state import move
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.intelligence.checklist import CONTENT, SOURCE, points
from callbox.intelligence.hit_rate import OUTCOMES
from callbox.intelligence.models import Assessment, Event, Silence, Source
from callbox.intelligence.services.families import members
from callbox.people.models import User
from callbox.people.roles import Action, can

#: The longest text of a finding, characters.
LONGEST: Final = 4000
_ACTIONS: Final = {
    "checking": Audited.EVENT_CHECKED,
    "confirmed": Audited.EVENT_CONFIRMED,
    "refuted": Audited.EVENT_REFUTED,
    "closed": Audited.EVENT_CLOSED,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What somebody writes down. text: what was found, behaviour and place first.  checked: ids of the points looked at.

    source_grade, content_grade: A to F and 1 to 6; both are needed to confirm or refute, F and 6 say that it cannot be judged.
    corroboration: from where else it is known, empty where from nowhere.
    """

    text: str = ""
    source_grade: str = ""
    content_grade: str = ""
    corroboration: str = ""
    checked: Sequence[str] = ()


def note(*, event: Event, finding: Finding, by: User) -> Assessment:
    """Write down how far checking has come; the event stays with whoever has it.

    Raises:
        RefusedError: nothing was written, it is not being checked by `by`, or `by` may not.
    """
    may_triage(by, event)
    _sound(finding, text=True)
    with transaction.atomic():
        row = _locked(event)
        if row.state != "checking" or row.owner_id != by.pk:
            raise RefusedError(
                _("Take the event first: only who has it writes down how the check goes. Nothing was kept.")
            )
        return _assess(row, "checking", finding, by=by)


def confirm(*, event: Event, finding: Finding, by: User) -> Assessment:
    """Say that it is so.

    Raises:
        RefusedError: grades or text are missing, somebody else has it, or `by` may not.
        UndeclaredMoveError, MovedMeanwhileError: it stands where nothing can be confirmed, or stood elsewhere a moment ago.
    """
    return _judge(event, "confirmed", finding, by=by)


def refute(*, event: Event, finding: Finding, by: User) -> Assessment:
    """Say that it is not so. Raises as `confirm` does."""
    return _judge(event, "refuted", finding, by=by)


def close(*, event: Event, useful: str, text: str = "", by: User) -> Assessment:
    """Say that nothing more is to be done, and whether hearing of it was of use: true, false, or late (known before elsewhere).

    Raises:
        RefusedError: its use is not said, somebody else has it, or `by` may not.
        UndeclaredMoveError, MovedMeanwhileError: it is closed or part of another event.
    """
    may_triage(by, event)
    if useful not in OUTCOMES:
        raise RefusedError(_("Say whether it was true, not true, or known before. Nothing was changed."))
    _sound(Finding(text=text), text=False)
    now = timezone.now()
    with transaction.atomic():
        row = _free(event, by)
        first = {} if row.decided_at else {"decided_at": now}
        move(row, "closed", changed_at=now, owner=None, **first)
        return _assess(row, "closed", Finding(text=text), by=by, useful=useful)


def searched(event: Event, *, now: datetime) -> list[dict[str, Any]]:
    """Return where the watches that found an event listen, over which span, and when each place was silent meanwhile (E11).

    One entry a source: title, from, until, gaps (from, until; an open one has no until). The span begins a day before the first post.
    """
    began = event.first_at - timedelta(days=1)
    watched = Q(watches__matches__sighting__event__in=members(event))
    sources = Source.objects.of(event.agency).filter(watched).distinct()
    over = Silence.objects.filter(source__in=sources, began_at__lt=now).filter(Q(ended_at=None) | Q(ended_at__gt=began))
    gaps: dict[int, list[dict[str, str]]] = {}
    for gap in over.order_by("began_at"):
        until = gap.ended_at.isoformat() if gap.ended_at else ""
        gaps.setdefault(gap.source_id, []).append({"from": gap.began_at.isoformat(), "until": until})
    span = {"from": began.isoformat(), "until": now.isoformat()}
    return [{"source": source.title, **span, "gaps": gaps.get(source.pk, [])} for source in sources]


def may_triage(by: User, event: Event) -> None:
    """Refuse who may not work on events."""
    if not can(by, Action.TRIAGE, event.agency):
        raise RefusedError(_("Your role reads events, but does not judge them. Nothing was changed."))


def _judge(event: Event, verdict: str, finding: Finding, *, by: User) -> Assessment:
    may_triage(by, event)
    _sound(finding, text=True)
    if finding.source_grade not in SOURCE or finding.content_grade not in CONTENT:
        raise RefusedError(
            _(
                "Grade the source (A to F) and the information (1 to 6). F and 6 say that it cannot be judged. Nothing was changed."
            )
        )
    now = timezone.now()
    with transaction.atomic():
        row = _free(event, by)
        first = {} if row.decided_at else {"decided_at": now}
        move(row, verdict, changed_at=now, **first)
        return _assess(row, verdict, finding, by=by)


def _free(event: Event, by: User) -> Event:
    """Return the event locked, unless somebody else is checking it."""
    row = _locked(event)
    if row.state == "checking" and row.owner_id != by.pk:
        raise RefusedError(
            _("%(name)s is checking this. Ask them, or let it be given back first. Nothing was changed.")
            % {"name": row.owner}
        )
    return row


def _locked(event: Event) -> Event:
    return Event.objects.select_for_update(of=("self",)).select_related("agency", "owner").get(pk=event.pk)


def _sound(finding: Finding, *, text: bool) -> None:
    if text and not finding.text.strip():
        raise RefusedError(_("Write what was found: what happens, where, and how you know. Nothing was kept."))
    if max(len(finding.text), len(finding.corroboration)) > LONGEST:
        raise RefusedError(_("At most %(most)d characters. Nothing was kept.") % {"most": LONGEST})


def _assess(row: Event, verdict: str, finding: Finding, *, by: User, useful: str = "") -> Assessment:
    now = timezone.now()
    made = Assessment.objects.create(
        event=row,
        verdict=verdict,
        source_grade=finding.source_grade,
        content_grade=finding.content_grade,
        corroboration=finding.corroboration.strip(),
        text=finding.text.strip(),
        checked=[point for point in points() if point in finding.checked],
        searched=searched(row, now=now),
        useful=useful,
        by=by,
        at=now,
    )
    said: dict[str, Value] = {
        "assessment": made.pk,
        "grade": finding.source_grade + finding.content_grade,
        "useful": useful,
    }
    record(agency=row.agency, by=by, action=_ACTIONS[verdict], target=row.subject, data=said)
    return made
