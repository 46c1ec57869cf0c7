"""Assessments: the list, one of them, its progress, withdrawing and undoing that."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db.models import Sum
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.forms import ColumnsForm
from callbox.desk.assessments.told import back, may, told
from callbox.maturity import queries
from callbox.maturity.models import Assessment
from callbox.maturity.models.assessments import AssessmentQuerySet
from callbox.maturity.services import assessments as services
from callbox.maturity.services import coding
from callbox.maturity.services.measuring import rejects_file
from callbox.maturity.services.review import review_state
from callbox.people.models import Agency
from callbox.people.roles import Action

#: Assessments on one page of the list.
PAGE = 50
#: How the names of plain tables end.
TABLES = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".parquet")


def find(request: StaffRequest, agency: Agency, pk: int) -> Assessment:
    """Return one assessment through its only door.

    Raises:
        Http404: there is none, or it belongs to somebody else.
    """
    rows = (
        Assessment.objects.visible_to(request.user)
        .of(agency)
        .select_related("agency", "created_by", "submitted_by", "frozen_by")
    )
    return get_object_or_404(rows, pk=pk)


@require_safe
@agency_page(Action.READ_PROFILE)
def runs(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List the agency's assessments, newest first."""
    rows = Assessment.objects.visible_to(request.user).of(agency).light().select_related("agency", "created_by")
    page = int(request.GET.get("page", "1")) if request.GET.get("page", "1").isdecimal() else 1
    begin = max(0, page - 1) * PAGE
    found = list(rows.kept()[begin : begin + PAGE + 1])
    context = {
        "rows": found[:PAGE],
        "more": page + 1 if len(found) > PAGE else None,
        "withdrawn": list(rows.filter(state="withdrawn")[:PAGE]),
        "comparable": sum(row.as_of is not None for row in found) > 1,
        "may": may(request.user, agency),
    }
    return render(request, "assessments/runs.html", context)


@require_safe
@agency_page(Action.READ_PROFILE)
def run(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show one assessment: what was read, where it stands in its life, what can be done with it."""
    assessment = find(request, agency, pk)
    context: dict[str, Any] = {
        "section": "assessments",
        "assessment": assessment,
        "may": may(request.user, agency),
        "uploads": assessment.uploads.all(),
        "rejects": rejects_file(assessment).exists(),
        "columns_form": ColumnsForm() if assessment.state == "failed" and _has_table(assessment) else None,
    }
    if assessment.state in {"waiting", "measuring"}:
        return render(request, "assessments/progress.html", context | _progress(assessment))
    if assessment.profile is not None:
        report = queries.report_input(assessment)
        context |= {
            "profile": assessment.profile,
            "areas": [(area, report.words.area(area.id)) for area in assessment.profile.areas],
            "chart": queries.profile_chart(assessment, report),
            "review": review_state(assessment) if assessment.state in {"in review", "frozen"} else None,
            "samples": coding.newest(assessment),
        }
    return render(request, "assessments/run.html", context)


@require_safe
@agency_page(Action.READ_PROFILE)
def progress(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Answer the progress page's question how far it is; once done, send the page to the result."""
    assessment = find(request, agency, pk)
    if assessment.state in {"waiting", "measuring"}:
        return render(request, "assessments/parts/progress.html", {"assessment": assessment} | _progress(assessment))
    response = HttpResponse(status=204)
    response["HX-Redirect"] = assessment.get_absolute_url()
    return response


def _progress(assessment: Assessment) -> dict[str, int]:
    size = assessment.uploads.aggregate(size=Sum("size"))["size"] or 0
    done = min(assessment.bytes_done, size)
    return {"size": size, "done": done, "percent": 100 * done // size if size else 0}


@require_POST
@agency_page(Action.START_ASSESSMENT)
def act(request: StaffRequest, agency: Agency, pk: int, verb: str) -> HttpResponse:
    """Measure again, choose the agency of the files, withdraw, restore."""
    assessment = find(request, agency, pk)
    by = request.user
    verbs: dict[str, tuple[Callable[[], None], str]] = {
        "again": (
            lambda: services.measure_again(assessment=assessment, by=by, columns=_columns(request)),
            _("The files are read again."),
        ),
        "choose": (
            lambda: services.choose_agency(assessment=assessment, name=request.POST.get("name", ""), by=by),
            _("The files are read again for this agency."),
        ),
        "withdraw": (
            lambda: services.withdraw(assessment=assessment, by=by, why=request.POST.get("why", "")),
            _("Withdrawn. Nothing was deleted; you can undo this in the list of assessments."),
        ),
        "restore": (lambda: services.restore(assessment=assessment, by=by), _("The assessment is back.")),
    }
    if verb not in verbs:
        raise Http404
    do, done = verbs[verb]
    with told(request, done):
        do()
    listed = reverse("assessments", kwargs={"agency": agency.slug})
    return back(request, listed if verb == "withdraw" else assessment.get_absolute_url())


def _columns(request: StaffRequest) -> dict[str, str]:
    """Return the columns that a person has named on the page of a table that was not understood."""
    form = ColumnsForm(request.POST)
    return form.columns() if form.is_valid() else {}


def _has_table(assessment: Assessment) -> bool:
    return any(upload.name.lower().endswith(TABLES) for upload in assessment.uploads.all())


@require_safe
@agency_page(Action.READ_RECORD)
def rejects(request: StaffRequest, agency: Agency, pk: int) -> HttpResponseBase:
    """Hand out the records that were set aside, one JSON object a line."""
    path = rejects_file(find(request, agency, pk))
    if not path.exists():
        raise Http404
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=f"set-aside-{pk}.jsonl", content_type="application/x-ndjson"
    )


@require_safe
@agency_page(Action.READ_PROFILE)
def compare(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Compare two assessments: what changed through the agency, what through the model."""
    rows = Assessment.objects.visible_to(request.user).of(agency).scored().select_related("agency")
    listed = list(rows.light()[: PAGE * 2])
    first, second = (
        _picked(rows, listed, request.GET.get(name, ""), place) for name, place in (("from", 1), ("to", 0))
    )
    context: dict[str, Any] = {"section": "assessments", "listed": listed, "first": first, "second": second}
    if first and second and first.pk != second.pk:
        areas, practices = queries.compared(first, second)
        context["tables"] = [(_("Areas"), areas), (_("Practices that moved"), practices)]
    return render(request, "assessments/compare.html", context)


def _picked(rows: AssessmentQuerySet, listed: list[Assessment], wanted: str, place: int) -> Assessment | None:
    """Return the assessment that was asked for, or the one at `place` of the newest."""
    if wanted.isdecimal():
        return get_object_or_404(rows, pk=int(wanted))
    return rows.get(pk=listed[place].pk) if len(listed) > place else None


@require_safe
@agency_page(Action.EXPORT)
def as_json(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Hand out the profile as JSON."""
    assessment = find(request, agency, pk)
    if assessment.profile_json is None:
        raise Http404
    body = json.dumps(assessment.profile_json, ensure_ascii=False, indent=1)
    return HttpResponse(
        body,
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="profile-{pk}.json"'},
    )
