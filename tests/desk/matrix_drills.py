"""The rows of drills in the matrix of matrix.py."""

from __future__ import annotations

from callbox.people.roles import Role
from tests.desk.matrix import BOTH, GET, POST

READERS = frozenset(Role) - {Role.VIEWER}
HOLDERS = frozenset({Role.CHIEF, Role.COMMANDER, Role.PRESS_OFFICER})

_ACTS = ("end_drill", "break_off_drill", "clean_drill", "review_drill", "add_drill_action", "close_drill_action")

OF_AGENCY = {
    "drills": (GET, READERS),
    "hold_drill": (BOTH, HOLDERS),
    "write_down_drill": (BOTH, HOLDERS),
    "drill": (GET, READERS),
    **dict.fromkeys(_ACTS, (POST, HOLDERS)),
}

ARGUMENTS: dict[str, dict[str, object]] = {name: {"pk": 999_999} for name in ("drill", *_ACTS)}
