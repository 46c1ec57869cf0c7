"""Who asked to see an author, who allows it, and the look itself. A page begins at one post; none takes a name."""

from __future__ import annotations

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callbox.core.refusal import RefusedError
from callbox.core.secrets import SealBrokenError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import complain, may, told
from callbox.desk.events.forms import RevealForm
from callbox.desk.events.views import find_sighting
from callbox.intelligence.models import Reveal
from callbox.intelligence.services import events
from callbox.intelligence.services import reveals as services
from callbox.people.models import Agency
from callbox.people.roles import Action

PAGE: Final = 50


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.ASK_REVEAL)
def ask(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Ask to see who wrote a post. Its words stand on the page, so that they were read is in the trail first."""
    row = find_sighting(agency, pk)
    form = RevealForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.ask(sighting=row, **form.cleaned_data, by=request.user)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            with told(request, _("Asked. A colleague who leads decides; nobody has looked yet.")):
                return redirect("reveals", agency=agency.slug)
    if row.event is not None:
        events.read(event=row.event, by=request.user)
    seen = services.looks_of(agency, [row.pk]).get(row.pk, 0)
    context = {"sighting": row, "form": form, "looks": seen, "section": "events"}
    return render(request, "events/ask.html", context, status=422 if form.errors else 200)


@require_safe
@agency_page(Action.READ_EVENTS)
def reveals(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List what was asked for, what waits first."""
    return _list(request, agency)


@require_POST
@agency_page(Action.ALLOW_REVEAL)
def decide(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Allow it or refuse it."""
    row = _find(agency, pk)
    if request.POST.get("decision") == "allow":
        with told(request, _("Allowed, for 60 minutes. Every look is written down.")):
            services.allow(reveal=row, by=request.user)
    else:
        with told(request, _("Refused. Nobody looks.")):
            services.refuse(reveal=row, by=request.user)
    return redirect("reveals", agency=agency.slug)


@require_POST
@agency_page(Action.ASK_REVEAL)
def look(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show the author once. The look is in the trail before anything is opened; the page is kept nowhere."""
    row = _find(agency, pk)
    try:
        author = services.look(reveal=row, by=request.user)
    except RefusedError as refused:
        complain(request, [str(refused)])
        return redirect("reveals", agency=agency.slug)
    except SealBrokenError:
        complain(
            request, [_("It cannot be opened: the key that sealed it is missing. Ask who runs this installation.")]
        )
        return redirect("reveals", agency=agency.slug)
    response = _list(request, agency, shown=row, author=author)
    response.headers["Cache-Control"] = "no-store"
    return response


def _find(agency: Agency, pk: int) -> Reveal:
    rows = Reveal.objects.filter(agency=agency).select_related("agency", "by", "sighting__event")
    return get_object_or_404(rows, pk=pk)


def _list(
    request: StaffRequest, agency: Agency, *, shown: Reveal | None = None, author: dict[str, str] | None = None
) -> HttpResponse:
    rows = Reveal.objects.filter(agency=agency).select_related("by", "decided_by", "sighting__event")
    page = Paginator(rows.exclude(state="asked"), PAGE).get_page(request.GET.get("page"))
    asked, now = list(rows.filter(state="asked")), timezone.now()
    seen = services.looks_of(agency, [each.sighting_id for each in (*asked, *page.object_list)])
    context: dict[str, Any] = {
        "asked": [(each, seen.get(each.sighting_id, 0), each.by_id == request.user.pk) for each in asked],
        "decided": [
            (each, seen.get(each.sighting_id, 0), _opens(each, request.user.pk, now)) for each in page.object_list
        ],
        "page": page,
        "shown": shown,
        "author": author,
        "looks": seen.get(shown.sighting_id, 1) if shown else 0,
        "may": may(request.user, agency),
        "section": "events",
    }
    return render(request, "events/reveals.html", context)


def _opens(row: Reveal, person: int, now: Any) -> bool:
    return row.state == "allowed" and row.by_id == person and row.until is not None and row.until > now
