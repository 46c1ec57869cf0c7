"""The rows of the pages of alerts in the matrix of matrix.py."""

from __future__ import annotations

from callbox.people.roles import Role
from tests.desk.matrix import BOTH, EVERYONE, GET, POST

READERS = EVERYONE - {Role.VIEWER}
WRITERS = frozenset({Role.CHIEF, Role.COMMANDER, Role.PRESS_OFFICER, Role.APPROVER})
APPROVERS = frozenset({Role.CHIEF, Role.COMMANDER, Role.APPROVER})

OF_AGENCY = {
    "alerts": (GET, READERS),
    "new_alert": (BOTH, WRITERS),
    "alert_from": (POST, WRITERS),
    "alert": (GET, READERS),
    "alert_picture": (GET, READERS),
    "alert_xml": (GET, READERS),
    "write_alert": (BOTH, WRITERS),
    **dict.fromkeys(("follow_alert", "submit_alert", "publish_alert", "drop_alert"), (POST, WRITERS)),
    **dict.fromkeys(("approve_alert", "send_back_alert"), (POST, APPROVERS)),
}

ARGUMENTS: dict[str, dict[str, object]] = {
    **{name: {"pk": 999_999} for name in OF_AGENCY if name not in {"alerts", "new_alert", "alert_from"}},
    "alert_picture": {"pk": 999_999, "wide": 620},
}
