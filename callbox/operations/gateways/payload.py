"""What a dispatch centre is told: as little as it needs, and of people only what an officer chose to put in. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal

from callbox.core.plain import canonical

type Urgency = Literal["life", "soon", "routine"]

#: Danger to life now; somebody must look within minutes; whenever a unit is free.
URGENCIES: Final[tuple[Urgency, ...]] = ("life", "soon", "routine")
#: The longest text of each field, characters.
LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Content:
    """What is told. about: what an officer chose to include of a person, by what it is (`words`, `name`); empty unless they chose.

    link: where colleagues open it on the desk.
    """

    what: str
    where: str
    urgency: Urgency
    link: str
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 over everything that would be sent: what a person was shown is what leaves."""
        told = {"what": self.what, "where": self.where, "urgency": self.urgency, "link": self.link}
        return hashlib.sha256(canonical({**told, "about": dict(self.about)})).hexdigest()


def opened(
    content: Content, *, reference: str, agency: str, at: datetime, due_by: datetime, exercise: bool
) -> dict[str, Any]:
    """Return the call that asks dispatch to take something over, in the form Standard Webhooks gives to a call."""
    data: dict[str, Any] = {
        "reference": reference,
        "agency": agency,
        "what": content.what,
        "where": content.where,
        "urgency": content.urgency,
        "link": content.link,
        "acknowledge_by": _time(due_by),
        "exercise": exercise,
    }
    if content.about:
        data["about"] = dict(content.about)
    return {"type": "escalation.opened", "timestamp": _time(at), "data": data}


def tested(*, agency: str, at: datetime) -> dict[str, Any]:
    """Return the call that only asks whether calls arrive and their signature is accepted."""
    return {"type": "gateway.tested", "timestamp": _time(at), "data": {"agency": agency}}


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
