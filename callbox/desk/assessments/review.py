"""The review by a second person, freezing and signing, and what leaves the house."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callbox.core.store import locate
from callbox.desk.access import StaffRequest, agency_page, counted, told_already
from callbox.desk.assessments.runs import find
from callbox.desk.assessments.told import back, may, told
from callbox.governance.actions import Audited
from callbox.maturity import queries
from callbox.maturity.models import LevelReview
from callbox.maturity.report.findings import findings
from callbox.maturity.report.findings import told as said
from callbox.maturity.report.pdf import full, one_page
from callbox.maturity.report.tables import tables
from callbox.maturity.services import review as services
from callbox.maturity.services.assessments import tell
from callbox.people.models import Agency
from callbox.people.roles import Action


@require_safe
@agency_page(Action.READ_EVIDENCE)
def review(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show every level that a second person must look at, with what it rests on."""
    assessment = find(request, agency, pk)
    if assessment.profile is None or not assessment.measured:
        raise Http404
    report = queries.report_input(assessment)
    looked = {each.practice: each for each in assessment.level_reviews.select_related("by")}
    state = services.review_state(assessment)
    granted = may(request.user, agency)
    lines = [
        (
            practice,
            report.words.practice(practice.id),
            looked.get(practice.id) if practice.id not in state.left else None,
            [
                said(condition, report.words)
                for condition in practice.conditions
                if condition.level <= (practice.shown or 0)
            ],
        )
        for practice in services.to_confirm(assessment)
    ]
    context = {
        "section": "assessments",
        "assessment": assessment,
        "may": granted,
        "lines": lines,
        "state": state,
        "own": assessment.submitted_by_id == request.user.pk,
        "reviewing": assessment.state == "in review"
        and granted["review_attestation"]
        and assessment.submitted_by_id != request.user.pk,
        "findings": findings(report),
        "verdicts": LevelReview.Verdict,
    }
    return render(request, "assessments/review.html", context)


@require_POST
@agency_page(Action.START_ASSESSMENT)
def submit(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Hand the assessment to a second person."""
    assessment = find(request, agency, pk)
    with told(request, _("Submitted. Its figures stand still now until a second person has looked at them.")):
        services.submit(assessment=assessment, by=request.user)
    return back(request, assessment.get_absolute_url())


@require_POST
@agency_page(Action.REVIEW_ATTESTATION)
def levels(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Confirm or question levels."""
    assessment = find(request, agency, pk)
    questioned = {
        name.removeprefix("note-"): str(note)
        for name, note in request.POST.items()
        if name.startswith("note-") and str(note).strip()
    }
    confirmed = [name for name in request.POST.getlist("confirm") if name not in questioned]
    with told(request, _("Saved. Thank you for looking.")):
        services.review_levels(assessment=assessment, confirmed=confirmed, questioned=questioned, by=request.user)
    return back(request, reverse("review", kwargs={"agency": agency.slug, "pk": pk}))


@require_POST
@agency_page(Action.REVIEW_ATTESTATION)
def send_back(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Return the assessment to its assessor."""
    assessment = find(request, agency, pk)
    with told(request, _("Sent back with your reason. Evidence can be added again.")):
        services.send_back(assessment=assessment, by=request.user, why=request.POST.get("why", ""))
    return back(request, assessment.get_absolute_url())


@require_POST
@agency_page(Action.FREEZE_ASSESSMENT)
def freeze(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Freeze and sign."""
    assessment = find(request, agency, pk)
    with told(
        request, _("Frozen and signed. Nothing changes this assessment any more; a new look is a new assessment.")
    ):
        services.freeze(assessment=assessment, by=request.user)
    return back(request, assessment.get_absolute_url())


@require_safe
@agency_page(Action.EXPORT)
def pack(request: StaffRequest, agency: Agency, pk: int) -> HttpResponseBase:
    """Hand out the signed proof pack."""
    assessment = find(request, agency, pk)
    if not assessment.pack:
        raise Http404
    path = locate(Path(settings.MEDIA_ROOT), assessment.pack)
    with transaction.atomic():
        tell(assessment, Audited.ASSESSMENT_EXPORTED, by=request.user, sha256=assessment.pack_sha256)
    name = f"callbox-{agency.slug}-{pk}.zip"
    return told_already(
        FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/zip")
    )


@require_safe
@agency_page(Action.EXPORT)
def table(request: StaffRequest, agency: Agency, pk: int, name: str, ending: str) -> HttpResponse:
    """Hand out one table of the assessment's report, as CSV or JSON."""
    assessment = find(request, agency, pk)
    if assessment.profile is None or ending not in {"csv", "json"}:
        raise Http404
    found = tables(queries.report_input(assessment)).get(name)
    if found is None:
        raise Http404
    body, kind = (found.csv(), "text/csv; charset=utf-8") if ending == "csv" else (found.json(), "application/json")
    disposition = f'attachment; filename="{agency.slug}-{pk}-{name}.{ending}"'
    response = HttpResponse(body, content_type=kind, headers={"Content-Disposition": disposition})
    return counted(response, len(found.rows))


@require_safe
@agency_page(Action.READ_PROFILE)
def export(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """List everything that can be taken along."""
    assessment = find(request, agency, pk)
    if assessment.profile is None:
        raise Http404
    context = {
        "section": "assessments",
        "assessment": assessment,
        "may": may(request.user, agency),
        "tables": tables(queries.report_input(assessment)).values(),
    }
    return render(request, "assessments/export.html", context)


@require_safe
@agency_page(Action.EXPORT)
def pdf(request: StaffRequest, agency: Agency, pk: int, name: str) -> HttpResponse:
    """Hand out the one page for the chief, or the full report, as tagged PDF."""
    assessment = find(request, agency, pk)
    make = {"one-page": one_page, "report": full}.get(name)
    if assessment.profile is None or make is None:
        raise Http404
    disposition = f'attachment; filename="{agency.slug}-{pk}-{name}.pdf"'
    return HttpResponse(
        make(queries.report_input(assessment)),
        content_type="application/pdf",
        headers={"Content-Disposition": disposition},
    )
