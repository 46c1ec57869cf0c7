"""The rows of the pages of updates in the matrix of matrix.py."""

from __future__ import annotations

from callbox.people.roles import Role
from tests.desk.matrix import BOTH, GET, POST

WRITERS = frozenset({Role.CHIEF, Role.PRESS_OFFICER, Role.APPROVER, Role.OFFICER})
_ACTS = ("write_update", "case_words", "close_case", "reopen_case", "take_off_case")

OF_AGENCY = {
    "cases": (GET, WRITERS),
    "new_case": (BOTH, WRITERS),
    "case": (GET, WRITERS),
    **dict.fromkeys(_ACTS, (POST, WRITERS)),
}

ARGUMENTS: dict[str, dict[str, object]] = {name: {"pk": 999_999} for name in ("case", *_ACTS)}
