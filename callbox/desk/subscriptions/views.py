"""How many people get the agency's letters. No address is shown to anyone, and none can be: this page never opens one."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from callbox.desk.access import StaffRequest, agency_page
from callbox.people.models import Agency
from callbox.people.roles import Action
from callbox.trust.models import Subscription
from callbox.trust.services import subscriptions as service


@require_safe
@agency_page(Action.READ_SUBSCRIPTIONS)
def subscriptions(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Count the subscriptions by state, beat and language."""
    names = dict(settings.LANGUAGES)
    found = service.states(agency)
    context = {
        "states": {state: found.get(state, 0) for state in Subscription.LIFE.states},
        "rows": [(row, names.get(row.language, row.language)) for row in service.groups(agency)],
        "public": f"{settings.PORTAL_URL}/p/{agency.slug}/subscribe/",
        "section": "subscriptions",
    }
    return render(request, "subscriptions/list.html", context)
