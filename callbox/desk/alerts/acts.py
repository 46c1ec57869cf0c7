"""What is done with an alert: handed in, approved, sent back, published, put away."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.alerts.views import find
from callbox.desk.assessments.told import told
from callbox.flows import alerting
from callbox.operations.services import alerts as services
from callbox.people.models import Agency
from callbox.people.roles import Action


@require_POST
@agency_page(Action.WRITE_ALERT)
def submit(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Hand it to the two people who approve."""
    with told(request, _("It waits for two people now. Tell them; they can approve on a phone.")):
        alerting.submit(alert=find(request, agency, pk), by=request.user)
    return redirect("alert", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.APPROVE_ALERT)
def approve(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Let exactly what was seen go."""
    with told(request, _("You approved exactly what stood there.")):
        alerting.approve(alert=find(request, agency, pk), digest=request.POST.get("digest", ""), by=request.user)
    return redirect("alert", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.APPROVE_ALERT)
def send_back(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Hand it back with a reason."""
    with told(request, _("It is with its author again, with your reason.")):
        services.send_back(alert=find(request, agency, pk), why=request.POST.get("why", ""), by=request.user)
    return redirect("alert", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.WRITE_ALERT)
def publish(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Let it out."""
    with told(request, _("It is out: on the public page, in the feed, and on its way to the accounts.")):
        alerting.publish(alert=find(request, agency, pk), by=request.user)
    return redirect("alert", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.WRITE_ALERT)
def drop(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Put it away."""
    with told(request, _("Put away. It was never published; its versions stay in the record.")):
        services.drop(alert=find(request, agency, pk), by=request.user)
    return redirect("alert", agency=agency.slug, pk=pk)
