"""The agency's own settings."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.agency.forms import AgencyForm
from callbox.governance import members
from callbox.maturity.services import measuring
from callbox.people.models import Agency
from callbox.people.roles import Action


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.CHANGE_AGENCY)
def agency_settings(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Show and change name, size, time zone, languages and colour."""
    # a copy: the form writes its input into the instance, and the page's head must keep showing what is stored
    form = AgencyForm(request.POST or None, instance=Agency.objects.get(pk=agency.pk))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            members.change_agency(agency=agency, by=request.user, **form.cleaned_data)
            if {"size", "languages"}.intersection(form.changed_data):
                measuring.measure_current_anew(Agency.objects.get(pk=agency.pk))
        messages.success(request, _("The settings were saved."))
        return redirect("agency_settings", agency=agency.slug)
    return render(request, "desk/settings.html", {"form": form, "section": "settings"})
