"""A duty room: who writes alerts, who approves them, an alert that is sound, and accounts on paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

from callbox.flows import alerting
from callbox.operations.cap.vocabulary import Area, Content, Info
from callbox.operations.models import Alert
from callbox.operations.services import alerts
from callbox.people.models import Agency, User
from callbox.people.roles import Role
from tests.flows.newsdesk import connect
from tests.people import Cast, person

SQUARE = ((51.5, -0.12), (51.5, -0.10), (51.51, -0.10), (51.51, -0.12), (51.5, -0.12))
FORCE, EAST = "paper:harbour", "paper:harbour-east"


def words(**more: Any) -> Content:
    """Return a sound alert in English."""
    info = Info(
        language="en",
        category=("Safety",),
        event="Keep away",
        response=("Avoid",),
        urgency="Immediate",
        severity="Severe",
        certainty="Observed",
        expires=timezone.now() + timedelta(hours=4),
        headline="Keep away from the harbour bridge",
        description="A lorry with gas lies on the bridge. Fire service and police are there.",
        instruction="Stay away from the bridge. Keep windows closed.",
        areas=(Area("The harbour bridge and the streets beside it", (SQUARE,)),),
    )
    return Content((replace(info, **more),))


@dataclass(frozen=True)
class Duty:
    """wendy writes (press officer); kim commands, abe and bob approve; olu is an officer; dan is chief of another agency."""

    agency: Agency
    wendy: User
    kim: User
    abe: User
    bob: User
    olu: User
    dan: User

    def draft(self, content: Content | None = None, **more: Any) -> Alert:
        """Begin an alert by wendy, on no account."""
        return alerts.draft(agency=self.agency, content=content or words(), **{"by": self.wendy, **more})

    def approve(self, alert: Alert, *people: User) -> None:
        """Let each of them approve what stands there; kim and abe when nobody is named."""
        for each in people or (self.kim, self.abe):
            alerting.approve(alert=alert, digest=alerting.bound_of(alert.newest).digest, by=each)

    def ready(self, alert: Alert) -> Alert:
        """Submit and approve."""
        alerting.submit(alert=alert, by=self.wendy)
        self.approve(alert)
        alert.refresh_from_db()
        return alert

    def out(self, content: Content | None = None, **more: Any) -> Alert:
        """Bring an alert out."""
        alert = self.ready(self.draft(content, **more))
        alerting.publish(alert=alert, by=self.wendy)
        alert.refresh_from_db()
        return alert


def make_duty(cast: Cast, *, second_factor: bool = False) -> Duty:
    """Write the duty room into the database. second_factor: they also sign in."""
    roles = {"wendy": Role.PRESS_OFFICER, "kim": Role.COMMANDER, "abe": Role.APPROVER, "olu": Role.OFFICER}
    staff = {name: person(name.title(), cast.agency, role, second_factor=second_factor) for name, role in roles.items()}
    for account in (FORCE, EAST):
        connect(cast.agency, account, by=cast.erin)
    return Duty(agency=cast.agency, bob=cast.bob, dan=cast.dan, **staff)
