"""Agreements: written by one person, signed by another, ended early with a reason."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from callbox.collaboration.models import Agreement, Partner
from callbox.collaboration.services import agreements as services
from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import told
from callbox.desk.partners.forms import AgreementForm
from callbox.people.models import Agency
from callbox.people.roles import Action


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.CHANGE_PARTNER)
def new_agreement(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Write one down."""
    partner = get_object_or_404(Partner.objects.visible_to(request.user).of(agency).select_related("agency"), pk=pk)
    form = AgreementForm(request.POST or None)
    if form.is_valid():
        try:
            services.draft(partner=partner, by=request.user, **form.cleaned_data)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            with told(request, _("Written down. It allows nothing until somebody else signs it.")):
                return redirect("partner", agency=agency.slug, pk=pk)
    context = {"form": form, "partner": partner, "section": "partners"}
    return render(request, "partners/agreement.html", context, status=422 if form.errors else 200)


@require_POST
@agency_page(Action.SIGN_AGREEMENT)
def sign(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Let it stand."""
    row = _find(request, agency, pk)
    with told(request, _("Signed. Sharing under it is allowed until its last day.")):
        services.sign(agreement=row, by=request.user)
    return redirect("partner", agency=agency.slug, pk=row.partner_id)


@require_POST
@agency_page(Action.SIGN_AGREEMENT)
def end(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """End it before its time."""
    row = _find(request, agency, pk)
    with told(request, _("Ended. From now on nothing is handed over under it; recalls still pass.")):
        services.end(agreement=row, why=request.POST.get("why", ""), by=request.user)
    return redirect("partner", agency=agency.slug, pk=row.partner_id)


def _find(request: StaffRequest, agency: Agency, pk: int) -> Agreement:
    return get_object_or_404(
        Agreement.objects.visible_to(request.user).of(agency).select_related("agency", "partner"), pk=pk
    )
