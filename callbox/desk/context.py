"""What every page of the desk knows: the agency, the navigation, the look."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from callbox import __version__
from callbox.collaboration.models import Arrival
from callbox.desk.navigation import groups
from callbox.governance import freezing
from callbox.governance.models import LoneApproval
from callbox.operations.models import Escalation
from callbox.people.models import Agency
from callbox.people.roles import ALLOWED, Action, Role

#: The cookie that remembers light or dark; anything else follows the device.
THEME_COOKIE = "callbox-theme"
THEMES = ("light", "dark")


def desk(request: HttpRequest) -> dict[str, Any]:
    """Return the variables of `desk/base.html`."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    known: dict[str, Any] = {
        "demo": settings.DEMO,
        "version": __version__,
        "theme": theme if theme in THEMES else "",
        "agency": None,
        "groups": [],
        "other_agencies": [],
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return known
    agencies = list(Agency.objects.visible_to(user))
    slug = request.session.get("agency")
    agency = getattr(request, "agency", None) or next((one for one in agencies if one.slug == slug), None)
    real = [one for one in agencies if not one.exercise] or agencies
    if agency is None and len(real) == 1:
        agency = real[0]
    if agency is not None and (role := agency.role_of(user)) is not None:
        known |= {
            "agency": agency,
            "role": role,
            "groups": groups(agency, role, _waiting(agency, role)),
            "other_agencies": [one for one in agencies if one != agency],
            "freeze": freezing.standing(agency),
            "lapsed": _lapsed(agency) if role in ALLOWED[Action.ESCALATE] else [],
            "overdue_reviews": _overdue_reviews(agency) if role in ALLOWED[Action.REVIEW_ALONE] else 0,
            "may_read_messages": role in ALLOWED[Action.READ_MESSAGES],
            "may_freeze": role in ALLOWED[Action.FREEZE],
            "may_lift": role in ALLOWED[Action.LIFT_FREEZE],
        }
    return known


def _lapsed(agency: Agency) -> list[Escalation]:
    """Return what nobody at dispatch has acknowledged, so that it stands on every page of those who may escalate."""
    return list(Escalation.objects.of(agency).lapsed().select_related("gateway")[:5])


def _overdue_reviews(agency: Agency) -> int:
    """Return how many messages one person sent alone that nobody reviewed in time."""
    return LoneApproval.objects.of(agency).overdue(timezone.now()).count()


def _waiting(agency: Agency, role: Role) -> dict[str, int]:
    """Return how many things wait for somebody with this role, by section."""
    if role not in ALLOWED[Action.TAKE_OFFER]:
        return {}
    return {"arrivals": Arrival.objects.of(agency).to_look_at().count()}
