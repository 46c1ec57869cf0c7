"""The tour's page, the one-click sign-in of the demonstration, and a resident who answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callbox.desk.assessments.told import told
from callbox.desk.tour import resident
from callbox.desk.tour.stops import STOPS, Stop
from callbox.people.models import Agency, Membership

#: The demonstration agency.
SLUG: Final = "riverton"
#: The analyst's private key, where `config/demo/tips.py` puts it.
KEY_FILE: Final = "analyst-key.txt"

type Page = Callable[[HttpRequest, Agency], HttpResponse]


def _demonstration(view: Page) -> Callable[[HttpRequest], HttpResponse]:
    """Answer in the demonstration alone; anywhere else there is no such page, whatever the list of addresses says."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, get_object_or_404(Agency, slug=SLUG))

    return guarded


@require_safe
@_demonstration
def tour(request: HttpRequest, agency: Agency) -> HttpResponse:
    """Show the stops."""
    names = {row.role: row.user for row in Membership.objects.filter(agency=agency).select_related("user")}
    stops = [
        {"stop": stop, "number": number, "person": names.get(stop.who or ""), "url": _url(stop, agency)}
        for number, stop in enumerate(STOPS, start=1)
    ]
    return render(request, "tour/tour.html", {"stops": stops, "key_file": settings.DATA / KEY_FILE})


@require_POST
@_demonstration
def enter(request: HttpRequest, agency: Agency) -> HttpResponse:
    """Sign in as the person of a stop, without a password, and go where it begins."""
    number = request.POST.get("stop", "")
    if not number.isascii() or not number.isdecimal() or not 1 <= int(number) <= len(STOPS):
        raise Http404
    stop = STOPS[int(number) - 1]
    if stop.who is not None:
        person = get_object_or_404(Membership.objects.select_related("user"), agency=agency, role=stop.who).user
        with transaction.atomic():
            get_adapter(request).login(request, person)
    return redirect(_url(stop, agency))


@require_POST
@_demonstration
def speak(request: HttpRequest, agency: Agency) -> HttpResponse:
    """Let a resident answer the newest message."""
    with told(request, _("A resident has answered on the paper account. It is in the inbox within seconds.")):
        resident.speak(agency)
    return redirect("tour")


def _url(stop: Stop, agency: Agency) -> str:
    if stop.opens.startswith("portal"):
        return reverse(stop.opens, urlconf="callbox.portal.urls", kwargs={"agency": agency.slug})
    return reverse(stop.opens, kwargs={"agency": agency.slug})
