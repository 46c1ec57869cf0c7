"""The rows of the inbox in the matrix of matrix.py."""

from __future__ import annotations

from callbox.people.roles import Role
from tests.desk.matrix import GET, POST

ANSWERERS = frozenset({Role.CHIEF, Role.PRESS_OFFICER, Role.APPROVER, Role.OFFICER})
READERS = ANSWERERS | {Role.AUDITOR}
_ACTS = (
    "claim_conversation",
    "release_conversation",
    "hand_over_conversation",
    "answer_conversation",
    "note_conversation",
    "label_conversation",
    "urgent_conversation",
    "close_conversation",
    "reopen_conversation",
)

OF_AGENCY = {
    "inbox": (GET, READERS),
    "conversation": (GET, READERS),
    **dict.fromkeys(_ACTS, (POST, ANSWERERS)),
}

ARGUMENTS: dict[str, dict[str, object]] = {name: {"pk": 999_999} for name in ("conversation", *_ACTS)}
