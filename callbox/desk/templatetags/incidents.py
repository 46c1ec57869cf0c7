"""What can be done with a conversation, an event or what a partner shared: hand it to dispatch, open an incident, begin an alert."""

from __future__ import annotations

from typing import Any

from django import template

from callbox.desk.alerts.words import STATES
from callbox.flows.linking import open_ones
from callbox.operations.models import Alert, Escalation
from callbox.operations.services.incidents import open_of
from callbox.people.models import Agency
from callbox.people.roles import ALLOWED, Action, Role

register = template.Library()


@register.simple_tag(takes_context=True)
def acts_on(context: template.Context, subject: str) -> dict[str, Any]:
    """Return what the reader may do with `subject`, and what was done with it."""
    agency: Agency = context["agency"]
    role: Role = context["role"]
    may = {name: role in ALLOWED[action] for name, action in _ACTS.items()}
    incident = open_of(agency, subject) if may["reads"] else None
    return {
        **may,
        "incident": incident,
        "escalations": Escalation.objects.of(agency).filter(subject=subject)[:5] if may["escalate"] else [],
        "alerts": alerts_about(agency, subject) if may["reads_alerts"] else [],
        "open": open_ones(agency) if may["lead"] and incident is None else [],
    }


_ACTS = {
    "escalate": Action.ESCALATE,
    "reads": Action.READ_INCIDENTS,
    "lead": Action.LEAD_INCIDENT,
    "alert": Action.WRITE_ALERT,
    "reads_alerts": Action.READ_ALERTS,
}


def alerts_about(agency: Agency, subject: str) -> list[dict[str, Any]]:
    """Return the alerts that were begun from `subject` and not put away, the newest first, each with its headline and state."""
    return lines(list(Alert.objects.of(agency).filter(about=subject).exclude(state="dropped").order_by("-pk")[:5]))


def lines(rows: list[Alert]) -> list[dict[str, Any]]:
    """Return alerts as a list shows them."""
    return [{"alert": row, "headline": row.newest.written.first.headline, "word": STATES[row.state]} for row in rows]
