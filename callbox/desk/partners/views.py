"""Partners: the list by sector, one partner with its agreements and shares, and what is done about it."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callbox.collaboration.keys import key_of
from callbox.collaboration.models import Arrival, Partner
from callbox.collaboration.models.partners import PartnerQuerySet, Sector
from callbox.collaboration.services import agreements, overview
from callbox.collaboration.services import partners as services
from callbox.core.refusal import RefusedError
from callbox.core.signing import parse_public
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import complain, may, told
from callbox.desk.partners.advice import next_steps
from callbox.desk.partners.forms import LABEL_WORDS, WAY_WORDS, ContactForm, KeyForm, PartnerForm, WhyForm
from callbox.people.models import Agency
from callbox.people.roles import Action


@require_safe
@agency_page(Action.READ_PARTNERS)
def partners(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List partners by sector, each with when somebody last spoke with it; the advice names sectors without one."""
    rows = list(
        _door(request, agency).annotate(
            last=Max("contacts__on"), agreed=Max("agreements__ends", filter=Q(agreements__state="signed"))
        )
    )
    standing = [row for row in rows if row.state == "standing"]
    by_sector = [(sector.label, [row for row in standing if row.sector == sector]) for sector in Sector]
    context = {
        "groups_of": [(label, found) for label, found in by_sector if found],
        "ended": [row for row in rows if row.state == "ended"],
        "may": may(request.user, agency),
        "own": key_of(agency).public,
        "today": agreements.today(agency),
        "advice": next_steps(agency),
        "section": "partners",
    }
    return render(request, "partners/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.CHANGE_PARTNER)
def new_partner(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Add one."""
    form = PartnerForm(request.POST or None, agency=agency, initial={"sector": request.GET.get("sector", "")})
    if form.is_valid():
        data = dict(form.cleaned_data)
        try:
            row = services.add(agency=agency, local=data.pop("local_name"), by=request.user, **data)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            with told(request, _("Added. Write down what you agree on before you share.")):
                return redirect("partner", agency=agency.slug, pk=row.pk)
    context = {"form": form, "section": "partners"}
    return render(request, "partners/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.CHANGE_PARTNER)
def change(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Change what is known of one."""
    row = get_object_or_404(_door(request, agency), pk=pk)
    form = PartnerForm(request.POST or None, agency=agency, instance=get_object_or_404(_door(request, agency), pk=pk))
    if form.is_valid():
        try:
            services.change(partner=row, by=request.user, **form.cleaned_data)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            with told(request, _("Saved.")):
                return redirect("partner", agency=agency.slug, pk=pk)
    context = {"form": form, "partner": row, "section": "partners"}
    return render(request, "partners/form.html", context, status=422 if form.errors else 200)


@require_safe
@agency_page(Action.READ_PARTNERS)
def partner(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show one."""
    row = get_object_or_404(_door(request, agency).select_related("local", "key_checked_by", "by"), pk=pk)
    shares = overview.some(agency, list(overview.names(agency, partner=row)[:20]), partner=row)
    context: dict[str, Any] = {
        "partner": row,
        "label": LABEL_WORDS.get(row.clearance, row.clearance),
        "fingerprint": parse_public(row.public_key).fingerprint if row.public_key else "",
        "own": key_of(agency).public,
        "agreements": row.agreements.select_related("by", "signed_by"),
        "contacts": [(each, WAY_WORDS.get(each.how, each.how)) for each in row.contacts.select_related("by")[:20]],
        "shares": shares,
        "arrivals": Arrival.objects.of(agency).filter(partner=row)[:20],
        "may": may(request.user, agency),
        "contact_form": ContactForm(),
        "key_form": KeyForm(),
        "why_form": WhyForm(),
        "today": agreements.today(agency),
        "me": request.user.pk,
        "section": "partners",
    }
    return render(request, "partners/partner.html", context)


@require_POST
@agency_page(Action.CHANGE_PARTNER)
def contact(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Note that we spoke."""
    row, form = get_object_or_404(_door(request, agency), pk=pk), ContactForm(request.POST)
    if form.is_valid():
        with told(request, _("Noted.")):
            services.note_contact(partner=row, by=request.user, **form.cleaned_data)
    else:
        complain(request, _errors(form))
    return redirect("partner", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.CHANGE_PARTNER)
def key(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Compare the key."""
    row, form = get_object_or_404(_door(request, agency), pk=pk), KeyForm(request.POST)
    if form.is_valid():
        with told(request, _("It is the same key. You can share with this partner now, under a signed agreement.")):
            services.check_key(partner=row, heard=form.cleaned_data["heard"], by=request.user)
    else:
        complain(request, _errors(form))
    return redirect("partner", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.CHANGE_PARTNER)
def end(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """End the partnership."""
    row = get_object_or_404(_door(request, agency), pk=pk)
    with told(request, _("Ended. Nothing more is offered or taken; recalls still pass, both ways.")):
        services.end(partner=row, why=request.POST.get("why", ""), by=request.user)
    return redirect("partner", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.CHANGE_PARTNER)
def take_up(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Take it up again."""
    row = get_object_or_404(_door(request, agency), pk=pk)
    with told(request, _("You are partners again, under the agreements that still stand.")):
        services.take_up(partner=row, by=request.user)
    return redirect("partner", agency=agency.slug, pk=pk)


def _door(request: StaffRequest, agency: Agency) -> PartnerQuerySet:
    return Partner.objects.visible_to(request.user).of(agency).select_related("agency")


def _errors(form: Any) -> list[str]:
    return [f"{form.fields[name].label}: {error}" for name, errors in form.errors.items() for error in errors]
