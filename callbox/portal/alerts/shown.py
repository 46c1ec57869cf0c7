"""Which alerts the public sees, and in which language. Exercises are shown to those alone who have their address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone, translation

from callbox.operations.cap import reading
from callbox.operations.cap.vocabulary import Info, Message
from callbox.operations.models import Alert
from callbox.people.models import Agency

#: Alerts that are over and still listed.
OVER = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """An alert as a page shows it, read from the bytes that were published. holds: nothing followed it, and it has not expired."""

    alert: Alert
    message: Message
    info: Info
    holds: bool

    @property
    def danger(self) -> bool:
        """Whether it speaks of danger to life."""
        return self.info.severity in {"Extreme", "Severe"} and self.info.urgency in {"Immediate", "Expected"}

    @property
    def shaped(self) -> bool:
        """Whether there is a picture of its area."""
        return any(area.polygons or area.circles for area in self.info.areas)


def current(agency: Agency) -> list[Shown]:
    """Return what holds now, the newest first; what was cancelled does not."""
    rows = Alert.objects.of(agency).holding(timezone.now()).real().exclude(kind="Cancel")
    return [shown(row, holds=True) for row in rows.order_by("-sent", "-pk")]


def over(agency: Agency) -> list[Shown]:
    """Return what was ended or expired lately."""
    now = timezone.now()
    rows = Alert.objects.of(agency).newest().real()
    ended = [row for row in rows.order_by("-sent", "-pk")[: 4 * OVER] if row.kind == "Cancel" or _expired(row, now)]
    return [shown(row, holds=False) for row in ended[:OVER]]


def _expired(row: Alert, now: datetime) -> bool:
    return row.expires is None or row.expires <= now


def shown(row: Alert, *, holds: bool) -> Shown:
    """Return a published alert in the reader's language where it has it, else in the one it was written in."""
    message = reading.read(row.xml.encode())
    wanted = (translation.get_language() or "").partition("-")[0]
    info = next((each for each in message.infos if each.language.partition("-")[0].lower() == wanted), message.infos[0])
    return Shown(row, message, info, holds)
