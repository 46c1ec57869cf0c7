"""The roster: who is there when, written down before or after; and what it is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.operations import staffing
from callbox.operations.models import Shift
from callbox.operations.staffing import HOURS, Standard
from callbox.people.models import Agency, User
from callbox.people.roles import Action, can

#: Nobody works longer in one go; a longer span is a slip of the pen.
LONGEST: Final = timedelta(hours=24)
#: A shift lies no further away than this; anything else is a slip of the pen too.
FAR: Final = timedelta(days=5 * 366)
#: So many weeks of a shift can be planned at once.
MOST_WEEKS: Final = 26


@transaction.atomic
def plan(
    *,
    agency: Agency,
    begins: datetime,
    ends: datetime,
    people: int = 1,
    on_call: bool = False,
    weeks: int = 1,
    by: User,
) -> list[Shift]:
    """Put a shift on the roster, and the same in the weeks that follow, at the same hour of the agency's own clock.

    Raises:
        RefusedError: it ends before it begins, lasts longer than a day, is years away, nobody is in it, or `by` may not.
    """
    _may(by, agency)
    now, zone = timezone.now(), ZoneInfo(agency.time_zone)
    if abs(begins - now) > FAR:
        raise RefusedError(_("A shift lies within five years from now. Look at the year; nothing was saved."))
    if not begins < ends <= begins + LONGEST:
        raise RefusedError(_("A shift ends after it begins and lasts at most a day. Nothing was saved."))
    if people < 1 or not 1 <= weeks <= MOST_WEEKS:
        raise RefusedError(
            _("A shift has at least one person and is repeated for at most 26 weeks. Nothing was saved.")
        )
    rows = Shift.objects.bulk_create(
        Shift(
            agency=agency,
            begins=_later(begins, week, zone),
            ends=_later(ends, week, zone),
            people=people,
            on_call=on_call,
            planned=_later(begins, week, zone) > now,
            by=by,
            at=now,
        )
        for week in range(weeks)
    )
    facts: dict[str, Value] = {
        "begins": begins.isoformat(),
        "ends": ends.isoformat(),
        "people": people,
        "on_call": on_call,
        "weeks": weeks,
    }
    record(agency=agency, by=by, action=Audited.SHIFT_PLANNED, target=f"shift:{rows[0].pk}", data=facts)
    return rows


def _later(at: datetime, weeks: int, zone: ZoneInfo) -> datetime:
    """Return the same hour of the clock some weeks on, whatever summer time does meanwhile."""
    return (at.astimezone(zone) + timedelta(weeks=weeks)).astimezone(zone)


@transaction.atomic
def take_off(*, shift: Shift, by: User) -> None:
    """Take a shift off the roster: nobody was there.

    Raises:
        RefusedError: it is off already, or `by` may not.
    """
    _may(by, shift.agency)
    if not Shift.objects.filter(pk=shift.pk, ended_at=None).update(ended_at=timezone.now()):
        raise RefusedError(_("This shift was taken off the roster already."))
    record(agency=shift.agency, by=by, action=Audited.SHIFT_TAKEN_OFF, target=f"shift:{shift.pk}")


@transaction.atomic
def put_back(*, shift: Shift, by: User) -> None:
    """Put a shift back that was taken off.

    Raises:
        RefusedError: it stands, or `by` may not.
    """
    _may(by, shift.agency)
    if not Shift.objects.filter(pk=shift.pk).exclude(ended_at=None).update(ended_at=None):
        raise RefusedError(_("This shift stands on the roster."))
    record(agency=shift.agency, by=by, action=Audited.SHIFT_PUT_BACK, target=f"shift:{shift.pk}")


def _may(by: User, agency: Agency) -> None:
    if not can(by, Action.PLAN_STAFFING, agency):
        raise RefusedError(_("Your role may not plan who is on duty. Nothing was changed."))


@dataclass(frozen=True, slots=True)
class Week:
    """The mean week of an agency. arrivals: items an hour.  there: people an hour, at the desk.  on_call: who can be called.
    needed: people by the standard, `MOST` + 1 for more than that.
    Each by hour of the week.  weeks: how many it is the mean of.  items: that arrived in them.
    """

    arrivals: Sequence[float]
    there: Sequence[float]
    on_call: Sequence[float]
    needed: Sequence[int]
    weeks: int
    items: int

    @property
    def short(self) -> list[tuple[int, int, float]]:
        """Hours of the week in which fewer are there than needed: hour, needed, there; the most arrivals first."""
        found = [
            (hour, self.needed[hour], self.there[hour]) for hour in range(HOURS) if self.there[hour] < self.needed[hour]
        ]
        return sorted(found, key=lambda each: (-self.arrivals[each[0]], each[0]))


def mean_week(agency: Agency, times: Sequence[datetime], *, until: datetime, weeks: int, standard: Standard) -> Week:
    """Hold what arrived in the last `weeks` before `until` against the roster of the same weeks. times: of every item."""
    zone, begins = ZoneInfo(agency.time_zone), until - timedelta(weeks=weeks)
    mine = [at for at in times if begins <= at < until]
    arrivals = [count / weeks for count in staffing.by_hour(mine, zone=zone)]
    rows = Shift.objects.of(agency).standing().filter(begins__lt=until, ends__gt=begins)
    desk, call = ([(row.begins, row.ends, row.people) for row in rows if row.on_call is away] for away in (False, True))
    return Week(
        arrivals,
        staffing.there(desk, begins=begins, weeks=weeks, zone=zone),
        staffing.there(call, begins=begins, weeks=weeks, zone=zone),
        [_needed(each, standard) for each in arrivals],
        weeks,
        len(mine),
    )


def _needed(items_an_hour: float, standard: Standard) -> int:
    try:
        return staffing.needed(items_an_hour, standard)
    except ValueError:  # an hour in which thousands wrote, or a promise nobody can keep: the page still has to show it
        return staffing.MOST + 1
