"""What can be done with a conversation or an event: hand it to dispatch, open an incident; and what was done already."""

from __future__ import annotations

from typing import Any

from django import template

from callbox.operations.models import Escalation
from callbox.operations.services.incidents import open_of
from callbox.people.models import Agency
from callbox.people.roles import ALLOWED, Action, Role

register = template.Library()


@register.simple_tag(takes_context=True)
def acts_on(context: template.Context, subject: str) -> dict[str, Any]:
    """Return what the reader may do with `subject`, and what was done with it."""
    agency: Agency = context["agency"]
    role: Role = context["role"]
    reads = role in ALLOWED[Action.READ_INCIDENTS]
    escalates = role in ALLOWED[Action.ESCALATE]
    rows = Escalation.objects.of(agency).filter(subject=subject)[:5] if escalates else []
    return {
        "escalate": escalates,
        "lead": role in ALLOWED[Action.LEAD_INCIDENT],
        "incident": open_of(agency, subject) if reads else None,
        "escalations": rows,
    }
