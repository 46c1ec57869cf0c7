"""One person alone in an emergency: the rule of an agency, and what was let go under it with the review it owes."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.core.state import Graph
from callbox.governance.alone import USUAL_HOURS, Allowance
from callbox.governance.models.approvals import Approval
from callbox.people.models import Agency, OfAgencyQuerySet


class EmergencyRule(models.Model):
    """Who may send what alone. An agency without a row lets nobody; its history stands in the trail."""

    agency = models.OneToOneField(Agency, on_delete=models.PROTECT, related_name="+")
    roles = models.JSONField(default=list)  # people.roles.Role; empty: nobody
    kinds = models.JSONField(default=list)  # governance.alone.Reach
    hours = models.PositiveSmallIntegerField(default=USUAL_HOURS)  # within which a second person reviews
    why = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfAgencyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"emergency rule of {self.agency}"

    @property
    def allowance(self) -> Allowance:
        """What it lets one person do."""
        return Allowance(frozenset(self.roles), frozenset(self.kinds))


class LoneApprovalQuerySet(OfAgencyQuerySet["LoneApproval"]):
    """How they are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return those of one agency."""
        return self.filter(agency=agency)

    def owed(self) -> Self:
        """Return those that nobody has reviewed, the first to run out first."""
        return self.filter(state="owed").order_by("due", "pk")

    def overdue(self, now: datetime) -> Self:
        """Return those that should have been reviewed."""
        return self.owed().filter(due__lte=now)


class LoneApproval(models.Model):
    """What one person let go alone: why, and what the second person found afterwards.

    owed: a second person has not looked yet.  reviewed: somebody who neither sent nor wrote it has said what they found.
    """

    class Finding(models.TextChoices):
        """What the second person found."""

        RIGHT = "right", _("It was right to send it alone")
        WAITED = "waited", _("It could have waited for a second person")
        WRONG = "wrong", _("It should not have gone out like this")

    LIFE = Graph("owed", {"owed": ("reviewed",), "reviewed": ()})

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, related_name="lone")
    why = models.CharField(max_length=500)
    authors = models.JSONField(default=list)  # by id: whose words they were; none of them reviews
    state = models.CharField(max_length=10, default=LIFE.start)
    due = models.DateTimeField()  # until when the review is owed
    overdue_at = models.DateTimeField(null=True)  # when it was written into the trail that nobody had reviewed in time
    finding = models.CharField(max_length=10, choices=Finding, blank=True)
    said = models.CharField(max_length=1000, blank=True)  # what the reviewer wrote
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)  # of the review

    objects = LoneApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["agency", "state", "due"], name="lone_approval_owed")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="owed", finding="", by=None)
                | models.Q(state="reviewed", at__isnull=False, by__isnull=False) & ~models.Q(finding=""),
                name="lone_approval_reviewed_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.approval.subject} alone: {self.state}"

    @property
    def late(self) -> bool:
        """Whether the review came, or was noticed to be missing, after its hour."""
        return self.overdue_at is not None or (self.at is not None and self.at > self.due)
