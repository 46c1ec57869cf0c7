"""What is done about an event: each a form, each said afterwards."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.views.decorators.http import require_POST

from callbox.core.refusal import RefusedError
from callbox.core.state import MovedMeanwhileError, UndeclaredMoveError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import complain, told
from callbox.desk.events.forms import CloseForm, FindingForm, KeepForm, MergeForm, NameForm
from callbox.desk.events.views import find, find_sighting, show
from callbox.intelligence.models import Assessment
from callbox.intelligence.services import events, findings
from callbox.people.models import Agency
from callbox.people.roles import Action


@require_POST
@agency_page(Action.TRIAGE)
def take(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Check it oneself."""
    with told(request, _("It is yours to check. Colleagues see that.")):
        events.take(event=find(agency, pk), by=request.user)
    return redirect("event", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.TRIAGE)
def release(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Give it back."""
    with told(request, _("It is back on the board for whoever comes next.")):
        events.release(event=find(agency, pk), by=request.user)
    return redirect("event", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.TRIAGE)
def name(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Name it."""
    row, form = find(agency, pk), NameForm(request.POST)
    if form.is_valid():
        with told(request, _("Named. Grouping leaves the name alone from now on.")):
            events.name(event=row, **form.cleaned_data, by=request.user)
    else:
        complain(request, [_("Nothing was changed: say in up to 200 characters what it is about.")])
    return redirect("event", agency=agency.slug, pk=pk)


_JUDGED: dict[str, tuple[Callable[..., Assessment], str | Promise]] = {
    "note": (findings.note, _later("Noted.")),
    "confirmed": (findings.confirm, _later("Confirmed. Now somebody can act on it.")),
    "refuted": (findings.refute, _later("Refuted. Its posts go early.")),
}


@require_POST
@agency_page(Action.TRIAGE)
def finding(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Note how the check goes, confirm, or refute. What was typed stays on the page when it cannot be kept."""
    row, form = find(agency, pk), FindingForm(request.POST)
    if form.is_valid():
        verb, done = _JUDGED.get(request.POST.get("verdict", ""), _JUDGED["note"])
        stands = _stands(lambda: verb(event=row, finding=form.finding(), by=request.user))
        if not stands:
            messages.success(request, str(done))
            return redirect("event", agency=agency.slug, pk=pk)
        form.add_error(None, stands)
    return show(request, agency, find(agency, pk), finding=form, status=422)


@require_POST
@agency_page(Action.TRIAGE)
def close(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Close it with what it turned out to be."""
    row, form = find(agency, pk), CloseForm(request.POST)
    if form.is_valid():
        stands = _stands(lambda: findings.close(event=row, **form.cleaned_data, by=request.user))
        if not stands:
            messages.success(request, _("Closed. What its watches were worth counts it."))
            return redirect("event", agency=agency.slug, pk=pk)
        form.add_error(None, stands)
    return show(request, agency, find(agency, pk), close=form, status=422)


@require_POST
@agency_page(Action.TRIAGE)
def merge(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Put it into another one."""
    row = find(agency, pk)
    form = MergeForm(request.POST, event=row)
    if not form.is_valid():
        complain(request, [_("Nothing was changed: choose the event it belongs to.")])
        return redirect("event", agency=agency.slug, pk=pk)
    into = form.cleaned_data["into"]
    with told(request, _("Put together. Its own page undoes that.")):
        events.merge(event=row, into=into, by=request.user)
        return redirect("event", agency=agency.slug, pk=into.pk)
    return redirect("event", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.TRIAGE)
def unmerge(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Take it out again."""
    with told(request, _("It stands by itself again, with its posts.")):
        events.unmerge(event=find(agency, pk), by=request.user)
    return redirect("event", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.TRIAGE)
def split(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Take a post out into an event of its own."""
    sighting = find_sighting(agency, pk)
    with told(request, _("It has an event of its own now.")):
        made = events.split(sighting=sighting, by=request.user)
        return redirect("event", agency=agency.slug, pk=made.pk)
    return redirect("event", agency=agency.slug, pk=sighting.event_id)


@require_POST
@agency_page(Action.TRIAGE)
def keep(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Keep its posts on."""
    row, form = find(agency, pk), KeepForm(request.POST)
    if form.is_valid():
        with told(request, _("Reviewed. The posts are kept on for now.")):
            events.keep(event=row, reason=form.cleaned_data["reason"], by=request.user)
    else:
        complain(request, [_("Nothing was changed: say in up to 500 characters why the posts are still needed.")])
    return redirect("event", agency=agency.slug, pk=pk)


def _stands(act: Callable[[], object]) -> str:
    """Do something; return in a sentence what stood in the way, empty where nothing did."""
    try:
        act()
    except RefusedError as refused:
        return str(refused)
    except (UndeclaredMoveError, MovedMeanwhileError):
        return _("Somebody changed this in the meantime, so nothing was done. The page shows how it stands now.")
    return ""
