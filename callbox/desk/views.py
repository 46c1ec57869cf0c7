"""Pages of the desk that belong to no area: home, look, language, health."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from callbox.core.colour import stylesheet
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.context import THEME_COOKIE, THEMES
from callbox.people.models import Agency
from callbox.people.roles import ALLOWED, Action
from callbox.voice.services import guide


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Go to the person's agency, or let them choose among several."""
    agencies = list(Agency.objects.visible_to(request.user))
    real = [agency for agency in agencies if not agency.exercise] or agencies
    if len(real) == 1:  # a drill is gone to from its own page
        return redirect("agency_home", agency=real[0].slug)
    return render(request, "desk/home.html", {"agencies": agencies})


@require_safe
@agency_page(Action.READ_PROFILE)
def agency_home(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Go to today's things; a newcomer agency begins with its first-week guide until it is answered or set aside."""
    role = agency.role_of(request.user)
    assert role is not None  # agency_page has asked  # noqa: S101
    if role in ALLOWED[Action.SET_GOALS] and guide.waits(agency):
        return redirect("guide", agency=agency.slug)
    return redirect("today", agency=agency.slug)


@require_safe
@agency_page(Action.READ_PROFILE)
def agency_css(request: StaffRequest, agency: Agency) -> HttpResponse:  # noqa: ARG001
    """Return the agency's colour as a stylesheet; its address changes with the colour."""
    return HttpResponse(
        stylesheet(agency.accent),
        content_type="text/css; charset=utf-8",
        headers={"Cache-Control": "private, max-age=86400"},
    )


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark, or follow the device again."""
    chosen, back = request.POST.get("theme", ""), request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = reverse("home")
    response = HttpResponseRedirect(back)
    if chosen in THEMES:
        response.set_cookie(
            THEME_COOKIE, chosen, max_age=31_536_000, samesite="Lax", httponly=True, secure=request.is_secure()
        )
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


@require_safe
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer the one who watches the process; says nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def icon(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Show browsers that ask unasked where the icon is; a "not found" of the desk would give a visitor of the portal a cookie."""
    return HttpResponseRedirect(static("desk/callbox.svg"))
