"""The first pages: which agencies are here, what one of them offers, its colour."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from callbox.core.colour import stylesheet
from callbox.networks.newsroom.models import Entry
from callbox.people.models import Agency
from callbox.portal.alerts.shown import current
from callbox.portal.page import PUBLIC, PublicRequest, portal_page, show

#: Entries on the first page.
NEWEST = 3


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """List the agencies, or go to the only one."""
    agencies = list(Agency.objects.filter(exercise=False).order_by("name"))
    if len(agencies) == 1:
        return HttpResponseRedirect(reverse("portal_agency", kwargs={"agency": agencies[0].slug}))
    answer = show(request, "portal/home.html", {"agencies": agencies})
    answer.headers["Cache-Control"] = PUBLIC
    return answer


@portal_page()
def agency_front(request: PublicRequest, agency: Agency) -> HttpResponse:
    """Show the alerts that hold now, what the agency offers, and its newest words."""
    newest = Entry.objects.of(agency).current().filter(withdrawn=False)[:NEWEST]
    return show(request, "portal/front.html", {"newest": newest, "current": current(agency)})


@portal_page()
def colour(request: PublicRequest, agency: Agency) -> HttpResponse:  # noqa: ARG001
    """Return the agency's colour as a stylesheet; its address changes with the colour."""
    return HttpResponse(
        stylesheet(agency.accent),
        content_type="text/css; charset=utf-8",
        headers={"Cache-Control": "public, max-age=86400, stale-if-error=604800"},
    )


@require_safe
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer the one who watches the process; says nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")
