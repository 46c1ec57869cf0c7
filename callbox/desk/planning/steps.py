"""The steps of the plan: owners, ticks, and ending the plan."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.forms import problems
from callbox.desk.assessments.told import back, complain, told
from callbox.desk.planning.forms import StepForm
from callbox.maturity.models import Plan, PlannedStep
from callbox.maturity.services import planning as services
from callbox.people.models import Agency
from callbox.people.roles import Action


@require_POST
@agency_page(Action.SET_TARGET)
def step(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Save who takes a step and whether its work is done."""
    rows = PlannedStep.objects.visible_to(request.user).of(agency).select_related("plan", "agency", "owner")
    row = get_object_or_404(rows, pk=pk)
    form = StepForm(request.POST, agency=agency)
    if form.is_valid():
        with told(request, _("Saved. The level itself follows once the evidence shows it.")):
            services.assign(step=row, owner=form.cleaned_data["owner"], by=request.user)
            services.tick(step=row, done=form.cleaned_data["done"], by=request.user)
    else:
        complain(request, problems(form))
    return back(request, reverse("roadmap", kwargs={"agency": agency.slug}) + f"#step-{pk}")


@require_POST
@agency_page(Action.SET_TARGET)
def end(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """End the plan."""
    plan = get_object_or_404(Plan.objects.visible_to(request.user).of(agency).select_related("agency"), pk=pk)
    with told(request, _("The plan has ended. It stays in the audit trail; you can choose another any time.")):
        services.end(plan=plan, by=request.user)
    return back(request, reverse("roadmap", kwargs={"agency": agency.slug}))
