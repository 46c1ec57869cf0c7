"""The reports at the desk. They show the same data as the PDFs and the JSON files."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.runs import find
from callbox.desk.assessments.told import may
from callbox.desk.reports.full import chapters, lists
from callbox.maturity import queries
from callbox.maturity.models import Assessment
from callbox.maturity.pictures import FULL, ONE_PAGE, posting_pictures, report_pictures
from callbox.maturity.report.inputs import ReportInput
from callbox.maturity.report.page import chief_data, page_data, record_line
from callbox.maturity.report.tables import tables
from callbox.people.models import Agency
from callbox.people.roles import Action

#: Assessments to choose from; the reports of older ones stand on their own pages.
LISTED = 60
#: Figures on the page for the chief; all of them stand in the full report.
FIGURES = 4


@require_safe
@agency_page(Action.READ_PROFILE)
def reports(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Show what reports there are of one assessment, the newest unless another was chosen."""
    wanted = request.GET.get("assessment", "")
    assessment = find(request, agency, int(wanted)) if wanted.isdecimal() else queries.current(agency)
    context: dict[str, Any] = {"section": "reports", "assessment": assessment, "may": may(request.user, agency)}
    if assessment is None or assessment.profile is None:
        return render(request, "reports/empty.html", context)
    listed = Assessment.objects.visible_to(request.user).of(agency).scored().light()
    context |= {"listed": listed[:LISTED], "tables": tables(queries.report_input(assessment)).values()}
    return render(request, "reports/list.html", context)


@require_safe
@agency_page(Action.READ_PROFILE)
def chief(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show the one page for the chief."""
    assessment, report = _report(request, agency, pk)
    data = chief_data(report)
    context = {
        "section": "reports",
        "assessment": assessment,
        "may": may(request.user, agency),
        "data": data,
        "figures": data["figures"][:FIGURES],
        "figures_left": max(0, len(data["figures"]) - FIGURES),
        "pictures": report_pictures(report, ONE_PAGE),
        "benchmark": report.benchmark,
        "record_line": record_line(report),
    }
    return render(request, "reports/chief.html", context)


@require_safe
@agency_page(Action.READ_EVIDENCE)
def full(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show the full report: everything the profile rests on."""
    assessment, report = _report(request, agency, pk)
    data = page_data(report)
    context = {
        "section": "reports",
        "assessment": assessment,
        "may": may(request.user, agency),
        "data": data,
        "chapters": chapters(data),
        "lists": lists(data),
        # Two hundred conditions and the annexes take longer to set than a page may; equal reports share them.
        "digest": hashlib.sha256(json.dumps(data).encode()).hexdigest(),
        "pictures": report_pictures(report, FULL) | posting_pictures(report.activity),
    }
    return render(request, "reports/full.html", context)


@require_safe
@agency_page(Action.EXPORT)
def as_json(request: StaffRequest, agency: Agency, pk: int, name: str) -> HttpResponse:
    """Hand out what a report says, as JSON."""
    _assessment, report = _report(request, agency, pk)
    make = {"chief": chief_data, "full": page_data}.get(name)
    if make is None:
        raise Http404
    return HttpResponse(
        json.dumps(make(report), ensure_ascii=False, indent=1, allow_nan=False).encode(errors="replace"),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{agency.slug}-{pk}-{name}.json"'},
    )


def _report(request: StaffRequest, agency: Agency, pk: int) -> tuple[Assessment, ReportInput]:
    assessment = find(request, agency, pk)
    if assessment.profile is None:
        raise Http404
    return assessment, queries.report_input(assessment)
