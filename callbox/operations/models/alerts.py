"""Alerts in the Common Alerting Protocol (CAP 1.2): drafted, checked, approved by two people, published; never changed, only followed."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from callbox.core.plain import from_plain
from callbox.core.state import Graph
from callbox.operations.cap.vocabulary import Content
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

    def real(self) -> Self:
        """Return those that are no exercise."""
        return self.filter(exercise=False)

    def newest(self) -> Self:
        """Return, of what is out, the last message of every line: what no published update or cancel has followed."""
        followed = Alert.objects.filter(state="published", follows__isnull=False).values("follows")
        return self.published().exclude(pk__in=followed)

    def holding(self, now: datetime) -> Self:
        """Return, of what is out, the last message of every line until it expires; a cancel is among them."""
        return self.newest().filter(expires__gt=now)


class Alert(models.Model):
    """One CAP message: an alert, or an update or a cancel of one that was published. `exercise` is set when it is begun and never changes:
    its status cannot become Actual. An update or a cancel has what it follows; without that there is none.

    The database itself refuses a cancel that follows nothing, a second message that follows the same one, and bytes of an exercise
    that say Actual.
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
    about = models.CharField(
        max_length=120, blank=True
    )  # what it was drafted from: `event:3`, `conversation:12`, `incident:4`
    identifier = models.CharField(max_length=120)  # of the CAP message, unique for the sender for ever
    sent = models.DateTimeField(null=True)  # as it stands in the message
    expires = models.DateTimeField(null=True)  # as it stands in the message, the latest of its languages
    xml = models.TextField(blank=True)  # exactly what was published
    signature = models.CharField(max_length=120, blank=True)  # base64, over those bytes
    signer = models.CharField(max_length=60, blank=True)  # the public key, core.signing
    message = models.CharField(max_length=120, blank=True)  # `message:12`, which took it to the voice accounts
    why = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "identifier"], name="one_alert_an_identifier"),
            models.UniqueConstraint(
                fields=["follows"], condition=Q(state="published"), name="one_alert_follows_another"
            ),
            models.CheckConstraint(
                condition=Q(kind="Alert", follows=None) | Q(kind__in=("Update", "Cancel"), follows__isnull=False),
                name="alert_follows_or_begins",
            ),
            models.CheckConstraint(
                condition=Q(xml="")
                | Q(exercise=True, xml__contains="<status>Exercise</status>")
                | Q(exercise=False, xml__contains="<status>Actual</status>"),
                name="alert_says_its_status",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | ~Q(xml="") & Q(sent__isnull=False) & ~Q(signature=""),
                name="alert_is_out_whole",
            ),
        ]
        indexes = [models.Index(fields=["agency", "state"], name="alert_of_agency")]

    def __str__(self) -> str:
        return self.identifier

    @property
    def subject(self) -> str:
        """Its name in approvals, the trail and holds."""
        return f"alert:{self.pk}"

    @property
    def status(self) -> str:
        """The status of its CAP message."""
        return "Exercise" if self.exercise else "Actual"

    def clean(self) -> None:
        """Refuse what no constraint of a row can: to follow what is not out, another agency's, or of the other kind of status.

        Raises:
            ValidationError: with the reason.
        """
        if (self.kind == "Alert") != (self.follows is None):
            raise ValidationError(
                _("An update or a cancel follows a published alert, and a new alert follows nothing.")
            )
        if self.follows is None:
            return
        if self.follows.agency_id != self.agency_id or self.follows.state != "published":
            raise ValidationError(_("Only a published alert of this agency can be followed."))
        if self.follows.exercise != self.exercise:
            raise ValidationError(_("An exercise follows only an exercise, and an actual alert only an actual one."))

    @property
    def newest(self) -> AlertVersion:
        """The version that counts."""
        return self.versions.order_by("-number")[0]

    @property
    def line(self) -> list[Alert]:
        """What it follows and what that followed, the oldest first."""
        found: list[Alert] = []
        before = self.follows
        while before is not None:
            found.insert(0, before)
            before = before.follows
        return found


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

    @property
    def written(self) -> Content:
        """What was written, as a value."""
        return from_plain(Content, self.content)
