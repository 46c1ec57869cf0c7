"""The rows of the pages of tips in the matrix of matrix.py: analysts alone; keys are allowed by analysts and those who lead."""

from __future__ import annotations

from callbox.people.roles import Role
from tests.desk.matrix import GET, POST

ANALYSTS = frozenset({Role.ANALYST})
DECIDE = frozenset({Role.ANALYST, Role.CHIEF, Role.COMMANDER})
_TIP = {"pk": "0b2c6f0e-7d0a-4a5e-9c57-111111111111"}

OF_AGENCY = {
    "tips": (GET, ANALYSTS),
    "tip_keys": (GET, DECIDE),
    "add_tip_key": (POST, ANALYSTS),
    "allow_tip_key": (POST, DECIDE),
    "refuse_tip_key": (POST, DECIDE),
    "end_tip_key": (POST, DECIDE),
    "tip": (GET, ANALYSTS),
    "read_tip": (POST, ANALYSTS),
    "sealed_letter": (POST, ANALYSTS),
    "answer_tip": (POST, ANALYSTS),
    "judge_tip": (POST, ANALYSTS),
    "settle_tip": (POST, ANALYSTS),
    "reopen_tip": (POST, ANALYSTS),
}

ARGUMENTS: dict[str, dict[str, object]] = {
    **{name: {"pk": 999_999} for name in ("allow_tip_key", "refuse_tip_key", "end_tip_key")},
    "sealed_letter": {**_TIP, "number": 1},
    **{name: dict(_TIP) for name in ("tip", "read_tip", "answer_tip", "judge_tip", "settle_tip", "reopen_tip")},
}
