"""Goals: setting one, looking at it, changing it because of what was found, ending it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.people import days
from callbox.people.models import Agency, User
from callbox.voice.models import Goal, GoalReview
from callbox.voice.standing import LONGEST, SHORTEST, next_look


@dataclass(frozen=True, slots=True)
class Aim:
    """What a goal says. Nothing of it may be missing (IACP measurement fact sheet, 2011).

    baseline, target: in `unit`.  review_every: days between two looks.  owner: a person's name.
    """

    says: str
    serves: str
    audience: str
    measure: str
    unit: str
    baseline: Decimal
    target: Decimal
    by_when: date
    source: str
    review_every: int
    owner: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at a goal found: the figure, what was changed because of it, and a new target or date if that was it."""

    value: Decimal
    note: str = ""
    target: Decimal | None = None
    by_when: date | None = None


@transaction.atomic
def set_goal(*, agency: Agency, aim: Aim, by: User) -> Goal:
    """Set a goal; its first look is one interval from today.

    Raises:
        RefusedError: something is missing, the target is the baseline, its day has passed, or the interval is not 7 to 365 days.
    """
    now = timezone.now()
    today = days.today(agency)
    aim = _checked(aim, today=today)
    goal = Goal.objects.create(agency=agency, review_on=_first_look(aim, today), by=by, at=now, **asdict(aim))
    record(agency=agency, by=by, action=Audited.GOAL_SET, target=f"goal:{goal.pk}", data=_told(aim))
    return goal


@transaction.atomic
def change_goal(*, goal: Goal, aim: Aim, by: User) -> None:
    """Put a goal right before its first look; afterwards it changes by a look only, so that nobody moves the post unseen.

    Raises:
        RefusedError: as `set_goal`; it was looked at already, or has ended.
    """
    fresh = _open(goal)
    if fresh.reviews.exists():
        raise RefusedError(
            _(
                "This goal was looked at already. Change its target or its day with the next look, so that the reason stands beside it."
            )
        )
    today = days.today(goal.agency)
    aim = _checked(aim, today=today)
    before = aim_of(fresh)
    changed: dict[str, Value] = {
        name: [str(value), str(getattr(aim, name))]
        for name, value in asdict(before).items()
        if value != getattr(aim, name)
    }
    if not changed:
        return
    review_on = fresh.review_on
    if aim.review_every != before.review_every or aim.by_when != before.by_when:
        review_on = _first_look(aim, today)
    Goal.objects.filter(pk=fresh.pk).update(review_on=review_on, **asdict(aim))
    record(agency=fresh.agency, by=by, action=Audited.GOAL_CHANGED, target=f"goal:{fresh.pk}", data=changed)


@transaction.atomic
def review_goal(*, goal: Goal, found: Found, by: User) -> GoalReview:
    """Write down one look at a goal; the next is one interval from today.

    Raises:
        RefusedError: the goal has ended; a new target is the baseline or a new day has passed; the target or day moved without a word why.
    """
    fresh = _open(goal)
    today = days.today(fresh.agency)
    before = aim_of(fresh)
    target = before.target if found.target is None else found.target
    by_when = before.by_when if found.by_when is None else found.by_when
    moved = (target, by_when) != (before.target, before.by_when)
    if moved:
        if not found.note.strip():
            raise RefusedError(_("Say why the target or the day was changed. Nothing was saved."))
        _checked(replace(before, target=target, by_when=by_when), today=today)
    row = GoalReview.objects.create(goal=fresh, value=found.value, note=found.note.strip(), by=by, at=timezone.now())
    following = next_look(looked_on=today, every=fresh.review_every)
    Goal.objects.filter(pk=fresh.pk).update(target=target, by_when=by_when, review_on=following)
    data: dict[str, Value] = {"value": str(found.value), "next": following.isoformat()}
    if moved:
        data |= {
            "target": [str(before.target), str(target)],
            "by_when": [str(before.by_when), str(by_when)],
            "why": row.note,
        }
    record(agency=fresh.agency, by=by, action=Audited.GOAL_REVIEWED, target=f"goal:{fresh.pk}", data=data)
    return row


@transaction.atomic
def end_goal(*, goal: Goal, by: User) -> None:
    """End a goal, reached or not; it stays readable with all its looks.

    Raises:
        RefusedError: it has ended already.
    """
    fresh = _open(goal)
    Goal.objects.filter(pk=fresh.pk).update(ended=timezone.now())
    record(agency=fresh.agency, by=by, action=Audited.GOAL_ENDED, target=f"goal:{fresh.pk}", data={"says": fresh.says})


def due_for_review(agency: Agency, today: date) -> QuerySet[Goal]:
    """Return the goals whose look is due today or overdue, the longest overdue first."""
    return Goal.objects.of(agency).filter(ended=None, review_on__lte=today).order_by("review_on", "pk")


def aim_of(goal: Goal) -> Aim:
    """Return what a goal says."""
    return Aim(**{name: getattr(goal, name) for name in Aim.__dataclass_fields__})


def _open(goal: Goal) -> Goal:
    """Return the goal, locked."""
    fresh = Goal.objects.select_for_update().get(pk=goal.pk)
    if fresh.ended:
        raise RefusedError(_("This goal has ended, so nothing was saved. Set a new one if it is to go on."))
    return fresh


def _checked(aim: Aim, *, today: date) -> Aim:
    words = {name: value.strip() for name, value in asdict(aim).items() if isinstance(value, str)}
    missing = [str(Goal._meta.get_field(name).verbose_name) for name, value in words.items() if not value]  # type: ignore[union-attr]
    if missing:
        raise RefusedError(_("Still missing: %(what)s. Nothing was saved.") % {"what": "; ".join(missing)})
    if aim.target == aim.baseline:
        raise RefusedError(_("The target is where it stands today already. Nothing was saved; say what should change."))
    if aim.by_when <= today:
        raise RefusedError(_("The day by which the goal is to be reached must lie ahead. Nothing was saved."))
    if not SHORTEST <= aim.review_every <= LONGEST:
        raise RefusedError(
            _("Look at a goal every %(shortest)d to %(longest)d days. Nothing was saved.")
            % {"shortest": SHORTEST, "longest": LONGEST}
        )
    return Aim(**(asdict(aim) | words))


def _first_look(aim: Aim, today: date) -> date:
    """Return the first look: after one interval, and before the day is over on which it should be reached."""
    return min(today + timedelta(days=aim.review_every), aim.by_when)


def _told(aim: Aim) -> dict[str, Value]:
    return {name: value if isinstance(value, (str, int)) else str(value) for name, value in asdict(aim).items()}
