"""The rows of the pages of partners and shares in the matrix of matrix.py."""

from __future__ import annotations

from callbox.people.roles import Role
from tests.desk.matrix import BOTH, GET, POST

READERS = frozenset(Role) - {Role.VIEWER}
KEEPERS = frozenset({Role.CHIEF, Role.COMMANDER, Role.PRESS_OFFICER, Role.APPROVER, Role.OFFICER})
SIGNERS = frozenset({Role.CHIEF, Role.COMMANDER})
OFFERERS = frozenset({Role.CHIEF, Role.COMMANDER, Role.PRESS_OFFICER, Role.APPROVER})
TAKERS = frozenset({Role.CHIEF, Role.PRESS_OFFICER, Role.APPROVER})

_KEEPING = ("contact_partner", "check_partner_key", "end_partner", "take_up_partner")
_SIGNING = ("sign_agreement", "end_agreement")
_OFFERING = ("offer_message", "offer_alert", "offer_event")
_TAKING = ("take_arrival", "know_arrival", "decline_arrival", "take_back_arrival")

OF_AGENCY = {
    "partners": (GET, READERS),
    "partner": (GET, READERS),
    "new_partner": (BOTH, KEEPERS),
    "change_partner": (BOTH, KEEPERS),
    "new_agreement": (BOTH, KEEPERS),
    **dict.fromkeys(_KEEPING, (POST, KEEPERS)),
    **dict.fromkeys(_SIGNING, (POST, SIGNERS)),
    **dict.fromkeys(_OFFERING, (BOTH, OFFERERS)),
    "shares": (GET, READERS),
    "partner_share": (GET, READERS),
    "renew_share": (POST, OFFERERS),
    "recall_share": (POST, OFFERERS),
    "offer_again": (POST, OFFERERS),
    "arrivals": (GET, READERS),
    "arrival": (GET, READERS),
    **dict.fromkeys(_TAKING, (POST, TAKERS)),
}

_SHARE = "00000000-0000-4000-8000-000000000000"
_ROWS = (
    "partner",
    "change_partner",
    "new_agreement",
    *_KEEPING,
    *_SIGNING,
    *_OFFERING,
    "offer_again",
    "arrival",
    *_TAKING,
)
ARGUMENTS: dict[str, dict[str, object]] = {
    **{name: {"pk": 999_999} for name in _ROWS},
    **{name: {"share": _SHARE} for name in ("partner_share", "renew_share", "recall_share")},
}
