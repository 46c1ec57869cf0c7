"""What residents see of the agency on every public page."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.agency.forms import PortalForm
from callbox.governance import members
from callbox.people.models import Agency
from callbox.people.roles import Action


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.CHANGE_PORTAL)
def portal_settings(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Show and change the numbers to call, the website and the colour."""
    form = PortalForm(request.POST or None, instance=Agency.objects.get(pk=agency.pk))
    if request.method == "POST" and form.is_valid():
        members.change_agency(agency=agency, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved. Residents see it from now on."))
        return redirect("portal_settings", agency=agency.slug)
    shown = {
        "form": form,
        "section": "portal",
        "address": f"{settings.PORTAL_URL}/p/{agency.slug}/",
        "usual": settings.EMERGENCY_NUMBER,
    }
    return render(request, "desk/portal.html", shown)
