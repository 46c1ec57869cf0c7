"""Alerts in the Common Alerting Protocol (CAP 1.2): drafted, checked, approved by two people, published; never changed, only followed."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from callbox.core.state import Graph
from callbox.operations.models.incidents import Incident
from callbox.people.models import Agency, OfAgencyQuerySet


class AlertQuerySet(OfAgencyQuerySet["Alert"]):
    """How alerts are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the alerts of one agency."""
        return self.filter(agency=agency)

    def published(self) -> Self:
        """Return those that are out."""
        return self.filter(state="published")


class Alert(models.Model):
    """One CAP message: an alert, or an update or a cancel of one that was published. `exercise` is set when it is begun and never changes:
    its status cannot become Actual. An update or a cancel has what it follows; without that there is none.
    """

    LIFE = Graph(
        "draft",
        {
            "draft": ("submitted", "dropped"),
            "submitted": ("draft", "approved", "dropped"),
            "approved": ("draft", "published", "dropped"),
            "published": (),
            "dropped": (),
        },
    )

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, null=True, related_name="alerts")
    state = models.CharField(max_length=20, default=LIFE.start)
    kind = models.CharField(max_length=10)  # msgType: Alert, Update, Cancel
    exercise = models.BooleanField(default=False)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followed_by")
    identifier = models.CharField(max_length=120)  # of the CAP message, unique for the sender for ever
    sent = models.DateTimeField(null=True)  # as it stands in the message
    xml = models.TextField(blank=True)  # exactly what was published
    signature = models.CharField(max_length=120, blank=True)  # base64, over those bytes
    message = models.CharField(max_length=120, blank=True)  # `message:12`, which took it to the voice accounts
    why = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["agency", "identifier"], name="one_alert_an_identifier")]
        indexes = [models.Index(fields=["agency", "state"], name="alert_of_agency")]

    def __str__(self) -> str:
        return self.identifier

    @property
    def subject(self) -> str:
        """Its name in approvals, the trail and holds."""
        return f"alert:{self.pk}"

    @property
    def newest(self) -> AlertVersion:
        """The version that counts."""
        return self.versions.order_by("-number")[0]


class AlertVersion(models.Model):
    """One saving of an alert's words, area and times. Immutable."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField(default=dict)  # operations.cap.vocabulary
    accounts = models.JSONField(default=list)  # voice accounts it also goes to
    digest = models.CharField(max_length=64)  # SHA-256 over all of the above
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["alert", "number"]
        constraints = [models.UniqueConstraint(fields=["alert", "number"], name="one_alert_version_a_number")]

    def __str__(self) -> str:
        return f"{self.alert} version {self.number}"
