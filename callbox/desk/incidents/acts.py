"""What is done about an incident: each a form of its own, each said afterwards."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import back, told
from callbox.desk.incidents.escalation_views import place
from callbox.desk.incidents.forms import DetailsForm, NoteForm
from callbox.desk.incidents.views import find, show
from callbox.flows import escalation as flow
from callbox.flows import linking
from callbox.operations.services import first_word as words
from callbox.operations.services import incidents as services
from callbox.people.models import Agency
from callbox.people.roles import Action


@require_POST
@agency_page(Action.LEAD_INCIDENT)
def open_from(request: StaffRequest, agency: Agency, subject: str) -> HttpResponse:
    """Open an incident from a conversation, an event or what a partner shared, in one action."""
    matter = flow.matter(agency=agency, subject=subject, by=request.user)
    if matter is None or subject.startswith("incident:"):
        raise Http404
    try:
        row = flow.open_incident(agency=agency, subject=subject, title="", critical=matter.urgent, by=request.user)
    except RefusedError as refused:
        messages.error(request, str(refused))
        return back(request, place(agency, subject))
    messages.success(request, _("Open, from this minute on. Give it a name that everybody understands."))
    return redirect("incident", agency=agency.slug, pk=row.pk)


@require_POST
@agency_page(Action.LEAD_INCIDENT)
def note(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Write a line into the log."""
    row, form = find(agency, pk), NoteForm(request.POST)
    if not form.is_valid():
        return show(request, row, note=form, status=422)
    with told(request, _("Written into the log.")):
        services.note(incident=row, text=form.cleaned_data["text"], by=request.user)
    return redirect("incident", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.LEAD_INCIDENT)
def change(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Change what is known of it."""
    row, form = find(agency, pk), DetailsForm(request.POST)
    if not form.is_valid():
        return show(request, row, details=form, status=422)
    with told(request, _("Saved.")):
        services.change(incident=row, **form.cleaned_data, by=request.user)
    return redirect("incident", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.LEAD_INCIDENT)
def link(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Put something into an open incident."""
    number = request.POST.get("incident", "")
    row = find(agency, int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0)
    with told(request, _("It belongs to the incident now, and its log says so.")):
        linking.link(incident=row, subject=request.POST.get("subject", "")[:120], by=request.user)
    return redirect("incident", agency=agency.slug, pk=row.pk)


@require_POST
@agency_page(Action.LEAD_INCIDENT)
def unlink(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Take something out again."""
    with told(request, _("Taken out. The log keeps that it was there.")):
        services.unlink(incident=find(agency, pk), subject=request.POST.get("subject", "")[:120], by=request.user)
    return redirect("incident", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.LEAD_INCIDENT)
def first_word(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Say which message was the first official word."""
    row = find(agency, pk)
    with told(request, _("Written down. The time to the first official word is counted to it.")):
        words.choose(incident=row, subject=request.POST.get("subject", "")[:120], by=request.user)
    return redirect("incident", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.LEAD_INCIDENT)
def reopen(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Take it up again."""
    with told(request, _("Open again.")):
        services.reopen(incident=find(agency, pk), by=request.user)
    return redirect("incident", agency=agency.slug, pk=pk)
