"""Callbox's answers to django-allauth's questions."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Nobody signs up by themselves: an administrator invites."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Keep the door closed."""
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Leave it: the address is the sign-in name."""


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Names a person on their authenticator app and passkeys."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name the desk to the passkey."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": "Callbox"}
