"""The rows of incidents, escalations and gateways in the matrix of matrix.py."""

from __future__ import annotations

from callbox.people.roles import Role
from tests.desk.matrix import BOTH, GET, POST

_SPEAKS = frozenset({Role.CHIEF, Role.PRESS_OFFICER, Role.APPROVER, Role.OFFICER})
LEADERS = frozenset({Role.CHIEF, Role.COMMANDER, Role.PRESS_OFFICER})
ESCALATERS = _SPEAKS | {Role.COMMANDER, Role.ANALYST}
READERS = ESCALATERS | {Role.AUDITOR, Role.RECORDS_OFFICER}
KEEPERS = frozenset({Role.ADMINISTRATOR, Role.COMMANDER})

_ACTS = ("change_incident", "note_incident", "first_word", "reopen_incident", "unlink_incident")
_GATEWAY_ACTS = ("test_gateway", "gateway_secret", "end_gateway_secret", "close_gateway", "reopen_gateway")

OF_AGENCY = {
    "incidents": (GET, READERS),
    "new_incident": (BOTH, LEADERS),
    "incident": (GET, READERS),
    "close_incident": (BOTH, LEADERS),
    **dict.fromkeys(_ACTS, (POST, LEADERS)),
    "open_incident_from": (POST, LEADERS),
    "link_incident": (POST, LEADERS),
    "escalations": (GET, ESCALATERS),
    "escalation": (GET, ESCALATERS),
    "settle_escalation": (POST, ESCALATERS),
    "escalate": (BOTH, ESCALATERS),
    "gateways": (GET, KEEPERS),
    "new_gateway": (BOTH, KEEPERS),
    "gateway": (BOTH, KEEPERS),
    **dict.fromkeys(_GATEWAY_ACTS, (POST, KEEPERS)),
}

ARGUMENTS: dict[str, dict[str, object]] = {
    **{
        name: {"pk": 999_999}
        for name in ("incident", "close_incident", *_ACTS, "escalation", "settle_escalation", "gateway", *_GATEWAY_ACTS)
    },
    "open_incident_from": {"subject": "conversation:999999"},
    "escalate": {"subject": "conversation:999999"},
}
