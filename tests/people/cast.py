"""Four people everyone knows: Alice drafts, Bob approves, Carol answers, Dan belongs to another agency and must see nothing.

Two more hold the remaining keys: Erin administers, Frank audits.
"""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from callbox.people.models import Agency, Membership, SizeBand, User
from callbox.people.roles import Role

PASSWORD = "correct horse battery staple"
#: The secret of everyone's authenticator app.
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@dataclass(frozen=True)
class Cast:
    """The agencies and people of a test. alice: assessor.  bob: chief.  carol: evidence owner.  erin: administrator.
    frank: auditor.  dan: chief of another agency.
    """

    agency: Agency
    other: Agency
    alice: User
    bob: User
    carol: User
    dan: User
    erin: User
    frank: User


def make_cast() -> Cast:
    """Write the cast into the database."""
    agency = Agency.objects.create(slug="harbour", name="Harbour City Police", size=SizeBand.FROM_100, languages=["en"])
    other = Agency.objects.create(slug="valley", name="Valley Sheriff", size=SizeBand.UNDER_25, languages=["en"])
    return Cast(
        agency=agency,
        other=other,
        alice=person("Alice", agency, Role.ASSESSOR),
        bob=person("Bob", agency, Role.CHIEF),
        carol=person("Carol", agency, Role.EVIDENCE_OWNER),
        dan=person("Dan", other, Role.CHIEF),
        erin=person("Erin", agency, Role.ADMINISTRATOR),
        frank=person("Frank", agency, Role.AUDITOR),
    )


def person(name: str, agency: Agency, role: Role, *, second_factor: bool = True) -> User:
    """Write one person with a membership, a password and, unless told, an authenticator app with recovery codes."""
    user = User.objects.create_user(f"{name.lower()}@{agency.slug}.example", PASSWORD, name=name)
    Membership.objects.create(user=user, agency=agency, role=role)
    if second_factor:
        totp.TOTP.activate(user, TOTP_SECRET)
        RecoveryCodes.activate(user)
    return user


def signed_in(user: User) -> Client:
    """Return a browser in which `user` is signed in."""
    client = Client()
    client.force_login(user)
    return client
