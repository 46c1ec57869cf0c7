"""A comment of yours was hidden: what it was, on which ground, the form to object, and the decision, on one page."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from callbox.core.refusal import RefusedError
from callbox.governance.moderation.grounds import DECIDED_WITHIN, grounds
from callbox.governance.urgent import urgent_words
from callbox.people.models import Agency
from callbox.portal.appeal.forms import ObjectionForm
from callbox.portal.appeal.words import PLAIN
from callbox.portal.page import PublicRequest, portal_page, show
from callbox.trust.services import appeals


@sensitive_post_parameters()
@sensitive_variables()
@portal_page("POST", personal=True)
def appeal(request: PublicRequest, agency: Agency, secret: str) -> HttpResponse:
    """Show a hidden comment to whoever has its address, and take an objection.

    The address may have been given in a public thread, so where showing the words again would do the harm they were hidden for
    (`copy: withheld`), the page leaves them out.
    """
    row = appeals.of_address(agency, secret)
    if row is None:
        raise Http404
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if "anyway" not in request.POST and urgent_words(form.cleaned_data["text"]):
            return show(request, "portal/ask/urgent.html", {"form": form})
        try:
            appeals.object_to(agency=agency, secret=secret, text=form.cleaned_data["text"])
        except RefusedError as refused:
            form.add_error("text", str(refused))
        else:
            return HttpResponseRedirect(request.path)
    context = {
        "hiding": row,
        "plain": PLAIN[row.ground],
        "shown": grounds()[row.ground].copy == "shown",
        "written": datetime.fromisoformat(row.snapshot["at"]),
        "due": appeals.due(row),
        "within": DECIDED_WITHIN,
        "form": form,
        "address": settings.PORTAL_URL + request.path,
    }
    return show(request, "portal/appeal/appeal.html", context)
