"""Who may open what: every address of the desk with the roles that get in, one row an address.

A row: `name: (methods, roles)`. methods: what the address answers to; any other method gets 405. roles: who gets through the door
in their own agency (an answer other than 403); the others get 403. People of another agency always get 404, a person who is not
signed in is always sent to sign in. `arguments` gives the rest of an address that needs more than the agency.
An address without a row fails test_matrix.py. The rows of the assessments stand in matrix_assessments.py (OF_AGENCY, ARGUMENTS).
"""

from __future__ import annotations

from callbox.people.roles import Role

EVERYONE = frozenset(Role)
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
READERS_OF_THE_TRAIL = frozenset({Role.ADMINISTRATOR, Role.CHIEF, Role.AUDITOR, Role.RECORDS_OFFICER})

GET, POST, BOTH = frozenset({"GET", "HEAD"}), frozenset({"POST"}), frozenset({"GET", "HEAD", "POST"})

#: Pages of an agency.
OF_AGENCY: dict[str, tuple[frozenset[str], frozenset[Role]]] = {
    "agency_home": (GET, EVERYONE),
    "agency_css": (GET, EVERYONE),
    "people": (GET, EVERYONE),
    "invite": (BOTH, ADMINISTRATOR),
    "withdraw_invitation": (POST, ADMINISTRATOR),
    "member": (BOTH, ADMINISTRATOR),
    "portal_settings": (BOTH, frozenset({Role.ADMINISTRATOR, Role.PRESS_OFFICER})),
    "agency_settings": (BOTH, ADMINISTRATOR),
    "audit": (GET, READERS_OF_THE_TRAIL),
    "audit_verify": (POST, READERS_OF_THE_TRAIL),
    "audit_export": (POST, READERS_OF_THE_TRAIL),
}

#: What an address needs besides the agency; a row that does not exist answers 404 to those who may look.
ARGUMENTS: dict[str, dict[str, object]] = {
    "withdraw_invitation": {"pk": 999_999},
    "member": {"pk": 999_999},
}

#: Open to anyone, signed in or not.
OPEN = {
    "health",
    "icon",
    "theme",
    "set_language",
    "welcome",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",  # django-allauth's second step: needs a first step in the same session
    "mfa_login_webauthn",
}

#: Of the signed-in person alone, whatever the role.
OWN = {
    "home",
    "account",
    "second_factor",
    "account_reauthenticate",
    "account_change_password",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
}
