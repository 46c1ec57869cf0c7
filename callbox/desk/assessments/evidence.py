"""Evidence: the list, one attestation, proposing, reviewing, withdrawing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callbox.core.refusal import RefusedError
from callbox.core.store import locate
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.forms import AttestForm, WhyForm, problems
from callbox.desk.assessments.told import back, complain, may, told
from callbox.maturity import queries
from callbox.maturity.model import loader
from callbox.maturity.model.practices import Condition, Practice
from callbox.maturity.models import Attestation
from callbox.maturity.services import evidence as services
from callbox.people.models import Agency
from callbox.people.roles import Action


@require_safe
@agency_page(Action.READ_EVIDENCE)
def evidence(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List the evidence: what waits for the reader first, then what expires soonest."""
    granted = may(request.user, agency)
    today = timezone.localdate()
    return render(
        request,
        "assessments/evidence.html",
        {
            "evidence": queries.evidence_list(agency, reader=request.user, today=today),
            "may": granted,
            "today": today,
            "soon": today + timedelta(days=30),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.ADD_ATTESTATION)
def attest(request: StaffRequest, agency: Agency, condition: str) -> HttpResponse:
    """Propose a document or link for one condition."""
    practice, wanted = condition_of(condition)
    replaces = _replaced(request, agency, condition)
    initial = {"owner": request.user.pk, "begins": timezone.localdate(), "title": replaces.title if replaces else ""}
    form = AttestForm(request.POST or None, request.FILES or None, agency=agency, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            attestation = _propose(request, agency, form, practice, condition, replaces)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("The evidence is kept and waits for a second person. It counts once they have reviewed it.")
            )
            return redirect("attestation", agency=agency.slug, pk=attestation.pk)
    return render(
        request,
        "assessments/attest.html",
        {
            "section": "evidence",
            "form": form,
            "practice": practice,
            "condition": wanted,
            "unless": condition == wanted.unless_id,
            "replaces": replaces,
        },
        status=422 if form.errors else 200,
    )


def _propose(
    request: StaffRequest,
    agency: Agency,
    form: AttestForm,
    practice: Practice,
    condition: str,
    replaces: Attestation | None,
) -> Attestation:
    data = form.cleaned_data
    document = data["document"]
    claim = services.Claim(
        condition=condition,
        practice=practice.id,
        title=data["title"],
        begins=data["begins"],
        ends=data["ends"],
        link=data["link"],
        value=data["value"],
    )
    return services.propose(
        agency=agency,
        claim=claim,
        owner=data["owner"],
        by=request.user,
        document=(document.name, document.chunks()) if document else None,
        replaces=replaces,
    )


def _replaced(request: StaffRequest, agency: Agency, condition: str) -> Attestation | None:
    wanted = request.POST.get("replaces") or request.GET.get("replaces") or ""
    if not wanted.isdecimal():
        return None
    return get_object_or_404(_door(request, agency), pk=int(wanted), condition=condition)


def condition_of(identifier: str) -> tuple[Practice, Condition]:
    """Return the practice and the condition that evidence named by `identifier` supports.

    Raises:
        Http404: the current model has no such condition.
    """
    for practice in loader.load().practices:
        for condition in practice.conditions:
            if identifier in {
                condition.id,
                condition.document,
                condition.unless_id if condition.unless else condition.id,
            }:
                return practice, condition
    raise Http404


def _door(request: StaffRequest, agency: Agency) -> QuerySet[Attestation]:
    return (
        Attestation.objects.visible_to(request.user)
        .of(agency)
        .select_related("agency", "owner", "reviewer", "proposed_by", "replaces")
    )


@require_safe
@agency_page(Action.READ_EVIDENCE)
def attestation(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show one attestation with its life."""
    row = get_object_or_404(_door(request, agency), pk=pk)
    practice, condition = condition_of(row.condition)
    granted = may(request.user, agency)
    own = request.user in {row.owner, row.proposed_by}
    context = {
        "section": "evidence",
        "row": row,
        "practice": practice,
        "condition": condition,
        "may": granted,
        "own": own,
        "reviewable": granted["review_attestation"] and row.state == "proposed" and not own,
        "withdrawable": granted["add_attestation"] and row.state in {"proposed", "reviewed"},
        "restorable": granted["add_attestation"] and row.state == "withdrawn",
        "successors": row.replaced_by.select_related("owner").exclude(state__in=["refused", "withdrawn"]),
        "today": timezone.localdate(),
    }
    return render(request, "assessments/attestation.html", context)


@require_safe
@agency_page(Action.READ_EVIDENCE)
def document(request: StaffRequest, agency: Agency, pk: int) -> HttpResponseBase:
    """Hand out the document; always as a download, never shown in the desk's own origin."""
    row = get_object_or_404(_door(request, agency), pk=pk)
    if not row.document:
        raise Http404
    path = locate(Path(settings.MEDIA_ROOT), row.document)
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=row.document_name, content_type="application/octet-stream"
    )


@require_POST
@agency_page(Action.REVIEW_ATTESTATION)
def review(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Accept evidence as a second person."""
    row = get_object_or_404(_door(request, agency), pk=pk)
    with told(request, _("Reviewed. The evidence counts from now on, and the profile was computed anew.")):
        services.review(attestation=row, by=request.user)
    return back(request, _page(row))


@require_POST
@agency_page(Action.REVIEW_ATTESTATION)
def refuse(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Refuse evidence as a second person."""
    return _with_reason(request, agency, pk, services.refuse, _("Refused. Its owner sees your reason."))


@require_POST
@agency_page(Action.ADD_ATTESTATION)
def withdraw(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Take evidence back."""
    done = _("Withdrawn. It no longer counts; you can undo this on its page.")
    return _with_reason(request, agency, pk, services.withdraw, done)


@require_POST
@agency_page(Action.ADD_ATTESTATION)
def restore(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Undo a withdrawal."""
    row = get_object_or_404(_door(request, agency), pk=pk)
    with told(request, _("The evidence is back where it was.")):
        services.restore(attestation=row, by=request.user)
    return back(request, _page(row))


def _with_reason(request: StaffRequest, agency: Agency, pk: int, verb: Callable[..., None], done: str) -> HttpResponse:
    row = get_object_or_404(_door(request, agency), pk=pk)
    form = WhyForm(request.POST)
    if form.is_valid():
        with told(request, done):
            verb(attestation=row, by=request.user, why=form.cleaned_data["why"])
    else:
        complain(request, problems(form))
    return back(request, _page(row))


def _page(row: Attestation) -> str:
    return reverse("attestation", kwargs={"agency": row.agency.slug, "pk": row.pk})
