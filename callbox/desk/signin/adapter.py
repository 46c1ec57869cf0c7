"""Callbox's answers to django-allauth's questions."""

from __future__ import annotations

import time
from typing import Any, Final

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from callbox.desk.signin.sealing import box
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.people.models import Agency, User

#: What the seal of second factors is for.
FACTORS: Final = "second factors"
#: What allauth reports when something about signing in changed, and what the trail calls it.
_NOTICES = {
    "mfa/email/totp_activated": Audited.FACTOR_ADDED,
    "mfa/email/webauthn_added": Audited.FACTOR_ADDED,
    "mfa/email/recovery_codes_generated": Audited.FACTOR_ADDED,
    "mfa/email/totp_deactivated": Audited.FACTOR_REMOVED,
    "mfa/email/webauthn_removed": Audited.FACTOR_REMOVED,
}


def write_down(user: AbstractBaseUser, action: Audited, *, by: str = "", **data: str) -> None:
    """Write one event into the trail of every agency the person belongs to; into the installation's own where there is none.

    by: who did it, when it was not the person.
    """
    assert isinstance(user, User)  # AUTH_USER_MODEL  # noqa: S101
    agencies: list[Agency | None] = list(Agency.objects.filter(memberships__user=user))
    with transaction.atomic():
        for agency in agencies or [None]:
            record(agency=agency, by=by or user, action=action, target=f"user:{user.pk}", data=data)


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: an administrator invites. Whatever happens to a sign-in is written down."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Keep the door closed."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: our pages show what happened, “you have signed in” is no news."""

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Check the password of someone signed in, with the same limits as signing in."""
        found = self.authenticate(self.request, email=user.get_username(), password=password)
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask for the password again, unless the person gave one within the last minutes: nobody types it twice in a row."""
        given = get_authentication_records(self.request, self.request.user)
        just_now = any(time.time() - entry["at"] < account_settings.REAUTHENTICATION_TIMEOUT for entry in given)
        required: bool = super().is_reauthentication_required(app=app, **kwargs)
        return required and not just_now

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Set a password, and write down in the same transaction that it changed."""
        with transaction.atomic():
            super().set_password(user, password)
            write_down(user, Audited.PASSWORD_CHANGED)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in: all factors were given. Without its event nobody is."""
        with transaction.atomic():
            write_down(user, Audited.SIGNED_IN, address=self.get_client_ip(request))
            super().login(request, user)

    def logout(self, request: HttpRequest) -> None:
        """Sign out."""
        user = request.user
        super().logout(request)
        if isinstance(user, User):
            write_down(user, Audited.SIGNED_OUT)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note a wrong password for a person who exists; what strangers type is not kept, it may be a password."""
        email = str(credentials.get("email") or "").strip().lower()
        if user := User.objects.filter(email=email).first():
            write_down(user, Audited.SIGN_IN_FAILED, address=self.get_client_ip(request))

    def send_notification_mail(self, template_prefix: str, user: AbstractBaseUser, *args: Any, **kwargs: Any) -> None:
        """Write down what allauth reports by mail, and let the mail go."""
        if action := _NOTICES.get(template_prefix):
            write_down(user, action, kind=template_prefix.rpartition("/")[2])
        super().send_notification_mail(template_prefix, user, *args, **kwargs)


class MFAAdapter(DefaultMFAAdapter):
    """Seals the secrets of authenticator apps and recovery codes; a stolen database does not open the desk."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _(
            "This code does not open the desk: it is mistyped, too old, or was used before. Wait for the next one and type that."
        )
    }

    def encrypt(self, text: str) -> str:
        """Seal with a key made from the secret key."""
        return box(FACTORS).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` sealed, under this secret key or one from before."""
        return box(FACTORS).decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name the desk to the passkey."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": "Callbox"}
