"""How often each watch was right, over all time and by quarter."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.clock import zone_of
from callbox.intelligence.hit_rate import HitRate
from callbox.intelligence.models import Watch
from callbox.intelligence.services.hits import rates
from callbox.people.models import Agency
from callbox.people.roles import Action

#: Quarters that can be chosen, newest first.
QUARTERS: Final = 8
_MONTHS: Final = 3


@require_safe
@agency_page(Action.READ_EVENTS)
def hit_rates(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List the watches with what became of the events they found."""
    quarters = {quarter_name(begin): (begin, end) for begin, end in recent(timezone.now().astimezone(zone_of(agency)))}
    chosen = request.GET.get("quarter", "")
    begins, ends = quarters.get(chosen, (None, None))
    found = rates(agency, begins=begins, ends=ends)
    watches = Watch.objects.of(agency).filter(pk__in=found).prefetch_related("versions").order_by("pk")
    context: dict[str, Any] = {
        "rows": [(watch, row_of(found[watch.pk])) for watch in watches],
        "quarters": list(quarters),
        "chosen": chosen if chosen in quarters else "",
        "section": "events",
    }
    return render(request, "events/hits.html", context)


def row_of(rate: HitRate) -> dict[str, Any]:
    """Return what `desk/events/_hit_rate.html` shows of a rate: counts, and the share with its interval in whole per cent."""
    low, high = rate.interval or (0.0, 0.0)
    return {
        "rate": rate,
        "share": None if rate.share is None else round(100 * rate.share),
        "low": round(100 * low),
        "high": round(100 * high),
    }


def hit_rate_of(watch: Watch) -> dict[str, Any]:
    """Return the context `hit_rate` of `desk/events/_hit_rate.html` for the page of one watch."""
    return row_of(rates(watch.agency).get(watch.pk, HitRate()))


def recent(now: datetime) -> list[tuple[datetime, datetime]]:
    """Return the quarters up to that of `now`, newest first: beginning, and beginning of the next; on the clock of `now`."""
    first = now.replace(
        month=(now.month - 1) // _MONTHS * _MONTHS + 1, day=1, hour=0, minute=0, second=0, microsecond=0
    )
    starts = [_moved(first, -_MONTHS * number) for number in range(-1, QUARTERS)]
    return [(begin, end) for end, begin in pairwise(starts)]


def quarter_name(begin: datetime) -> str:
    """Return the name of a quarter: 2026 Q4."""
    return _("%(year)d Q%(quarter)d") % {"year": begin.year, "quarter": (begin.month - 1) // _MONTHS + 1}


def _moved(moment: datetime, months: int) -> datetime:
    number = moment.year * 12 + moment.month - 1 + months
    return moment.replace(year=number // 12, month=number % 12 + 1)
