"""Gateways: the list, one with its secret and a test call, and what dispatch must know to call back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import told
from callbox.desk.gateways.forms import GatewayForm, NewGatewayForm, RenewForm
from callbox.operations.gateways.webhook import Answer
from callbox.operations.models import Escalation, Gateway
from callbox.operations.services import gateways as services
from callbox.operations.services.gateways import Details
from callbox.people.models import Agency
from callbox.people.roles import Action


@require_safe
@agency_page(Action.CHANGE_GATEWAY)
def gateways(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List gateways."""
    rows = list(_of(agency).order_by("-state", "exercise", "title"))
    return render(request, "gateways/list.html", {"rows": rows, "section": "gateways"})


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.CHANGE_GATEWAY)
def new_gateway(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Add a gateway; its secret is shown once, on the page that answers."""
    form = NewGatewayForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        stated = dict(form.cleaned_data)
        secret, exercise = stated.pop("secret"), stated.pop("exercise")
        try:
            row, given = services.add(
                agency=agency, details=Details(**stated), exercise=exercise, secret=secret, by=request.user
            )
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            return _show(request, row, given=given)
    context = {"form": form, "section": "gateways"}
    return render(request, "gateways/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.CHANGE_GATEWAY)
def gateway(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show a gateway, or change what is stated about it."""
    row = _find(agency, pk)
    if request.method != "POST":
        return _show(request, row)
    form = GatewayForm(request.POST)
    if form.is_valid():
        try:
            services.change(gateway=row, details=Details(**form.cleaned_data), by=request.user)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("gateway", agency=agency.slug, pk=pk)
    return _show(request, row, form=form, status=422)


@require_POST
@agency_page(Action.CHANGE_GATEWAY)
def test(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Make a call that opens nothing there."""
    answer = services.test(gateway=_find(agency, pk), by=request.user)
    (messages.success if answer.fate in {"taken", "acknowledged"} else messages.error)(request, _said(answer))
    return redirect("gateway", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.CHANGE_GATEWAY)
def secret(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Make a new secret and show it once."""
    row, form = _find(agency, pk), RenewForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose for how many days the old secret counts. Nothing was changed."))
        return redirect("gateway", agency=agency.slug, pk=pk)
    given = services.renew_secret(gateway=row, days=form.cleaned_data["days"], by=request.user)
    return _show(request, row, given=given)


@require_POST
@agency_page(Action.CHANGE_GATEWAY)
def end_secret(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Let the old secret count no more."""
    with told(request, _("The old secret has ended. Calls that are signed with it are refused.")):
        services.end_old_secret(gateway=_find(agency, pk), by=request.user)
    return redirect("gateway", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.CHANGE_GATEWAY)
def close(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Send nothing there any more."""
    with told(request, _("Closed. Nothing is sent there any more.")):
        services.close(gateway=_find(agency, pk), by=request.user)
    return redirect("gateway", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.CHANGE_GATEWAY)
def reopen(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Open it again."""
    with told(request, _("Open again. Make a test call.")):
        services.reopen(gateway=_find(agency, pk), by=request.user)
    return redirect("gateway", agency=agency.slug, pk=pk)


def _of(agency: Agency) -> Any:
    return Gateway.objects.filter(agency=agency).select_related("agency", "by")


def _find(agency: Agency, pk: int) -> Gateway:
    found: Gateway = get_object_or_404(_of(agency), pk=pk)
    return found


def _show(
    request: StaffRequest, row: Gateway, *, given: str = "", form: GatewayForm | None = None, status: int = 200
) -> HttpResponse:
    stated = {"title": row.title, "address": row.address, "minutes": row.minutes, "phone": row.phone}
    example = reverse("api_acknowledge", kwargs={"key": "00000000-0000-4000-8000-000000000000"})
    context = {
        "gateway": row,
        "given": given,
        "form": form or GatewayForm(initial=stated),
        "renew": RenewForm(),
        "old_until": row.old_until if services.has_old_secret(row) else None,
        "acknowledge": request.build_absolute_uri(example).replace(
            "00000000-0000-4000-8000-000000000000", "{webhook-id}"
        ),
        "incidents": request.build_absolute_uri(reverse("api_incident")),
        "last": Escalation.objects.filter(gateway=row).order_by("-at").first(),
        "section": "gateways",
    }
    response = render(request, "gateways/gateway.html", context, status=status)
    if given:
        response.headers["Cache-Control"] = "no-store"
    return response


def _said(answer: Answer) -> str:
    """Return what came of a test call, for the person who made it."""
    match answer.fate:
        case "taken" | "acknowledged":
            return _("The call arrived, and its signature was accepted.")
        case "denied":
            return _("It was refused there: %(said)s. Check the address and the secret.") % {"said": answer.said}
        case "not-reached":
            return _("Nobody was reached: %(said)s. Check the address.") % {"said": answer.said}
    return _("No clear answer came: %(said)s. Ask the dispatch centre.") % {"said": answer.said}
