"""Permission to speak: one row says who let which exact words go where and when."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from callbox.governance.policy import LEAST_APPROVERS, MOST_APPROVERS
from callbox.people.models import Agency, OfAgencyQuerySet


class ApprovalQuerySet(OfAgencyQuerySet["Approval"]):
    """How approvals are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the approvals of one agency."""
        return self.filter(agency=agency)

    def standing(self) -> Self:
        """Return those that nobody has voided."""
        return self.filter(voided_at=None)


class ApprovalRule(models.Model):
    """How many people besides its authors approve a message. An agency without a row asks for one; its history stands in the trail."""

    agency = models.OneToOneField(Agency, on_delete=models.PROTECT, related_name="+")
    needed = models.PositiveSmallIntegerField(default=LEAST_APPROVERS)
    why = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(needed__gte=LEAST_APPROVERS, needed__lte=MOST_APPROVERS), name="approvers_in_bounds"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.needed}"


class Approval(models.Model):
    """One approval, bound to the digest of all that will be seen. It is never changed, only voided."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=120)  # `message:12`, `answer:7`
    digest = models.CharField(max_length=64)  # SHA-256 over `parts` and `due`
    parts = models.JSONField(default=dict)  # account -> digest of its rendition
    due = models.DateTimeField(null=True)  # when it was approved to leave; null: at once
    rule = models.CharField(max_length=60)  # which rule of governance.policy let it through
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)
    voided_why = models.CharField(max_length=200, blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["agency", "subject"], name="approval_of_subject")]

    def __str__(self) -> str:
        return f"{self.subject} {self.digest[:12]}"
