"""Updates to callers: who is owed word and has had none first, one case with what its caller may read, a new case with its words."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import complain, told
from callbox.desk.cases.forms import CaseForm, TakeOffForm, UpdateForm
from callbox.desk.clock import zone_of
from callbox.governance.content import TARGET_GRADE, reading_grade
from callbox.operations.kinds import DELAY_BY, DELAY_FROM, excluded, kinds
from callbox.operations.models import Case
from callbox.operations.services import cases as services
from callbox.people.models import Agency
from callbox.people.roles import Action

PAGE: Final = 50


@require_safe
@agency_page(Action.UPDATE_CASE)
def cases(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List cases: those whose caller is owed word and had none first, then the newest."""
    rows = Case.objects.of(agency).select_related("by")
    owed = Paginator(rows.owed(), PAGE).get_page(request.GET.get("owed"))
    page = Paginator(rows.exclude(state="open", told_at=None), PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "owed": [(row, _title(row.kind), _delay(row, now)) for row in owed],
        "owed_page": owed,
        "rows": [(row, _title(row.kind)) for row in page],
        "page": page,
        "section": "cases",
    }
    return render(request, "cases/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.UPDATE_CASE)
def new_case(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Register a case; the words are shown once, on the page that answers."""
    with timezone.override(zone_of(agency)):
        form = CaseForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                row, given = services.register(agency=agency, **form.cleaned_data, by=request.user)
            except RefusedError as refused:
                form.add_error(None, str(refused))
            else:
                return _show(request, row, given=given)
        context = {"form": form, "never": excluded().values(), "section": "cases"}
        return render(request, "cases/new.html", context, status=422 if form.errors else 200)


@require_safe
@agency_page(Action.UPDATE_CASE)
def case(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show one case."""
    return _show(request, _find(agency, pk))


@require_POST
@agency_page(Action.UPDATE_CASE)
def write(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Publish an update. What was typed stays on the page when it cannot be published."""
    row, form = _find(agency, pk), UpdateForm(request.POST)
    if form.is_valid():
        try:
            services.write(case=row, text=form.cleaned_data["text"], by=request.user)
        except RefusedError as refused:
            form.add_error("text", str(refused))
        else:
            with told(request, _("The caller can read it now. Nothing was sent to them.")):
                return redirect("case", agency=agency.slug, pk=pk)
    return _show(request, row, update=form, status=422)


@require_POST
@agency_page(Action.UPDATE_CASE)
def words(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Make new words for a caller who lost theirs."""
    row = _find(agency, pk)
    try:
        return _show(request, row, given=services.renew(case=row, by=request.user))
    except RefusedError as refused:
        complain(request, [str(refused)])
        return redirect("case", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.UPDATE_CASE)
def close(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Close a case."""
    with told(request, _("Closed. Number and words open nothing any more.")):
        services.close(case=_find(agency, pk), by=request.user)
    return redirect("case", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.UPDATE_CASE)
def reopen(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Open it again."""
    with told(request, _("Open again, with the words the caller has.")):
        services.reopen(case=_find(agency, pk), by=request.user)
    return redirect("case", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.UPDATE_CASE)
def take_off(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Take a case off that turned out to be of an excluded kind."""
    with told(request, _("Taken off. Nobody can open it any more, with whatever words.")):
        services.take_off(case=_find(agency, pk), kind=request.POST.get("kind", ""), by=request.user)
    return redirect("case", agency=agency.slug, pk=pk)


def _find(agency: Agency, pk: int) -> Case:
    return get_object_or_404(Case.objects.of(agency).select_related("agency", "by"), pk=pk)


def _show(
    request: StaffRequest, row: Case, *, given: str = "", update: UpdateForm | None = None, status: int = 200
) -> HttpResponse:
    kind = kinds().get(row.kind)
    updates = [(each, _hard(each.text)) for each in row.updates.select_related("by")]
    context: dict[str, Any] = {
        "case": row,
        "title": _title(row.kind),
        "never": excluded().get(row.kind),
        "drafts": kind.drafts if kind else (),
        "delay": _delay(row, timezone.now()),
        "updates": updates,
        "given": given,
        "update": update or UpdateForm(),
        "take_off": TakeOffForm(),
        "section": "cases",
    }
    response = render(request, "cases/case.html", context, status=status)
    if given:
        response.headers["Cache-Control"] = "no-store"
    return response


def _title(kind: str) -> str:
    known = kinds().get(kind) or excluded().get(kind)
    return known.title if known else kind


def _delay(row: Case, now: datetime) -> str:
    """Return "due" or "late" where somebody waits for an officer and has had no word: from 20 minutes, from 30 minutes on."""
    kind, waited = kinds().get(row.kind), now - row.reported_at
    if kind is None or not kind.delay or row.told_at is not None or row.state != "open" or waited < DELAY_FROM:
        return ""
    return "due" if waited <= DELAY_BY else "late"


def _hard(text: str) -> int | None:
    """Return the school grade a text asks for where it is above the one aimed at."""
    grade = reading_grade(text)
    return round(grade) if grade is not None and grade > TARGET_GRADE else None
