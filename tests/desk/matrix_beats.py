"""The rows of the pages of beats in the matrix of matrix.py: who changes the public pages."""

from __future__ import annotations

from callbox.people.roles import Role
from tests.desk.matrix import BOTH, GET, POST

CHANGES = frozenset({Role.ADMINISTRATOR, Role.PRESS_OFFICER})
_BEAT: dict[str, object] = {"pk": 999_999}

OF_AGENCY = {
    "beats": (GET, CHANGES),
    "look_at_beats": (POST, CHANGES),
    "save_beats": (POST, CHANGES),
    "save_streets": (POST, CHANGES),
    "change_beat": (BOTH, CHANGES),
    "end_beat": (POST, CHANGES),
}

ARGUMENTS: dict[str, dict[str, object]] = {"change_beat": _BEAT, "end_beat": _BEAT}
