"""The hours behind every plan: expert estimates, until the agency enters its own."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.practices import known
from callbox.desk.assessments.told import may, told
from callbox.desk.planning.forms import HoursForm
from callbox.maturity import plans
from callbox.maturity.model import loader
from callbox.maturity.models import OwnEffort
from callbox.maturity.roadmap.steps import Step, efforts
from callbox.maturity.services import planning as services
from callbox.people.models import Agency
from callbox.people.roles import Action


@require_safe
@agency_page(Action.READ_PROFILE)
def hours(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List the hours of every step, the agency's own ones marked."""
    costs, own = plans.costs_of(agency), OwnEffort.objects.of(agency).by_step()
    rows = [
        (
            area,
            practice,
            [(costs[step], step in own) for level in model_levels() if (step := Step(practice.id, level)) in costs],
        )
        for area in loader.load().areas
        for practice in area.practices
    ]
    context: dict[str, Any] = {
        "section": "roadmap",
        "rows": rows,
        "levels": model_levels(),
        "may": may(request.user, agency),
    }
    return render(request, "planning/hours.html", context)


@require_safe
@agency_page(Action.READ_PROFILE)
def practice_hours(request: StaffRequest, agency: Agency, practice: str) -> HttpResponse:
    """Show the hours for the steps of one practice."""
    own = {
        step.level: effort
        for step, effort in OwnEffort.objects.of(agency).by_step().items()
        if step.practice == practice
    }
    initial = {f"once-{level}": effort.hours for level, effort in own.items()}
    initial |= {f"monthly-{level}": effort.monthly for level, effort in own.items()}
    return _page(request, agency, known(practice), HoursForm(initial=initial))


@require_POST
@agency_page(Action.SET_TARGET)
def save_hours(request: StaffRequest, agency: Agency, practice: str) -> HttpResponse:
    """Save the agency's own hours for the steps of one practice."""
    form = HoursForm(request.POST)
    if not form.is_valid():
        return _page(request, agency, known(practice), form)
    with told(
        request, _("Your own hours are saved. The next path is reckoned with them; a chosen plan stays as it is.")
    ):
        services.reckon(agency=agency, practice=known(practice), hours=form.hours(), by=request.user)
    return redirect("hours", agency=agency.slug)


def _page(request: StaffRequest, agency: Agency, practice: str, form: HoursForm) -> HttpResponse:
    model = loader.load()
    rows = [
        (level, efforts()[Step(practice, level.number)], form[f"once-{level.number}"], form[f"monthly-{level.number}"])
        for level in model.levels
    ]
    context: dict[str, Any] = {
        "section": "roadmap",
        "practice": model.practice(practice),
        "rows": rows,
        "form": form,
        "may": may(request.user, agency),
    }
    return render(request, "planning/practice_hours.html", context, status=422 if form.errors else 200)


def model_levels() -> list[int]:
    """Return the numbers of the levels."""
    return [level.number for level in loader.load().levels]
