"""What an agency states of one of its accounts; no archive can tell it."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.people.models import Agency, OfAgencyQuerySet


class AccountQuerySet(OfAgencyQuerySet["Account"]):
    """How accounts are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the accounts of one agency."""
        return self.filter(agency=agency)

    def real(self) -> Self:
        """Return those that may stand on the public list of real accounts: official, and meant to be shown."""
        return self.filter(official=True, shown=True)


class Account(models.Model):
    """One account as its agency states it today, with who said so and when. What nobody has said is null or empty."""

    class Kind(models.TextChoices):
        """Whose voice speaks there. On what counts as the state speaking: Lindke v. Freed, 601 U.S. 187 (2024)."""

        AGENCY = "agency", _("The agency’s own account")
        OFFICIAL = "official-capacity", _("A person’s account, used only for the office")
        PERSONAL = "personal", _("A person’s own account, not used for the office")
        MIXED = "mixed", _("A person’s account, used for both")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    account = models.CharField(max_length=200)  # "<network>:<handle>", as in the ledger
    official = models.BooleanField(_("Official account of the agency"), null=True, blank=True)
    owner = models.CharField(_("Who is responsible for it"), max_length=120, blank=True)
    admins = models.PositiveSmallIntegerField(_("People who can administer it"), null=True, blank=True)
    second_factor = models.BooleanField(_("All of them sign in with a second factor"), null=True, blank=True)
    linked = models.BooleanField(_("The agency’s own website links to it"), null=True, blank=True)
    kind = models.CharField(_("Whose account is it"), max_length=20, choices=Kind, blank=True)
    shown = models.BooleanField(
        _("Name it on the public list of our real accounts"), default=False
    )  # the portal shows it only while `official` is stated too
    address = models.URLField(_("Its address"), blank=True)
    secured_at = models.DateTimeField(null=True)  # when administrators and second factor were last said, changed or not
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["account"]
        constraints = [models.UniqueConstraint(fields=["agency", "account"], name="one_statement_an_account")]

    def __str__(self) -> str:
        return self.account
