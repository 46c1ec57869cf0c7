"""The roster: the mean week with its picture, what is missing most, and the shifts."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.clock import zone_of
from callbox.desk.roster.forms import ShiftForm, StandardForm, typed
from callbox.desk.roster.pictures import name_of, people, week_picture
from callbox.operations.models import Shift
from callbox.operations.services import roster as services
from callbox.operations.staffing import LEARNED_WEEKS, forecast_error
from callbox.people.models import Agency
from callbox.people.roles import Action, can
from callbox.trust import ledger as trust

#: Shifts listed on a page, from last week on.
LISTED: Final = 60
#: Hours named in which the most is missing.
NAMED: Final = 5


@require_safe
@agency_page(Action.READ_STAFFING)
def roster(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Show the mean week of the last eight, and the shifts from last week on."""
    asked = StandardForm(request.GET if {"share", "within", "handling"} & request.GET.keys() else None)
    standard, now = asked.standard, timezone.now()
    times = trust.contacts(agency)["at"].to_list()
    week = services.mean_week(agency, times, until=now, weeks=LEARNED_WEEKS, standard=standard)
    shifts = Shift.objects.of(agency).filter(ends__gte=now - timedelta(days=7)).order_by("begins", "pk")
    rows = Paginator(shifts, LISTED).get_page(request.GET.get("page"))
    error = forecast_error(times, until=now, zone=zone_of(agency))
    context = {
        "section": "roster",
        "week": week,
        "picture": week_picture(week) if week.items else None,
        "short": [
            (name_of(hour), week.arrivals[hour], people(needed), there) for hour, needed, there in week.short[:NAMED]
        ],
        "error": error,
        "rows": rows,
        "form": asked if asked.is_bound and asked.errors else StandardForm(initial=typed(standard)),
        "standard": typed(standard),
        "may_plan": can(request.user, Action.PLAN_STAFFING, agency),
    }
    return render(request, "roster/roster.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.PLAN_STAFFING)
def plan_shift(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Put a shift on the roster."""
    with timezone.override(zone_of(agency)):  # hours are typed and read on the agency's clocks
        form = ShiftForm(request.POST if request.method == "POST" else None)
        return _planned(request, agency, form)


def _planned(request: StaffRequest, agency: Agency, form: ShiftForm) -> HttpResponse:
    if form.is_valid():
        try:
            made = services.plan(agency=agency, **form.cleaned_data, by=request.user)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            told = ngettext("%(n)d shift is on the roster.", "%(n)d shifts are on the roster.", len(made))
            messages.success(request, told % {"n": len(made)})
            return redirect("roster", agency=agency.slug)
    context = {"form": form, "section": "roster"}
    return render(request, "roster/plan.html", context, status=422 if form.errors else 200)


@require_POST
@agency_page(Action.PLAN_STAFFING)
def take_off(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Take a shift off the roster; it can be put back."""
    shift = get_object_or_404(Shift.objects.of(agency), pk=pk)
    try:
        services.take_off(shift=shift, by=request.user)
        messages.success(request, _("The shift is off the roster. It can be put back in the list below."))
    except RefusedError as refused:
        messages.error(request, str(refused))
    return redirect("roster", agency=agency.slug)


@require_POST
@agency_page(Action.PLAN_STAFFING)
def put_back(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Put a shift back."""
    shift = get_object_or_404(Shift.objects.of(agency), pk=pk)
    try:
        services.put_back(shift=shift, by=request.user)
        messages.success(request, _("The shift is back on the roster."))
    except RefusedError as refused:
        messages.error(request, str(refused))
    return redirect("roster", agency=agency.slug)
