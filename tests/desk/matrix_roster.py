"""The rows of the roster in the matrix of matrix.py."""

from __future__ import annotations

from callbox.people.roles import Role
from tests.desk.matrix import BOTH, GET, POST

READERS = frozenset(Role) - {Role.VIEWER}
PLANNERS = frozenset({Role.CHIEF, Role.COMMANDER, Role.PRESS_OFFICER})

OF_AGENCY = {
    "roster": (GET, READERS),
    "plan_shift": (BOTH, PLANNERS),
    "take_off_shift": (POST, PLANNERS),
    "put_back_shift": (POST, PLANNERS),
}

ARGUMENTS: dict[str, dict[str, object]] = {name: {"pk": 999_999} for name in ("take_off_shift", "put_back_shift")}
