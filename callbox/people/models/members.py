"""Agencies, users and memberships. `visible_to(user)` is the only door to a row; a stranger finds nothing."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from callbox.people.roles import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

type Person = AbstractBaseUser | AnonymousUser


def valid_time_zone(name: str) -> None:
    """Refuse a time zone that the tz database does not know."""
    if name not in available_timezones():
        raise ValidationError(
            _("There is no time zone called “%(name)s”. A known one is “Europe/Oslo”."), params={"name": name}
        )


class SizeBand(models.TextChoices):
    """Sworn officers, as the maturity model counts them."""

    UNDER_25 = "under-25", _("Under 25 sworn officers")
    FROM_25 = "25-99", _("25 to 99 sworn officers")
    FROM_100 = "100-499", _("100 to 499 sworn officers")
    FROM_500 = "500-plus", _("500 sworn officers or more")


class UserManager(BaseUserManager["User"]):
    """Makes people; a person without a password cannot sign in until the invitation is used."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a person whose sign-in name is `email`, kept in lower case.

        Raises:
            ValueError: no address.
        """
        if not email:
            raise ValueError("a person needs an e-mail address")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a person by address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person. What they may do is written in their memberships, nowhere else."""

    email = models.EmailField(
        _("E-mail"), unique=True, error_messages={"unique": _("Someone with this address exists already.")}
    )
    name = models.CharField(_("Name"), max_length=120)
    is_active = models.BooleanField(default=True)
    joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email


class AgencyQuerySet(models.QuerySet["Agency"]):
    """Reads of agencies."""

    def visible_to(self, user: Person) -> Self:
        """Keep the agencies `user` is a member of."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(memberships__user=user)


class Agency(models.Model):
    """A police agency: the owner of everything else."""

    slug = models.SlugField(
        _("Short name"), max_length=60, unique=True, help_text=_("Stands in the address of every page.")
    )
    name = models.CharField(_("Name"), max_length=160)
    size = models.CharField(_("Size"), max_length=10, choices=SizeBand, blank=True)
    time_zone = models.CharField(_("Time zone"), max_length=60, default="UTC", validators=[valid_time_zone])
    languages = models.JSONField(_("Languages it speaks"), default=list, blank=True)  # BCP 47 codes
    accent = models.CharField(
        _("Colour"),
        max_length=7,
        default="#1f5f6b",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}\Z", _("A colour is written like #1f5f6b."))],
    )
    emergency = models.CharField(
        _("Emergency number"),
        max_length=30,
        blank=True,
        help_text=_("Stands on every public page, for example 911."),
    )
    phone = models.CharField(
        _("Number to call when it is not urgent"),
        max_length=40,
        blank=True,
        help_text=_("Shown to residents, and in the place of forms while Callbox is down."),
    )
    website = models.URLField(_("The agency’s own website"), max_length=300, blank=True)
    key_fingerprint = models.CharField(_("Fingerprint of the signing key"), max_length=64, blank=True, editable=False)
    #: Of a drill: it has accounts on paper alone, no public page, and counts in no figure. Set when it is made, never changed.
    exercise = models.BooleanField(default=False, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name

    def role_of(self, user: Person) -> Role | None:
        """Return what `user` is in this agency, None for a stranger or someone switched off."""
        if not user.is_authenticated or not user.is_active:
            return None
        membership = self.memberships.filter(user_id=user.pk).only("role").first()
        return None if membership is None else Role(membership.role)


class OfAgencyQuerySet[M: models.Model](models.QuerySet[M]):
    """Reads of any row that belongs to an agency."""

    def visible_to(self, user: Person) -> Self:
        """Keep the rows of the agencies `user` is a member of."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(agency__memberships__user=user)


class Membership(models.Model):
    """One person in one agency, with one role."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("Role"), max_length=20, choices=Role)
    since = models.DateTimeField(default=timezone.now, editable=False)

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        ordering = ["user__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "agency"], name="one_role_per_person_and_agency")]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


def invitation_secret() -> str:
    """Return a fresh one-time secret of 256 bits."""
    return secrets.token_urlsafe(32)


class Invitation(models.Model):
    """A one-time link by which a person becomes a member. Only the SHA-256 of its secret is kept."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("E-mail"))
    name = models.CharField(_("Name"), max_length=120)
    role = models.CharField(_("Role"), max_length=20, choices=Role)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made = models.DateTimeField(default=timezone.now, editable=False)
    used = models.DateTimeField(null=True, editable=False)
    withdrawn = models.DateTimeField(null=True, editable=False)

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        ordering = ["-made"]

    def __str__(self) -> str:
        return f"{self.email} ({self.get_role_display()})"
