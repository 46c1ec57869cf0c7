"""Writing an alert: from nothing, from a template, from what happened; then on; then an update or a cancel of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.alerts import words
from callbox.desk.alerts.forms import AlertForm
from callbox.desk.alerts.views import find
from callbox.flows import alerting
from callbox.operations.cap.templates import begun, ended, templates
from callbox.operations.cap.vocabulary import Content, Info
from callbox.operations.models import Alert
from callbox.operations.services import alerts as services
from callbox.people.models import Agency
from callbox.people.roles import Action


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.WRITE_ALERT)
def new(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Begin an alert. Whether it is an exercise is said here, once and for ever."""
    given = request.POST if request.method == "POST" else request.GET
    exercise = given.get("exercise") == "1"
    content = _first(agency, given.get("template", ""))
    form = AlertForm(
        request.POST if request.method == "POST" else None, agency=agency, content=content, exercise=exercise
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = services.draft(
                agency=agency,
                content=form.written(),
                accounts=form.cleaned_data["accounts"],
                exercise=exercise,
                once=True,
                by=request.user,
            )
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            return _kept(request, row)
    return _page(request, form, {"exercise": exercise, "template": given.get("template", "")})


def _first(agency: Agency, template: str) -> Content:
    languages = agency.languages or ["en"]
    if template in templates():
        return begun(templates()[template], languages, now=timezone.now())
    return Content((Info(language=languages[0], urgency="Immediate", severity="Severe", certainty="Observed"),))


@require_POST
@agency_page(Action.WRITE_ALERT)
def begin_from(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Begin an alert from an event, a conversation or an incident."""
    try:
        row = alerting.draft_from(
            agency=agency,
            subject=request.POST.get("subject", ""),
            template=request.POST.get("template", ""),
            exercise=request.POST.get("exercise") == "1",
            by=request.user,
        )
    except RefusedError as refused:
        notes.error(request, str(refused))
        return redirect("alerts", agency=agency.slug)
    return redirect("write_alert", agency=agency.slug, pk=row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.WRITE_ALERT)
def rewrite(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Write on. Whatever happens, what was typed stands in the form that comes back."""
    row = find(request, agency, pk)
    if row.state not in services.OPEN:
        notes.error(request, _("This alert can no longer be changed. Publish an update of it instead."))
        return redirect("alert", agency=agency.slug, pk=pk)
    version = row.newest
    form = AlertForm(
        request.POST if request.method == "POST" else None,
        agency=agency,
        content=version.written,
        accounts=version.accounts,
        exercise=row.exercise,
        seen=version.number,
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            alerting.save(
                alert=row, content=form.written(), accounts=data["accounts"], seen=data["seen"], by=request.user
            )
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            return _kept(request, row)
    return _page(request, form, {"alert": row, "exercise": row.exercise})


@require_POST
@agency_page(Action.WRITE_ALERT)
def follow(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Begin an update or a cancel, with the words of what it follows."""
    row, kind = find(request, agency, pk), request.POST.get("kind", "")
    if kind not in {"Update", "Cancel"}:
        notes.error(request, _("Choose whether it goes on or is over. Nothing was begun."))
        return redirect("alert", agency=agency.slug, pk=pk)
    content = row.newest.written
    try:
        begun_ = alerting.follow(
            alert=row,
            kind="Cancel" if kind == "Cancel" else "Update",
            content=ended(content, now=timezone.now()) if kind == "Cancel" else content,
            by=request.user,
        )
    except RefusedError as refused:
        notes.error(request, str(refused))
        return redirect("alert", agency=agency.slug, pk=pk)
    return redirect("write_alert", agency=agency.slug, pk=begun_.pk)


def _kept(request: StaffRequest, row: Alert) -> HttpResponse:
    """Go to the alert; hand it in where that was asked for."""
    if request.POST.get("do") == "submit" and row.state == "draft":
        try:
            alerting.submit(alert=row, by=request.user)
        except RefusedError as refused:
            notes.error(request, str(refused))
        else:
            notes.success(request, _("It waits for two people now. Tell them; they can approve on a phone."))
    elif row.state == "draft":
        notes.success(request, _("Saved."))
    return redirect("alert", agency=row.agency.slug, pk=row.pk)


def _page(request: StaffRequest, form: AlertForm, context: dict[str, Any]) -> HttpResponse:
    kind = context["alert"].kind if "alert" in context else "Alert"
    more = {"form": form, "kind": words.KINDS[kind], "section": "alerts"}
    return render(request, "alerts/write.html", {**more, **context}, status=422 if form.errors else 200)
