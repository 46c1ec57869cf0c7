"""Sharing and receiving: what leaves is shown first, what comes in is told one by one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page, told_already
from callbox.desk.assessments.forms import problems
from callbox.desk.assessments.told import complain, may
from callbox.desk.planning.forms import ReceiveForm, ShareForm
from callbox.desk.planning.handing import attached
from callbox.maturity import queries
from callbox.maturity.benchmark.contribution import write
from callbox.maturity.services import comparing as services
from callbox.people.models import Agency
from callbox.people.roles import Action

#: Refused parts that are named on the page; of more, their number.
NAMED = 20


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.EXCHANGE_BENCHMARK)
def share(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Show exactly what would leave, and hand it out when that is confirmed."""
    assessment = queries.current(agency)
    given = request.POST if request.method == "POST" else request.GET
    form = ShareForm(given if "country" in given else None)
    context: dict[str, Any] = {
        "section": "compare",
        "assessment": assessment,
        "form": form,
        "may": may(request.user, agency),
    }
    if assessment is None or assessment.profile is None or not form.is_valid():
        return render(request, "planning/share.html", context, status=422 if form.errors else 200)
    country = form.cleaned_data["country"]
    try:
        if request.method == "POST":
            text = services.share(assessment=assessment, country=country, by=request.user)
            return told_already(attached(text, f"callbox-benchmark-{assessment.profile.as_of:%Y-%m}.json"))
        found = services.contribution_of(assessment, country=country)
    except RefusedError as refused:
        messages.error(request, str(refused))
        return render(request, "planning/share.html", context, status=422)
    return render(request, "planning/share.html", context | {"found": found, "text": write(found)})


@require_POST
@agency_page(Action.EXCHANGE_BENCHMARK)
def receive(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Take in files of other agencies."""
    form = ReceiveForm(request.POST, request.FILES)
    if not form.is_valid():
        complain(request, problems(form))
        return redirect("compare", agency=agency.slug)
    found = services.receive(agency=agency, incoming=form.incoming(), by=request.user)
    taken = found.new + found.renewed
    if taken:
        messages.success(
            request,
            _("%(new)d new and %(renewed)d renewed contributions.") % {"new": found.new, "renewed": found.renewed},
        )
    if found.known:
        counted = ngettext(
            "One contribution was here already, in this or a later version.",
            "%(count)d contributions were here already, in this or a later version.",
            found.known,
        )
        messages.info(request, counted % {"count": found.known})
    for refused in found.refused[:NAMED]:
        messages.error(request, _("Not taken in: %(name)s. %(why)s") % {"name": refused.name, "why": refused.why})
    if len(found.refused) > NAMED:
        messages.error(request, _("And %(count)d more were not taken in.") % {"count": len(found.refused) - NAMED})
    return redirect("compare", agency=agency.slug)


@require_POST
@agency_page(Action.EXCHANGE_BENCHMARK)
def pool(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Hand out everything that was received as one file."""
    try:
        return told_already(attached(services.hand_on(agency=agency, by=request.user), "callbox-benchmark-pool.json"))
    except RefusedError as refused:
        messages.error(request, str(refused))
        return redirect("compare", agency=agency.slug)
