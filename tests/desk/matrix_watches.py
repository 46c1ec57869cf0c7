"""The rows of the pages of watches and sources in the matrix of matrix.py."""

from __future__ import annotations

from callbox.people.roles import Role
from tests.desk.matrix import BOTH, GET, POST

LEADS = frozenset({Role.CHIEF, Role.COMMANDER})
WRITERS = frozenset({Role.ANALYST})
READERS = LEADS | WRITERS | {Role.AUDITOR, Role.RECORDS_OFFICER, Role.LEGAL_ADVISER}
OF_SOURCES = frozenset({Role.ADMINISTRATOR, Role.ANALYST})
_OF_ONE = ("renew_source", "source_token", "close_source", "reopen_source")

OF_AGENCY = {
    "watches": (GET, READERS),
    "new_watch": (BOTH, WRITERS),
    "watch": (GET, READERS),
    "edit_watch": (BOTH, WRITERS),
    "submit_watch": (POST, WRITERS),
    "sign_watch": (POST, frozenset({Role.LEGAL_ADVISER})),
    "allow_watch": (POST, LEADS),
    # whoever decides or writes; the service says no to those who only read
    **dict.fromkeys(("send_back_watch", "refuse_watch", "end_watch"), (POST, READERS)),
    "sources": (GET, READERS | {Role.ADMINISTRATOR}),
    "new_source": (BOTH, OF_SOURCES),
    "source": (GET, READERS | {Role.ADMINISTRATOR}),
    **dict.fromkeys(_OF_ONE, (POST, OF_SOURCES)),
}

_WATCH = (
    "watch",
    "edit_watch",
    "submit_watch",
    "sign_watch",
    "allow_watch",
    "send_back_watch",
    "refuse_watch",
    "end_watch",
)
ARGUMENTS: dict[str, dict[str, object]] = {name: {"pk": 999_999} for name in (*_WATCH, "source", *_OF_ONE)}
