"""The rows of the guide, the goals and the campaigns in the matrix of matrix.py."""

from __future__ import annotations

from callbox.people.roles import Role
from tests.desk.matrix import BOTH, EVERYONE, GET, POST
from tests.desk.matrix_assessments import OWNERS

READERS = EVERYONE - {Role.VIEWER}
SETTERS = frozenset({Role.CHIEF, Role.PRESS_OFFICER})
WRITERS = frozenset({Role.CHIEF, Role.PRESS_OFFICER, Role.APPROVER, Role.OFFICER})

OF_AGENCY = {
    "guide": (GET, READERS),
    "guide_chapter": (BOTH, SETTERS),
    "guide_history": (GET, READERS),
    "guide_aside": (POST, SETTERS),
    "guide_hand_in": (POST, OWNERS),
    "goals": (GET, READERS),
    "new_goal": (BOTH, SETTERS),
    "goal": (GET, READERS),
    "change_goal": (BOTH, SETTERS),
    "look_at_goal": (POST, SETTERS),
    "end_goal": (POST, SETTERS),
    "campaigns": (GET, READERS),
    "new_campaign": (BOTH, SETTERS),
    "campaign": (GET, READERS),
    "change_campaign": (BOTH, SETTERS),
    "add_campaign_message": (POST, WRITERS),
    "remove_campaign_message": (POST, WRITERS),
    "count_campaign": (POST, SETTERS),
}

ARGUMENTS = {
    "guide_chapter": {"chapter": "aims"},
    "guide_history": {"question": "purpose"},
    "goal": {"pk": 999_999},
    "change_goal": {"pk": 999_999},
    "look_at_goal": {"pk": 999_999},
    "end_goal": {"pk": 999_999},
    "campaign": {"pk": 999_999},
    "change_campaign": {"pk": 999_999},
    "add_campaign_message": {"pk": 999_999},
    "remove_campaign_message": {"pk": 999_999, "message": 999_999},
    "count_campaign": {"pk": 999_999},
}
