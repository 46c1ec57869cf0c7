"""What is done with a watch: hand in, sign, allow, send back, refuse, end. Each says what became of it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import told
from callbox.desk.watches.views import find
from callbox.intelligence.services import watches as services
from callbox.people.models import Agency
from callbox.people.roles import Action


@require_POST
@agency_page(Action.WRITE_WATCH)
def submit(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Hand it in."""
    with told(request, _("Handed in. The page below says what it waits for.")):
        services.submit(watch=find(agency, pk), by=request.user)
    return redirect("watch", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.SIGN_OFF_WATCH)
def sign(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Sign it for the law, or say no."""
    lawful, reason = request.POST.get("lawful") == "yes", request.POST.get("reason", "")
    done = _("Signed. Somebody must still allow it.") if lawful else _("Refused. Its author reads your reason.")
    with told(request, done):
        seen = request.POST.get("seen", "")
        services.sign_off(watch=find(agency, pk), lawful=lawful, reason=reason, seen=seen, by=request.user)
    return redirect("watch", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.ALLOW_WATCH)
def allow(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Let it listen."""
    with told(request, _("Allowed. It listens between its first and its last hour.")):
        services.allow(watch=find(agency, pk), seen=request.POST.get("seen", ""), by=request.user)
    return redirect("watch", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.READ_WATCHES)
def send_back(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Give it back to its author."""
    with told(request, _("Sent back with your reason.")):
        services.send_back(watch=find(agency, pk), why=request.POST.get("reason", ""), by=request.user)
    return redirect("watch", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.READ_WATCHES)
def refuse(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Say no to it."""
    with told(request, _("Refused. It listens to nothing.")):
        services.refuse(watch=find(agency, pk), why=request.POST.get("reason", ""), by=request.user)
    return redirect("watch", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.READ_WATCHES)
def end(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Stop it at once."""
    with told(request, _("Ended. It listens no more; what it found stays for its days.")):
        services.end(watch=find(agency, pk), why=request.POST.get("reason", ""), by=request.user)
    return redirect("watch", agency=agency.slug, pk=pk)
