"""The rows of the pages of events in the matrix of matrix.py."""

from __future__ import annotations

from callbox.people.roles import Role
from tests.desk.matrix import BOTH, GET, POST

LEADERS = frozenset({Role.CHIEF, Role.COMMANDER})
READERS = LEADERS | {Role.ANALYST, Role.PRESS_OFFICER, Role.AUDITOR, Role.RECORDS_OFFICER, Role.LEGAL_ADVISER}
TRIAGERS = frozenset({Role.ANALYST, Role.COMMANDER})
ANALYSTS = frozenset({Role.ANALYST})
_ACTS = (
    "take_event",
    "release_event",
    "name_event",
    "judge_event",
    "close_event",
    "merge_event",
    "unmerge_event",
    "keep_event",
    "split_sighting",
)

OF_AGENCY = {
    "events": (GET, READERS),
    "event": (GET, READERS),
    "hit_rates": (GET, READERS),
    **dict.fromkeys(_ACTS, (POST, TRIAGERS)),
    "ask_reveal": (BOTH, ANALYSTS),
    "reveals": (GET, READERS),
    "decide_reveal": (POST, LEADERS),
    "look_reveal": (POST, ANALYSTS),
}

ARGUMENTS: dict[str, dict[str, object]] = {
    name: {"pk": 999_999} for name in ("event", *_ACTS, "ask_reveal", "decide_reveal", "look_reveal")
}
