"""The trend over every assessment, and what moved between neighbours through the agency and through the model."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import may
from callbox.desk.planning.handing import hand_out
from callbox.maturity import queries, trends
from callbox.maturity.models import Assessment
from callbox.maturity.report.inputs import ReportInput
from callbox.maturity.report.roads import Passage, passage_table
from callbox.people.models import Agency
from callbox.people.roles import Action


@require_safe
@agency_page(Action.READ_PROFILE)
def trend(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Show the five areas over all assessments, changes of the model marked."""
    rows = trends.measured(agency)
    context: dict[str, Any] = {"section": "profile", "may": may(request.user, agency)}
    assessment = queries.current(agency)
    if len(rows) > 1 and assessment is not None and assessment.profile is not None:
        report = trends.whole(ReportInput(assessment.profile, queries.words(assessment.profile.model)), rows)
        context |= {"picture": queries.trend_chart(assessment, report), "passages": _passages(rows)}
    return render(request, "planning/trend.html", context)


def _passages(rows: list[Assessment]) -> list[Passage]:
    version = rows[-1].model_version
    return trends.passages(rows, dict(queries.words(version).areas))


@require_safe
@agency_page(Action.EXPORT)
def export(request: StaffRequest, agency: Agency, ending: str) -> HttpResponse:  # noqa: ARG001
    """Hand out what moved."""
    rows = trends.measured(agency)
    if not rows:
        raise Http404
    return hand_out(passage_table(_passages(rows)), ending, prefix=agency.slug)
