"""How long an agency keeps things: its own days, its holds, and the certificates of what went."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.people.models import Agency, OfAgencyQuerySet


class RetentionRule(models.Model):
    """An agency's own number of days for one class, or the shorter number a local law sets."""

    class Origin(models.TextChoices):
        """Who set the number."""

        OWN = "own", _("The agency’s own number")
        LAW = "law", _("A local law that sets fewer days")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    class_id = models.CharField(max_length=40)
    origin = models.CharField(max_length=3, choices=Origin)
    days = models.PositiveIntegerField(_("Days"))
    reason = models.CharField(_("Reason, or the law"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        ordering = ["class_id", "origin"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "class_id", "origin"], name="one_retention_rule_an_origin")
        ]

    def __str__(self) -> str:
        return f"{self.class_id}: {self.days}"


class HoldQuerySet(OfAgencyQuerySet["Hold"]):
    """How holds are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the holds of one agency."""
        return self.filter(agency=agency)

    def standing(self) -> Self:
        """Return those that nobody has released."""
        return self.filter(released_at=None)


class Hold(models.Model):
    """While it stands, nothing it covers is purged: a case, a lawsuit, a public records request."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=520)  # `message:12`, `class:drafts`, `everything`
    reason = models.CharField(_("Reason"), max_length=300)
    reference = models.CharField(_("Case or file number"), max_length=80)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    released_why = models.CharField(max_length=300, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        indexes = [models.Index(fields=["agency", "released_at"], name="hold_of_agency")]

    def __str__(self) -> str:
        return f"{self.subject} ({self.reference})"


class Disposal(models.Model):
    """A certificate: one batch of one class that was purged. It names counts and a digest, nothing that was in the rows."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    class_id = models.CharField(max_length=40)
    then = models.CharField(max_length=6)  # delete, blank
    days = models.PositiveIntegerField()  # the number in force
    count = models.PositiveIntegerField()
    first = models.DateTimeField()  # when the clock of the oldest began
    last = models.DateTimeField()  # and of the newest
    digest = models.CharField(max_length=64)  # SHA-256 over the numbers of the rows, in order
    held = models.PositiveIntegerField()  # expired rows of the class that a hold kept
    at = models.DateTimeField()

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["agency", "-at"], name="disposal_of_agency")]

    def __str__(self) -> str:
        return f"{self.class_id} {self.at:%Y-%m-%d}: {self.count}"
