"""An agency with a gateway to the stand-in of a dispatch centre."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from callbox.operations.gateways.payload import Content
from callbox.operations.models import Escalation, Gateway, Incident
from callbox.operations.services import escalations, gateways
from callbox.operations.services.gateways import Details
from callbox.people.models import Agency, User
from tests.servers.dispatch import Dispatch

LINK = "https://desk.example/a/harbour/inbox/12/"
PHONE = "+1 555 0100"


@dataclass
class Desk:
    """secret: of the gateway, as it was shown once."""

    agency: Agency
    by: User
    centre: Dispatch
    gateway: Gateway
    secret: str

    @classmethod
    def open(cls, agency: Agency, by: User, centre: Dispatch, *, exercise: bool = False) -> Desk:
        details = Details("County dispatch", centre.address, 5, PHONE)
        gateway, secret = gateways.add(agency=agency, details=details, exercise=exercise, secret=centre.secret, by=by)
        return cls(agency, by, centre, gateway, secret)

    def ask(
        self, subject: str = "conversation:12", incident: Incident | None = None, about: dict[str, str] | None = None
    ) -> Escalation:
        """Ask for one to be handed over."""
        content = Content("Water in the cellar, somebody inside", "Mill Lane 4", "life", LINK, about or {})
        return escalations.ask(
            gateway=self.gateway, subject=subject, content=content, key=uuid.uuid4(), incident=incident, by=self.by
        )


def state(row: Escalation) -> str:
    """Return its state as the database has it."""
    row.refresh_from_db()
    return row.state


def ready_again() -> None:
    """Let the pause between two tries be over."""
    Escalation.objects.filter(state__in=("waiting", "unclear")).update(next_at=timezone.now())


def time_is_up() -> None:
    """Let the minutes to acknowledge be over."""
    Escalation.objects.update(due_by=timezone.now() - timedelta(seconds=1))
