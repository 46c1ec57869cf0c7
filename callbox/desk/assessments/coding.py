"""Double coding: a sample, one page to code it, and the agreement once both are done."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.runs import find
from callbox.desk.assessments.told import told
from callbox.maturity.models import Code, CodingSample
from callbox.maturity.services import coding as services
from callbox.maturity.services.stated import CODERS
from callbox.people.models import Agency
from callbox.people.roles import Action

#: Posts on one page: a screen's work, saved in one go.
PAGE = 10


def _sample(request: StaffRequest, agency: Agency, pk: int) -> CodingSample:
    rows = (
        CodingSample.objects.visible_to(request.user)
        .of(agency)
        .select_related("assessment", "assessment__agency", "by")
    )
    return get_object_or_404(rows, pk=pk)


@require_POST
@agency_page(Action.DECLARE_LEVEL)
def draw(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Draw a sample from an assessment's files."""
    assessment = find(request, agency, pk)
    with told(request, _("The sample is drawn. Two people now label it, each alone.")):
        sample = services.draw(assessment=assessment, by=request.user)
        return redirect("coding", agency=agency.slug, pk=sample.pk)
    return redirect(assessment)


@require_safe
@agency_page(Action.READ_RECORD)
def coding(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show the posts the reader still has to code, or the agreement."""
    sample = _sample(request, agency, pk)
    coders = services.coders_of(sample)
    agreement = services.agreement(sample)
    left = list(sample.posts.exclude(codes__coder=request.user))
    free = request.user.pk in coders or len(coders) < CODERS
    context = {
        "section": "assessments",
        "sample": sample,
        "agreement": agreement,
        "needed": services.NEEDED,
        "posts": left[:PAGE] if free and agreement is None else [],
        "left": len(left),
        "total": sample.posts.count(),
        "coders": len(coders),
        "free": free,
        "kinds": Code.Kind,
    }
    return render(request, "assessments/coding.html", context)


@require_POST
@agency_page(Action.DECLARE_LEVEL)
def code(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Save the codes of one page; posts without a kind stay for later."""
    sample = _sample(request, agency, pk)
    with told(request, _("Saved.")):
        chosen = [post for post in sample.posts.all() if request.POST.get(f"kind-{post.pk}")]
        if not chosen:
            raise RefusedError(_("Say of at least one post what it does."))
        for post in chosen:
            services.code(
                post=post,
                kind=request.POST[f"kind-{post.pk}"],
                prevention=f"prevention-{post.pk}" in request.POST,
                services=f"services-{post.pk}" in request.POST,
                by=request.user,
            )
    return redirect("coding", agency=agency.slug, pk=pk)
