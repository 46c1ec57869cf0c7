"""What people do with an event on the board: take it, give it back, name it, put it together with another, split a post off, keep it on.

What they find out about it is in `findings`; what a person did is undone by a person.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.core.state import MovedMeanwhileError, move
from callbox.governance import audit
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.intelligence.models import Event, Sighting
from callbox.intelligence.services.families import members, root, sightings
from callbox.intelligence.services.figures import refresh
from callbox.intelligence.services.findings import may_triage
from callbox.intelligence.services.titles import beginning
from callbox.people.models import User

#: Days a reviewed event's posts are kept on.
KEEP_DAYS: Final = 90
#: No post is kept longer than this without becoming part of a case: 5 years (28 CFR 23.20(h)).
LONGEST: Final = timedelta(days=1826)


def read(*, event: Event, by: User) -> None:
    """Write down that somebody reads what an event holds, before anything of it is shown."""
    audit.read(agency=event.agency, by=by, action=Audited.EVENT_READ, target=event.subject)


@transaction.atomic
def take(*, event: Event, by: User) -> None:
    """Check an event oneself: one person has it. A confirmed or refuted one is taken up again, a closed one too.

    Raises:
        RefusedError: a colleague has it already, it is part of another event, or `by` may not.
    """
    may_triage(by, event)
    now, action = timezone.now(), Audited.EVENT_TAKEN if event.state == "new" else Audited.EVENT_REOPENED
    if event.state in ("checking", "merged"):
        raise RefusedError(_("%(title)s is not free to take. Look at it again.") % {"title": event.title})
    try:
        move(event, "checking", owner=by, changed_at=now)
    except MovedMeanwhileError:
        raise RefusedError(_("A colleague was faster. The page shows how it stands now.")) from None
    _tell(event, action, by=by)


@transaction.atomic
def release(*, event: Event, by: User) -> None:
    """Give an event back to where it stood before it was taken, one's own or that of a colleague who is off duty.

    Raises:
        RefusedError: nobody has it, or `by` may not.
    """
    may_triage(by, event)
    if event.state != "checking":
        raise RefusedError(_("Nobody is checking this event, so it needs no giving back."))
    had = event.owner_id
    found = event.assessments.exclude(verdict="checking").order_by("-at", "-pk").values_list("verdict", flat=True)
    move(event, found.first() or "new", owner=None, changed_at=timezone.now())
    _tell(event, Audited.EVENT_RELEASED, by=by, had=had)


@transaction.atomic
def name(*, event: Event, title: str, place: str = "", by: User) -> None:
    """Say in a person's words what an event is about and where it is; grouping leaves them alone from then on.

    Raises:
        RefusedError: no title, or too long, or `by` may not.
    """
    may_triage(by, event)
    title, place = title.strip(), place.strip()
    if not title or max(len(title), len(place)) > 200:
        raise RefusedError(_("Say in up to 200 characters what it is about. Nothing was changed."))
    Event.objects.filter(pk=event.pk).update(title=title, place=place, named=True, changed_at=timezone.now())
    event.title, event.place, event.named = title, place, True
    _tell(event, Audited.EVENT_NAMED, by=by, title=title, place=place)


@transaction.atomic
def merge(*, event: Event, into: Event, by: User) -> None:
    """Put an event into another one that is about the same. Its posts count there; what was found stays with it, and it can be taken out.

    Raises:
        RefusedError: both are one, the other is closed or part of this one, a colleague is checking it, or `by` may not.
        UndeclaredMoveError, MovedMeanwhileError: it is part of another event, or closed.
    """
    may_triage(by, event)
    if into.agency_id != event.agency_id:
        raise RefusedError(_("Only events of one agency can be put together. Nothing was changed."))
    target = Event.objects.select_for_update(of=("self",)).select_related("agency").get(pk=root(into).pk)
    if target.pk in members(event):
        raise RefusedError(_("Both are one event already. Nothing was changed."))
    if target.state == "closed":
        raise RefusedError(
            _("%(title)s is closed. Take it up again first, then put this one into it.") % {"title": target.title}
        )
    if event.state == "checking" and event.owner_id != by.pk:
        raise RefusedError(_("%(name)s is checking this. Ask them first. Nothing was changed.") % {"name": event.owner})
    now = timezone.now()
    move(event, "merged", merged_into=target, owner=None, changed_at=now)
    refresh(target, now=now)
    _tell(event, Audited.EVENT_MERGED, by=by, into=target.pk)


@transaction.atomic
def unmerge(*, event: Event, by: User) -> None:
    """Take an event out again of the one it was put into: its posts come back with it, those that came meanwhile too.

    Raises:
        RefusedError: it is part of no other event, or `by` may not.
    """
    may_triage(by, event)
    above = event.merged_into
    if event.state != "merged" or above is None:
        raise RefusedError(_("This event stands by itself already."))
    now = timezone.now()
    move(event, "new", merged_into=None, changed_at=now)
    refresh(root(above), now=now)
    refresh(event, now=now)
    _tell(event, Audited.EVENT_UNMERGED, by=by, out_of=above.pk)


@transaction.atomic
def split(*, sighting: Sighting, by: User) -> Event:
    """Take a post that does not belong out of its event, with those that repeat it, into an event of its own.

    Raises:
        RefusedError: it is in no event, it is the only one there, it only repeats another, or `by` may not.
    """
    event = sighting.event
    if event is None:
        raise RefusedError(_("This post is in no event yet. Nothing was changed."))
    may_triage(by, event)
    if sighting.duplicate_of_id is not None:
        raise RefusedError(
            _("It repeats another post: split that one off, and this goes with it. Nothing was changed.")
        )
    together = Q(pk=sighting.pk) | Q(duplicate_of=sighting.pk)
    if not Sighting.objects.filter(event=event).exclude(together).exists():
        raise RefusedError(_("There is nothing else in this event. Nothing was changed."))
    now = timezone.now()
    made = Event.objects.create(
        agency=event.agency,
        cluster=_own_cluster(sighting),
        title=beginning(sighting.text) or event.title,
        words=[],
        first_at=sighting.at,
        last_at=sighting.at,
        seen_at=sighting.seen_at,
        changed_at=now,
    )
    moved = Sighting.objects.filter(together).update(event=made)
    refresh(root(event), now=now)
    refresh(made, now=now)
    _tell(event, Audited.SIGHTING_SPLIT, by=by, sighting=sighting.pk, into=made.pk, posts=moved)
    return made


@transaction.atomic
def keep(*, event: Event, reason: str, by: User) -> date:
    """Review an event's posts: they are still needed, for so many days more; return the new day. Five years are never passed.

    Raises:
        RefusedError: no reason is given, nothing is left to keep, or `by` may not.
    """
    may_triage(by, event)
    reason = reason.strip()
    if not reason or len(reason) > 500:
        raise RefusedError(_("Say in up to 500 characters why the posts are still needed. Nothing was changed."))
    rows = sightings(event).filter(gone_at=None)
    oldest = rows.order_by("seen_at").values_list("seen_at", flat=True).first()
    if oldest is None:
        raise RefusedError(_("No post of this event is left to keep."))
    until = min(timezone.now() + timedelta(days=KEEP_DAYS), oldest + LONGEST).date()
    count = rows.filter(review_by__lt=until).update(review_by=until)
    _tell(event, Audited.EVENT_KEPT, by=by, reason=reason, until=until.isoformat(), posts=count)
    return until


def _own_cluster(sighting: Sighting) -> str:
    """Return a name no grouping gives and no earlier split has."""
    taken = Event.objects.of(sighting.agency).filter(cluster__startswith=f"split-{sighting.pk}-").count()
    return f"split-{sighting.pk}-{taken + 1}"


def _tell(event: Event, action: Audited, *, by: User, **data: Value) -> None:
    record(agency=event.agency, by=by, action=action, target=event.subject, data=data)
