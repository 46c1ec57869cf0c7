"""What goes when: a calendar over every kind of record, and one page a kind with its source and the agency's own days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import told
from callbox.desk.governance.forms import DaysForm
from callbox.flows.retention import KEEPERS
from callbox.governance.models import Disposal, Hold, RetentionRule
from callbox.governance.retention import purge, services
from callbox.governance.retention.classes import RetentionClass, classes
from callbox.governance.retention.rule import EVERYTHING, class_subject
from callbox.people.models import Agency
from callbox.people.roles import Action, can

#: The columns of the calendar: days from now.
AHEAD = (30, 90, 365)


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of record in the calendar. ahead: how many will have gone by the days of AHEAD, if nothing else happens."""

    of: RetentionClass
    days: int | None
    now: purge.Standing | None
    ahead: tuple[int, ...]


@require_safe
@agency_page(Action.READ_RETENTION)
def calendar(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Show what is kept, what goes tonight and what goes later."""
    context = {
        "section": "retention",
        "lines": lines(agency),
        "ahead": AHEAD,
        "holds": Hold.objects.visible_to(request.user).of(agency).standing().count(),
        "certificates": Disposal.objects.visible_to(request.user).filter(agency=agency).count(),
        "may_change": can(request.user, Action.CHANGE_RETENTION, agency),
    }
    return render(request, "governance/calendar.html", context)


def lines(agency: Agency) -> list[Line]:
    """Return every kind of record with its counts; a kind that nothing keeps rows of has none."""
    keepers = {keeper.id: keeper for keeper in KEEPERS}
    days, holds, now = services.days_of(agency), services.subjects_on_hold(agency), timezone.now()
    found = []
    for of in classes().values():
        keeper = keepers.get(of.id)
        if keeper is None:
            found.append(Line(of, days[of.id], None, ()))
            continue
        standing = [
            purge.standing(keeper, agency, now=now + timedelta(days=later), days=days[of.id], holds=holds)
            for later in (0, *AHEAD)
        ]
        found.append(Line(of, days[of.id], standing[0], tuple(one.going for one in standing[1:])))
    return found


@require_safe
@agency_page(Action.READ_RETENTION)
def kind(request: StaffRequest, agency: Agency, class_id: str) -> HttpResponse:
    """Show one kind of record: how long it is kept, by whose word, and what holds it."""
    return _page(request, agency, _class(class_id), DaysForm(initial={"origin": RetentionRule.Origin.OWN}))


@require_POST
@agency_page(Action.CHANGE_RETENTION)
def set_days(request: StaffRequest, agency: Agency, class_id: str) -> HttpResponse:
    """Set the agency's own number of days, or that of a local law."""
    of, form = _class(class_id), DaysForm(request.POST)
    if not form.is_valid():
        return _page(request, agency, of, form)
    try:
        services.set_days(agency=agency, class_id=of.id, by=request.user, **form.cleaned_data)
    except RefusedError as refused:
        form.add_error(None, str(refused))
        return _page(request, agency, of, form)
    messages.success(request, _("Saved. The next nightly purge keeps to it."))
    return redirect("retention_class", agency=agency.slug, class_id=of.id)


def _class(class_id: str) -> RetentionClass:
    of = classes().get(class_id)
    if of is None:
        raise Http404
    return of


def _page(request: StaffRequest, agency: Agency, of: RetentionClass, form: DaysForm) -> HttpResponse:
    context = {
        "section": "retention",
        "of": of,
        "days": services.days_of(agency)[of.id],
        "rules": RetentionRule.objects.visible_to(request.user).filter(agency=agency, class_id=of.id),
        "holds": Hold.objects.visible_to(request.user)
        .of(agency)
        .standing()
        .filter(subject__in=(class_subject(of.id), EVERYTHING)),
        "form": form,
        "may_change": can(request.user, Action.CHANGE_RETENTION, agency) and of.days is not None,
    }
    return render(request, "governance/kind.html", context, status=422 if form.errors else 200)


@require_POST
@agency_page(Action.CHANGE_RETENTION)
def clear(request: StaffRequest, agency: Agency, class_id: str) -> HttpResponse:
    """Take an own number or a local law off again."""
    _class(class_id)
    with told(request, _("Taken off. The number of days below is in force.")):
        services.clear_days(agency=agency, class_id=class_id, origin=request.POST.get("origin", ""), by=request.user)
    return redirect("retention_class", agency=agency.slug, class_id=class_id)
