"""The freeze: pressed from any page, shown on every page, and afterwards what became due meanwhile."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import may, told
from callbox.desk.voice.shown import carried
from callbox.governance import freezing
from callbox.governance.models import Freeze
from callbox.networks.deliveries.models import Delivery
from callbox.people.models import Agency
from callbox.people.roles import Action

#: As many deliveries as one page names; what is beyond is counted.
SHOWN = 50


@require_safe
@agency_page(Action.READ_MESSAGES)
def standstill(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Show what stands still, or would; after a freeze what became due meanwhile and waits for a person."""
    deliveries = Delivery.objects.visible_to(request.user).of(agency)
    waiting = deliveries.filter(state="waiting").one_a_mailing()
    context = {
        "standing": freezing.standing(agency),
        "last": Freeze.objects.visible_to(request.user)
        .of(agency)
        .exclude(lifted_at=None)
        .select_related("by", "lifted_by")
        .first(),
        "waiting": carried(agency, waiting[:SHOWN]),
        "waiting_count": waiting.count(),
        "held": carried(agency, deliveries.filter(state__in=("held", "late")).one_a_mailing()[:SHOWN]),
        "may": may(request.user, agency),
        "section": "calendar",
    }
    return render(request, "voice/standstill.html", context)


@require_POST
@agency_page(Action.FREEZE)
def press(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Stop everything."""
    with told(request, _("Everything stands still. Nothing leaves before somebody lifts the freeze.")):
        freezing.press(agency=agency, why=request.POST.get("why", ""), by=request.user)
    return redirect("standstill", agency=agency.slug)


@require_POST
@agency_page(Action.LIFT_FREEZE)
def lift(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Let things leave again."""
    with told(request, _("The freeze is lifted. What became due meanwhile waits below until you let it go.")):
        freezing.lift(agency=agency, by=request.user)
    return redirect("standstill", agency=agency.slug)
