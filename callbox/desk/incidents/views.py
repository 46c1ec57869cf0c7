"""Incidents: the list, one with its log and its times, a new one by hand, and the end with the review after it."""

from __future__ import annotations

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import may, told
from callbox.desk.clock import zone_of
from callbox.desk.incidents.escalation_views import place
from callbox.desk.incidents.forms import LINKED_WORDS, CloseForm, DetailsForm, LinkForm, NewIncidentForm, NoteForm
from callbox.desk.incidents.pictures import Step, step, steps_picture
from callbox.desk.templatetags.incidents import lines
from callbox.flows import linking
from callbox.operations import review
from callbox.operations.models import Alert, Escalation, Incident
from callbox.operations.review import Fact
from callbox.operations.services import first_word
from callbox.operations.services import incidents as services
from callbox.people.models import Agency
from callbox.people.roles import Action

PAGE: Final = 50


@require_safe
@agency_page(Action.READ_INCIDENTS)
def incidents(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List incidents: open ones first, then the newest."""
    rows = Incident.objects.of(agency)
    context = {
        "open": list(rows.filter(state="open")),
        "page": Paginator(rows.filter(state="closed"), PAGE).get_page(request.GET.get("page")),
        "lapsed": Escalation.objects.of(agency).lapsed().count(),
        "may": may(request.user, agency),
        "section": "incidents",
    }
    return render(request, "incidents/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.LEAD_INCIDENT)
def new_incident(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Open an incident by hand."""
    with timezone.override(zone_of(agency)):
        form = NewIncidentForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                row = services.open_incident(agency=agency, **form.cleaned_data, by=request.user)
            except RefusedError as refused:
                form.add_error(None, str(refused))
            else:
                return redirect("incident", agency=agency.slug, pk=row.pk)
        context = {"form": form, "section": "incidents"}
        return render(request, "incidents/new.html", context, status=422 if form.errors else 200)


@require_safe
@agency_page(Action.READ_INCIDENTS)
def incident(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show one incident."""
    return show(request, find(agency, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.LEAD_INCIDENT)
def close(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Draft the review from the log, and end the incident with what a person made of it."""
    row = find(agency, pk)
    form = CloseForm(request.POST if request.method == "POST" else None, initial={"review": _draft(agency, row)})
    if form.is_valid():
        with told(request, _("Closed.")):
            services.close(incident=row, review=form.cleaned_data["review"], by=request.user)
        return redirect("incident", agency=agency.slug, pk=pk)
    context = {"incident": row, "form": form, "section": "incidents"}
    return render(request, "incidents/close.html", context, status=422 if form.errors else 200)


def find(agency: Agency, pk: int) -> Incident:
    """Return an incident of the agency.

    Raises:
        Http404: there is none.
    """
    return get_object_or_404(Incident.objects.of(agency).select_related("agency", "by"), pk=pk)


def show(
    request: StaffRequest,
    row: Incident,
    *,
    note: NoteForm | None = None,
    details: DetailsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render an incident, with what was typed where something stood in the way."""
    agency, granted = row.agency, may(request.user, row.agency)
    leads = granted["lead_incident"]
    stated = {"title": row.title, "place": row.place, "reference": row.reference, "critical": row.critical}
    log = row.notes.select_related("by").order_by("at", "pk")
    escalations = list(Escalation.objects.of(agency).filter(incident=row).select_related("gateway").order_by("at"))
    context: dict[str, Any] = {
        "incident": row,
        "lines": [(line, place(agency, line.subject)) for line in log],
        "belonging": [
            (each, LINKED_WORDS.get(each.kind, each.kind), place(agency, each.subject) if each.title else "")
            for each in linking.linked(row, by=request.user)
        ],
        "escalations": escalations,
        "alerts": lines(list(Alert.objects.of(agency).filter(incident=row).exclude(state="dropped"))),
        "linking": LinkForm(incident=row, by=request.user) if leads and row.state == "open" else None,
        "proposed": first_word.proposed(row) if not row.first_word else [],
        "first_word": place(agency, row.first_word),
        "picture": _picture(row, escalations),
        "note": note or NoteForm(),
        "details": details or DetailsForm(initial=stated),
        "may": granted,
        "section": "incidents",
    }
    return render(request, "incidents/incident.html", context, status=status)


def _facts(row: Incident, escalations: list[Escalation]) -> list[Fact]:
    """Return what has a time: the first word always, the freeze where it was called for."""
    facts = (
        [Fact(_("Dispatch had it"), min(each.acknowledged_at for each in escalations if each.acknowledged_at))]
        if any(each.acknowledged_at for each in escalations)
        else []
    )
    facts.append(Fact(_("First official word"), row.first_word_at))
    if row.critical:
        facts.append(Fact(_("Everything stopped"), row.frozen_at))
    return facts


def _picture(row: Incident, escalations: list[Escalation]) -> Any:
    steps = [Step(_("Flagged"), 0.0)]
    steps += [step(fact.label, row.flagged_at, fact.at) for fact in _facts(row, escalations)]
    if row.closed_at is not None:
        steps.append(step(_("Closed"), row.flagged_at, row.closed_at))
    return steps_picture(_("How long it took"), _("Minutes from the flag of public impact to each step."), steps)


def _draft(agency: Agency, row: Incident) -> str:
    escalations = list(Escalation.objects.of(agency).filter(incident=row))
    log = [(line.at, str(line.by or ""), line.text) for line in row.notes.select_related("by").order_by("at", "pk")]
    return row.review or review.draft(
        title=row.title,
        flagged_at=row.flagged_at,
        facts=_facts(row, escalations),
        log=log,
        zone=zone_of(agency),
    )
