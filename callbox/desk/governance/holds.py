"""Holds: placed in one step, released in two, never forgotten."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.governance.forms import HoldForm, ReleaseForm
from callbox.governance.models import Hold
from callbox.governance.retention import services
from callbox.people.models import Agency
from callbox.people.roles import Action, can

PAGE = 50


@require_safe
@agency_page(Action.READ_RETENTION)
def holds(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List the holds, standing ones first."""
    rows = Hold.objects.visible_to(request.user).of(agency).select_related("by", "released_by")
    context = {
        "section": "retention",
        "standing": rows.standing(),
        "page": Paginator(rows.exclude(released_at=None), PAGE).get_page(request.GET.get("page")),
        "may_change": can(request.user, Action.CHANGE_RETENTION, agency),
    }
    return render(request, "governance/holds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.CHANGE_RETENTION)
def place(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Place a hold."""
    form = HoldForm(request.POST or None, initial={"subject": request.GET.get("subject", "")[:500].replace("\0", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.place_hold(
                agency=agency,
                subject=form.chosen(),
                reason=data["reason"],
                reference=data["reference"],
                by=request.user,
            )
        except RefusedError as refused:
            form.add_error("subject", str(refused))
        else:
            messages.success(request, _("The hold stands. Nothing it covers is purged until it is released."))
            return redirect("holds", agency=agency.slug)
    context = {"section": "retention", "form": form}
    return render(request, "governance/place.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.CHANGE_RETENTION)
def release(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Ask why the hold ends, and release it."""
    hold = get_object_or_404(Hold.objects.visible_to(request.user).of(agency).select_related("by"), pk=pk)
    form = ReleaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.release_hold(hold=hold, why=form.cleaned_data["why"], by=request.user)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Released. What it kept past its time goes with the next nightly purge."))
            return redirect("holds", agency=agency.slug)
    context = {"section": "retention", "form": form, "hold": hold}
    return render(request, "governance/release.html", context, status=422 if form.errors else 200)
