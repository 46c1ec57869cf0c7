"""The calendar: what leaves when and what went out, by month or week, on the agency's clock. Moving is changing the hour in a form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, cast
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import may
from callbox.desk.clock import zone_of
from callbox.desk.voice.shown import Row, with_newest
from callbox.desk.voice.writing import door
from callbox.governance import freezing
from callbox.networks.deliveries.models import Delivery
from callbox.people.models import Agency
from callbox.people.roles import Action
from callbox.voice.models import Version

type View = Literal["month", "week"]

#: A message in one of these states has its hour still before it, or has missed it.
PLANNED = ("draft", "submitted", "approved", "expired")


@dataclass(frozen=True, slots=True)
class Entry:
    """One message at one moment. gone: whether it left then; else it should."""

    moment: datetime
    row: Row
    gone: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One day with its entries. inside: whether it belongs to the month that is shown."""

    day: date
    entries: tuple[Entry, ...]
    inside: bool


@dataclass(frozen=True, slots=True)
class Span:
    """What is shown: whole weeks from Monday on. at: a day inside.  begin, end: first day and the day after the last."""

    view: View
    at: date
    begin: date
    end: date

    @classmethod
    def around(cls, view: View, at: date) -> Span:
        """Return the month or the week that `at` lies in."""
        first = at.replace(day=1) if view == "month" else at
        begin = first - timedelta(days=first.weekday())
        if view == "week":
            return cls(view, at, begin, begin + timedelta(days=7))
        last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        return cls(view, at, begin, last + timedelta(days=7 - last.weekday()))

    @property
    def days(self) -> Iterator[date]:
        """Every day of it."""
        return (self.begin + timedelta(days=each) for each in range((self.end - self.begin).days))

    @property
    def before(self) -> date:
        """A day of the span before."""
        return self.begin - timedelta(days=7) if self.view == "week" else self.at.replace(day=1) - timedelta(days=1)

    @property
    def after(self) -> date:
        """A day of the span that follows."""
        return self.end if self.view == "week" else (self.at.replace(day=1) + timedelta(days=32)).replace(day=1)

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return its first moment and the first after it."""
        begin, end = (datetime(d.year, d.month, d.day, tzinfo=zone).astimezone(UTC) for d in (self.begin, self.end))
        return begin, end


@require_safe
@agency_page(Action.READ_MESSAGES)
def calendar(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Show a month or a week."""
    zone = zone_of(agency)
    today = timezone.now().astimezone(zone).date()
    span = Span.around("week" if request.GET.get("view") == "week" else "month", _day(request.GET.get("at", ""), today))
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for entry in sorted(_entries(request, agency, *span.moments(zone)), key=lambda each: each.moment):
        by_day[entry.moment.astimezone(zone).date()].append(entry)
    days = [
        Day(day, tuple(by_day.get(day, ())), span.view == "week" or day.month == span.at.month) for day in span.days
    ]
    context = {
        "span": span,
        "today": today,
        "weeks": [days[begin : begin + 7] for begin in range(0, len(days), 7)],
        "any": bool(by_day),
        "without_hour": _without_hour(request, agency),
        "zone": zone.key,
        "standing": freezing.standing(agency),
        "may": may(request.user, agency),
        "section": "calendar",
    }
    return render(request, "voice/calendar.html", context)


def _day(text: str, fallback: date) -> date:
    """Return the day asked for; nonsense and years out of reach give the fallback."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return fallback
    return found if 2000 <= found.year < 2200 else fallback


def _entries(request: StaffRequest, agency: Agency, begin: datetime, end: datetime) -> Iterator[Entry]:
    """Yield what should leave between two moments, and what left."""
    rows = door(request, agency)
    due = Version.objects.filter(message__in=rows.filter(state__in=PLANNED), due__gte=begin, due__lt=end)
    for row in with_newest(rows.filter(pk__in=due.values("message"))):
        if row.due is not None and begin <= row.due < end:
            yield Entry(row.due, row, gone=False)
    sent = Delivery.objects.visible_to(request.user).of(agency).filter(state="sent", subject__startswith="message:")
    first: dict[int, datetime] = {}
    moments = (
        sent.filter(settled_at__gte=begin, settled_at__lt=end).exclude(operation="withdraw").order_by("-settled_at")
    )
    for subject, settled_at in moments.values_list("subject", "settled_at"):
        first[int(subject.partition(":")[2])] = cast("datetime", settled_at)
    for row in with_newest(rows.filter(pk__in=first)):
        yield Entry(first[row.message.pk], row, gone=True)


def _without_hour(request: StaffRequest, agency: Agency) -> list[Row]:
    """Return what is being written or waits and has no hour: it leaves as soon as it is approved."""
    waiting = door(request, agency).filter(state__in=("draft", "submitted"))[:50]
    return [row for row in with_newest(waiting) if row.due is None]
