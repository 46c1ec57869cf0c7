"""The rows of the pages of hidden comments in the matrix of matrix.py."""

from __future__ import annotations

from callbox.people.roles import Role
from tests.desk.matrix import BOTH, GET, POST

DECIDERS = frozenset({Role.CHIEF, Role.APPROVER})
MODERATORS = DECIDERS | {Role.PRESS_OFFICER}
READERS = MODERATORS | {Role.OFFICER, Role.AUDITOR}

OF_AGENCY = {
    "moderation": (GET, READERS),
    "moderation_grounds": (BOTH, READERS),
    "moderation_counts_csv": (GET, READERS),
    "moderation_counts_json": (GET, READERS),
    "hide_comment": (BOTH, MODERATORS),
    "hiding": (GET, READERS),
    "restore_comment": (POST, MODERATORS),
    "ask_network": (POST, MODERATORS),
    "tell_author": (POST, MODERATORS),
    "decide_appeal": (POST, DECIDERS),
}

_ONE = ("hide_comment", "hiding", "restore_comment", "ask_network", "tell_author", "decide_appeal")
ARGUMENTS: dict[str, dict[str, object]] = {name: {"pk": 999_999} for name in _ONE}
