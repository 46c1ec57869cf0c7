"""The first page of an agency: where it stands, why, and what to do next."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import may
from callbox.maturity import queries
from callbox.maturity.models import Assessment, Attestation
from callbox.maturity.report.findings import findings
from callbox.maturity.report.next_steps import next_steps
from callbox.people.models import Agency
from callbox.people.roles import Action


@require_safe
@agency_page(Action.READ_PROFILE)
def profile(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Show the newest profile: five ranges, three findings, three next actions, and what the record cannot tell."""
    assessment = queries.current(agency)
    context = {
        "assessment": assessment,
        "may": may(request.user, agency),
        "busy": Assessment.objects.of(agency).filter(state__in=["waiting", "measuring"]).light().first(),
        "to_review": Attestation.objects.of(agency).to_review(by=request.user).count(),
    }
    if assessment is None or assessment.profile is None:
        return render(request, "assessments/profile_empty.html", context)
    report = queries.report_input(assessment)
    expiring = (
        Attestation.objects.of(agency).reviewed().filter(expires_on__lte=timezone.localdate() + timedelta(days=30))
    )
    return render(
        request,
        "assessments/profile.html",
        context
        | {
            "profile": assessment.profile,
            "report": report,
            "areas": [
                (area, report.words.area(area.id), assessment.areas[area.id]) for area in assessment.profile.areas
            ],
            "chart": queries.profile_chart(assessment, report),
            "trend": queries.trend_chart(assessment, report),
            "findings": findings(report),
            "steps": next_steps(assessment.profile, report.words),
            "unknown": queries.untold(assessment.profile, report.words),
            "expiring": expiring.count(),
            "falls": queries.falls(assessment),
        },
    )
