"""Escalations: something is handed to dispatch by a signed call and acknowledged by a person there, or lapses loudly."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.core.state import Graph
from callbox.operations.models.incidents import Incident
from callbox.people.models import Agency, OfAgencyQuerySet


class Gateway(models.Model):
    """Where escalations go: a web address that takes signed calls (Standard Webhooks)."""

    LIFE = Graph("open", {"open": ("closed",), "closed": ("open",)})

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, default=LIFE.start)
    title = models.CharField(_("Name"), max_length=120)
    address = models.URLField(_("Address"), max_length=500)
    secret = models.TextField()  # sealed (core.secrets): ours signs with it, theirs is checked with it
    old_secret = models.TextField(blank=True, default="")  # sealed: the one before, which counts beside it ...
    old_until = models.DateTimeField(null=True)  # ... until then
    minutes = models.PositiveSmallIntegerField(_("Minutes until somebody must have acknowledged"), default=5)
    phone = models.CharField(_("Number to call when nobody does"), max_length=40)
    exercise = models.BooleanField(_("For exercises only"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [models.UniqueConstraint(fields=["agency", "title"], name="one_gateway_a_name")]

    def __str__(self) -> str:
        return self.title


class EscalationQuerySet(OfAgencyQuerySet["Escalation"]):
    """How escalations are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the escalations of one agency."""
        return self.filter(agency=agency)

    def waiting(self) -> Self:
        """Return those nobody at the other end has acknowledged yet."""
        return self.filter(state__in=("waiting", "sending", "unclear", "sent"))

    def lapsed(self) -> Self:
        """Return those a person must call about."""
        return self.filter(state="lapsed")


class Escalation(models.Model):
    """One thing handed over. The key is sent along: the same call repeated opens one incident there.

    waiting: to be sent.  sending: the call is under way.  unclear: it may have arrived; the call carries its key, so it is repeated.
    sent: the gateway took it.  acknowledged: a person there said so.  lapsed: nobody did in time, a person here must call.
    settled: after a lapse somebody wrote down what became of it.
    """

    LIFE = Graph(
        "waiting",
        {
            "waiting": ("sending", "lapsed"),
            "sending": ("sent", "waiting", "unclear", "acknowledged", "lapsed"),
            "unclear": ("sending", "acknowledged", "lapsed"),
            "sent": ("acknowledged", "lapsed"),
            "acknowledged": (),
            "lapsed": ("acknowledged", "settled"),
            "settled": ("acknowledged",),  # the call came after all
        },
    )

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    gateway = models.ForeignKey(Gateway, on_delete=models.PROTECT, related_name="escalations")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, null=True, related_name="escalations")
    subject = models.CharField(max_length=120)  # `conversation:12`, `event:3`
    key = models.UUIDField(unique=True)
    state = models.CharField(max_length=20, default=LIFE.start)
    payload = models.JSONField(default=dict)  # exactly what is sent
    exercise = models.BooleanField(default=False)
    due_by = models.DateTimeField()  # acknowledged by then
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=160, blank=True)  # as dispatch says it
    reference = models.CharField(max_length=60, blank=True)  # the number dispatch gave it
    said = models.CharField(max_length=500, blank=True)  # what dispatch answered, or what stood in the way
    told_at = models.DateTimeField(null=True)  # when the people on duty had the letter that it lapsed
    outcome = models.CharField(max_length=500, blank=True)  # what became of it after a lapse, in a person's words
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = EscalationQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["state", "next_at"], name="escalation_due")]

    def __str__(self) -> str:
        return f"{self.subject} to {self.gateway}"

    @property
    def called(self) -> str:
        """Its name in the trail and in holds."""
        return f"escalation:{self.pk}"

    @property
    def short(self) -> str:
        """What is read aloud on the phone: the first eight signs of the key."""
        return self.key.hex[:8].upper()
