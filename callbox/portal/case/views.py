"""How a report stands, for the caller who has its number and words. Nothing is ever sent to them."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from callbox.operations.services import cases
from callbox.people.models import Agency
from callbox.portal.case.forms import LookupForm
from callbox.portal.case.words import KINDS
from callbox.portal.page import PublicRequest, portal_page, show


@sensitive_post_parameters()
@sensitive_variables()
@portal_page("POST", personal=True)
def case(request: PublicRequest, agency: Agency) -> HttpResponse:
    """Ask for number and words, and show what was written. Wrong, closed, excluded and unknown get the same page."""
    form = LookupForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return show(request, "portal/case/lookup.html", {"form": form})
    found = cases.look_up(agency=agency, reference=form.cleaned_data["reference"], given=form.cleaned_data["words"])
    if found is None:
        return show(request, "portal/case/lookup.html", {"form": LookupForm(initial=form.cleaned_data), "wrong": True})
    return show(request, "portal/case/case.html", {"case": found, "kind": KINDS[found.kind], "form": form})
