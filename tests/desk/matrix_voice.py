"""The rows of messages, deliveries, the calendar, the freeze and connected accounts in the matrix of matrix.py."""

from __future__ import annotations

from callbox.people.roles import Role
from tests.desk.matrix import BOTH, EVERYONE, GET, POST

READERS = EVERYONE - {Role.VIEWER}
WRITERS = frozenset({Role.CHIEF, Role.PRESS_OFFICER, Role.APPROVER, Role.OFFICER})
APPROVERS = frozenset({Role.CHIEF, Role.APPROVER})
SETTLERS = frozenset({Role.CHIEF, Role.PRESS_OFFICER, Role.APPROVER})
KEEPERS = frozenset({Role.ADMINISTRATOR, Role.PRESS_OFFICER})

OF_AGENCY: dict[str, tuple[frozenset[str], frozenset[Role]]] = {
    "messages": (GET, READERS),
    "write": (BOTH, WRITERS),
    "preview": (POST, WRITERS),
    "image": (GET, READERS),
    "message": (GET, READERS),
    "rewrite": (BOTH, WRITERS),
    "correct": (BOTH, WRITERS),
    "submit_message": (POST, WRITERS),
    "approve_message": (POST, APPROVERS),
    "send_back_message": (POST, APPROVERS),
    "send_alone": (POST, WRITERS),
    "sent_alone": (GET, READERS),
    "alone_rule": (BOTH, frozenset({Role.CHIEF})),
    "approval_rule": (GET, READERS),
    "set_approval_rule": (POST, frozenset({Role.CHIEF})),
    "review_alone": (POST, APPROVERS | {Role.COMMANDER}),
    "reschedule": (POST, WRITERS),
    "withdraw_message": (POST, SETTLERS),
    "drop_message": (POST, WRITERS),
    "restore_message": (POST, WRITERS),
    "settle_delivery": (POST, SETTLERS),
    "release_delivery": (POST, SETTLERS),
    "calendar": (GET, READERS),
    "standstill": (GET, READERS),
    "press_freeze": (POST, WRITERS | {Role.COMMANDER}),
    "lift_freeze": (POST, APPROVERS),
    "connections": (GET, READERS),
    "connect": (GET, KEEPERS),
    "connect_kind": (BOTH, KEEPERS),
    "connection": (BOTH, KEEPERS),
    "end_connection": (POST, KEEPERS),
}

ARGUMENTS: dict[str, dict[str, object]] = {
    **{
        name: {"pk": 999_999}
        for name in (
            "message",
            "rewrite",
            "correct",
            "submit_message",
            "approve_message",
            "send_back_message",
            "send_alone",
            "review_alone",
            "reschedule",
            "withdraw_message",
            "drop_message",
            "restore_message",
            "settle_delivery",
            "release_delivery",
            "connection",
            "end_connection",
        )
    },
    "image": {"sha256": "0" * 64},
    "connect_kind": {"kind": "paper"},
}
