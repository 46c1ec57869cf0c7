"""Drills: the list, holding one, one with its times and what it led to, and one that was held elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import may, told
from callbox.desk.drills.forms import ActionForm, HoldForm, ReviewForm, WrittenDownForm
from callbox.desk.incidents.pictures import Step, step, steps_picture
from callbox.flows import drill as flow
from callbox.flows.drill import ground
from callbox.maturity.queries import Picture
from callbox.operations.models import Action as Todo
from callbox.operations.models import Drill
from callbox.operations.services import drills as services
from callbox.people.models import Agency
from callbox.people.roles import Action

PAGE: Final = 50


@require_safe
@agency_page(Action.READ_DRILLS)
def drills(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List drills: the one that runs, then the newest; and what is still to be done."""
    rows = Drill.objects.of(agency).exclude(state="running")
    todo = Todo.objects.filter(drill__agency=agency, state="open").select_related("drill", "owner")
    context = {
        "running": list(Drill.objects.of(agency).filter(state="running")),
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "todo": todo.order_by("due", "pk")[:PAGE],
        "may": may(request.user, agency),
        "section": "drills",
    }
    return render(request, "drills/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.HOLD_DRILL)
def hold(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Choose a scenario and begin."""
    form = HoldForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            row = flow.begin(agency=agency, scenario=form.cleaned_data["scenario"], by=request.user)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("drill", agency=agency.slug, pk=row.pk)
    context = {"form": form, "section": "drills"}
    return render(request, "drills/hold.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.HOLD_DRILL)
def write_down(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Write down one that was held elsewhere."""
    form = WrittenDownForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            row = services.write_down(agency=agency, **form.cleaned_data, by=request.user)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("drill", agency=agency.slug, pk=row.pk)
    context = {"form": form, "section": "drills"}
    return render(request, "drills/write_down.html", context, status=422 if form.errors else 200)


@require_safe
@agency_page(Action.READ_DRILLS)
def drill(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show one drill."""
    return _show(request, _find(agency, pk))


@require_POST
@agency_page(Action.HOLD_DRILL)
def end(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """End it."""
    with told(request, _("Ended. Write down what was learned while it is fresh.")):
        flow.end(drill=_find(agency, pk), by=request.user)
    return redirect("drill", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.HOLD_DRILL)
def break_off(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Break it off."""
    with told(request, _("Broken off. It does not count as held.")):
        flow.break_off(drill=_find(agency, pk), by=request.user)
    return redirect("drill", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.HOLD_DRILL)
def clean(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Delete what it made."""
    with told(request, _("Everything the drill made is deleted. Its times stay.")):
        flow.clean(drill=_find(agency, pk), by=request.user)
    return redirect("drill", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.HOLD_DRILL)
def review(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Write down what was learned."""
    row, form = _find(agency, pk), ReviewForm(request.POST)
    if not form.is_valid():
        return _show(request, row, review=form, status=422)
    with told(request, _("Saved.")):
        given = form.cleaned_data
        services.review(drill=row, text=given["review"], partners=given["partners"], by=request.user)
    return redirect("drill", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.HOLD_DRILL)
def add_action(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Add something to do."""
    row, form = _find(agency, pk), ActionForm(request.POST, agency=agency)
    if not form.is_valid():
        return _show(request, row, action=form, status=422)
    with told(request, _("Added.")):
        services.add_action(drill=row, **form.cleaned_data, by=request.user)
    return redirect("drill", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.HOLD_DRILL)
def close_action(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Say that something is done, or is not after all."""
    row = get_object_or_404(Todo.objects.select_related("drill__agency"), pk=pk, drill__agency=agency)
    with told(request, _("Saved.")):
        services.close_action(action=row, closed=row.state == "open", by=request.user)
    return redirect("drill", agency=agency.slug, pk=row.drill_id)


def _find(agency: Agency, pk: int) -> Drill:
    return get_object_or_404(Drill.objects.of(agency).select_related("agency", "by"), pk=pk)


def _show(
    request: StaffRequest,
    row: Drill,
    *,
    review: ReviewForm | None = None,
    action: ActionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    agency = row.agency
    twin = ground.find(agency) if row.kind == "replay" else None
    context: dict[str, Any] = {
        "drill": row,
        "picture": _picture(row) if row.kind == "replay" else None,
        "twin": twin if twin is not None and twin.role_of(request.user) else None,
        "newest": Drill.objects.of(agency).filter(kind="replay").first() == row,
        "actions": row.actions.select_related("owner").order_by("pk"),
        "review": review or ReviewForm(initial={"review": row.review, "partners": "\n".join(row.partners)}),
        "action": action or ActionForm(agency=agency),
        "may": may(request.user, agency),
        "section": "drills",
    }
    return render(request, "drills/drill.html", context, status=status)


def _picture(row: Drill) -> Picture:
    names = {
        "detected": _("Detected"),
        "verified": _("Verified"),
        "approved": _("Approved"),
        "published": _("Published"),
        "corrected": _("Corrected"),
    }
    steps: list[Step] = []
    for name in services.STEPS:
        at = row.steps.get(name)
        steps.append(step(names[name], row.began_at, datetime.fromisoformat(at) if at else None))
    return steps_picture(_("How long it took"), _("Time from the beginning of the drill to each step."), steps)
