"""Writes on agencies and their people, each with its audit event. Here and not in `people`, because the trail lies above it."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.people.models import Agency, Invitation, Membership, User, invitation_secret
from callbox.people.roles import ALLOWED, Action, Role

#: How long an invitation opens.
INVITATION_LIFE = timedelta(days=7)


class AgencyFields(TypedDict, total=False):
    """What may be set on an agency."""

    name: str
    size: str
    time_zone: str
    languages: list[str]
    accent: str
    emergency: str
    phone: str
    website: str


@transaction.atomic
def create_agency(*, slug: str, by: User | str, exercise: bool = False, **fields: Unpack[AgencyFields]) -> Agency:
    """Create an agency. exercise: one that drills are held in.

    Raises:
        ValidationError: a field is not valid, or the short name is taken.
    """
    agency = Agency(slug=slug, exercise=exercise, **fields)
    agency.full_clean()
    agency.save()
    record(agency=agency, by=by, action=Audited.AGENCY_CREATED, target=f"agency:{slug}", data={"name": agency.name})
    return agency


@transaction.atomic
def change_agency(*, agency: Agency, by: User, **fields: Unpack[AgencyFields]) -> None:
    """Change an agency; without a difference nothing is written.

    Raises:
        ValidationError: a field is not valid.
    """
    fresh = Agency.objects.select_for_update().get(pk=agency.pk)
    changed: dict[str, Value] = {}
    for name, value in fields.items():
        before = getattr(fresh, name)
        if before != value:
            changed[name] = [before, value]  # type: ignore[list-item]  # text or a list of texts, as AgencyFields says
            setattr(fresh, name, value)
    if changed:
        fresh.full_clean()
        fresh.save(update_fields=list(changed))
        record(agency=fresh, by=by, action=Audited.AGENCY_CHANGED, target=f"agency:{fresh.slug}", data=changed)


@transaction.atomic
def add_member(
    *, agency: Agency, email: str, name: str, role: Role, password: str | None, by: User | str
) -> Membership:
    """Make a person a member directly; for the first administrator and the demonstration agency."""
    user = User.objects.filter(email=email.strip().lower()).first() or User.objects.create_user(
        email, password, name=name
    )
    membership = Membership.objects.create(user=user, agency=agency, role=role)
    record(
        agency=agency,
        by=by,
        action=Audited.MEMBER_ADDED,
        target=f"user:{user.pk}",
        data={"email": user.email, "role": role.value},
    )
    return membership


@transaction.atomic
def invite(*, agency: Agency, email: str, name: str, role: Role, by: User) -> tuple[Invitation, str]:
    """Invite a person; return the invitation and its secret, which is nowhere kept.

    An open invitation to the same address is withdrawn: one address, one link.

    Raises:
        RefusedError: the person is a member already.
    """
    email = email.strip().lower()
    if Membership.objects.filter(agency=agency, user__email=email).exists():
        raise RefusedError(_("This person is a member already. Change their role in the list instead."))
    for earlier in Invitation.objects.filter(agency=agency, email=email, used=None, withdrawn=None):
        withdraw(invitation=earlier, by=by)
    secret = invitation_secret()
    invitation = Invitation.objects.create(
        agency=agency, email=email, name=name, role=role, digest=_digest(secret), by=by
    )
    record(
        agency=agency,
        by=by,
        action=Audited.PERSON_INVITED,
        target=f"invitation:{invitation.pk}",
        data={"email": email, "role": role.value},
    )
    return invitation, secret


def open_invitations(agency: Agency) -> QuerySet[Invitation]:
    """Return the invitations of an agency that still open."""
    return _open().filter(agency=agency)


def invitation_of(secret: str) -> Invitation | None:
    """Return the invitation a secret opens; None when it is wrong, used, withdrawn or too old, or who made it may no longer invite."""
    return _open().filter(digest=_digest(secret)).select_related("agency", "by").first()


def _open() -> QuerySet[Invitation]:
    """Return what still opens. The role of who invited counts now: whoever leaves must not come back by a link they kept."""
    still = Membership.objects.filter(
        agency=OuterRef("agency"), user=OuterRef("by"), user__is_active=True, role__in=ALLOWED[Action.CHANGE_PEOPLE]
    )
    young = Invitation.objects.filter(used=None, withdrawn=None, made__gt=timezone.now() - INVITATION_LIFE)
    return young.filter(Exists(still))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def accept(*, secret: str, user: User | None = None, name: str = "", password: str = "") -> Membership:
    """Use an invitation: as `user` when one with that address is signed in, else as a new person with name and password.

    Raises:
        RefusedError: the invitation is closed; a person with its address exists and must sign in first; `user` has another address.
    """
    invitation = invitation_of(secret)
    # used once, also when two requests arrive together, and not when it is withdrawn at this moment
    unused = Invitation.objects.filter(digest=_digest(secret), used=None, withdrawn=None)
    if invitation is None or not unused.update(used=timezone.now()):
        raise RefusedError(
            _("This invitation is used, withdrawn or older than seven days. Ask your administrator for a new one.")
        )
    if user is None:
        if User.objects.filter(email=invitation.email).exists():
            raise RefusedError(
                _("Someone with this address has an account already. Sign in, then open the link again.")
            )
        user = User.objects.create_user(invitation.email, password, name=name or invitation.name)
    elif user.email != invitation.email:
        raise RefusedError(_("This invitation is for another address. Sign out, then open the link again."))
    membership, _new = Membership.objects.get_or_create(
        user=user, agency=invitation.agency, defaults={"role": invitation.role}
    )
    record(
        agency=invitation.agency,
        by=user,
        action=Audited.INVITATION_USED,
        target=f"invitation:{invitation.pk}",
        data={"role": membership.role},
    )
    return membership


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User) -> None:
    """Close an invitation that was not used yet; a used one stays as it is."""
    if Invitation.objects.filter(pk=invitation.pk, used=None, withdrawn=None).update(withdrawn=timezone.now()):
        record(
            agency=invitation.agency,
            by=by,
            action=Audited.INVITATION_WITHDRAWN,
            target=f"invitation:{invitation.pk}",
            data={"email": invitation.email},
        )


@transaction.atomic
def change_role(*, membership: Membership, role: Role, by: User) -> None:
    """Give a member another role.

    Raises:
        RefusedError: nobody would be left to administer the agency, or the person is no longer a member.
    """
    _keep_an_administrator(membership, role)
    before = membership.role
    if before == role:
        return
    membership.role = role
    membership.save(update_fields=["role"])
    record(
        agency=membership.agency,
        by=by,
        action=Audited.ROLE_CHANGED,
        target=f"user:{membership.user_id}",
        data={"email": membership.user.email, "before": before, "after": role.value},
    )


@transaction.atomic
def remove_member(*, membership: Membership, by: User) -> None:
    """End a membership; its open pages stop with the next click. What the person did stays, under their name.

    Raises:
        RefusedError: nobody would be left to administer the agency, or the person is no longer a member.
    """
    _keep_an_administrator(membership, None)
    record(
        agency=membership.agency,
        by=by,
        action=Audited.MEMBER_REMOVED,
        target=f"user:{membership.user_id}",
        data={"email": membership.user.email, "role": membership.role},
    )
    membership.delete()


def _keep_an_administrator(membership: Membership, role: Role | None) -> None:
    """Refuse to leave an agency without anyone who can let people in.

    The agency's row is locked, so that two cannot leave at once, and the role read anew: another page may have changed it meanwhile.
    """
    Agency.objects.select_for_update().get(pk=membership.agency_id)
    now = Membership.objects.filter(pk=membership.pk).first()
    if now is None:
        raise RefusedError(_("Nothing was changed: this person is no longer a member."))
    membership.role = now.role
    if membership.role != Role.ADMINISTRATOR or role == Role.ADMINISTRATOR:
        return
    others = Membership.objects.filter(agency=membership.agency_id, role=Role.ADMINISTRATOR, user__is_active=True)
    if not others.exclude(pk=membership.pk).exists():
        raise RefusedError(
            _("Nothing was changed: an agency needs at least one administrator. Give someone else that role first.")
        )
