"""How many people get the agency's letters. No address is shown to anyone, and none can be: this page never opens one."""

from __future__ import annotations

from collections import Counter

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from callbox.desk.access import StaffRequest, agency_page
from callbox.people.models import Agency
from callbox.people.roles import Action
from callbox.trust.services.subscriptions import counts


@require_safe
@agency_page(Action.READ_SUBSCRIPTIONS)
def subscriptions(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Count the subscriptions by state, beat and language."""
    rows = counts(agency)
    names = dict(settings.LANGUAGES)
    states = Counter[str]()
    for row in rows:
        states[row["state"]] += row["n"]
    context = {
        "states": states,
        "rows": [
            {**row, "beat": row["beat__name"], "language": names.get(row["language"], row["language"])}
            for row in rows
            if row["state"] == "confirmed"
        ],
        "public": f"{settings.PORTAL_URL}/p/{agency.slug}/subscribe/",
        "section": "subscriptions",
    }
    return render(request, "subscriptions/list.html", context)
