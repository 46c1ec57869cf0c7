"""The rows of the pages of tips in the matrix of matrix.py: analysts alone."""

from __future__ import annotations

from callbox.people.roles import Role
from tests.desk.matrix import BOTH, GET, POST

ANALYSTS = frozenset({Role.ANALYST})
_TIP = {"pk": "0b2c6f0e-7d0a-4a5e-9c57-111111111111"}

OF_AGENCY = {
    "tips": (GET, ANALYSTS),
    "tip_keys": (BOTH, ANALYSTS),
    "end_tip_key": (POST, ANALYSTS),
    "tip": (GET, ANALYSTS),
    "read_tip": (POST, ANALYSTS),
    "sealed_letter": (POST, ANALYSTS),
    "answer_tip": (POST, ANALYSTS),
    "judge_tip": (POST, ANALYSTS),
    "settle_tip": (POST, ANALYSTS),
    "reopen_tip": (POST, ANALYSTS),
}

ARGUMENTS: dict[str, dict[str, object]] = {
    "end_tip_key": {"pk": 999_999},
    "sealed_letter": {**_TIP, "number": 1},
    **{name: dict(_TIP) for name in ("tip", "read_tip", "answer_tip", "judge_tip", "settle_tip", "reopen_tip")},
}
