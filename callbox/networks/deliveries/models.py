"""A delivery: one rendition on its way to one account, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.core.state import Graph
from callbox.governance.models import Approval
from callbox.networks.connections.models import Connection
from callbox.networks.vocabulary import Rendition
from callbox.people.models import Agency, OfAgencyQuerySet


class Operation(models.TextChoices):
    """What the delivery does on the network."""

    PUBLISH = "publish", _("Publish")
    EDIT = "edit", _("Correct in place")
    WITHDRAW = "withdraw", _("Take back")


class DeliveryQuerySet(OfAgencyQuerySet["Delivery"]):
    """How deliveries are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the deliveries of one agency."""
        return self.filter(agency=agency)

    def about(self, subject: str) -> Self:
        """Return those of one subject."""
        return self.filter(subject=subject)

    def ready(self, now: datetime) -> Self:
        """Return those that may be claimed at `now`."""
        return self.filter(state="waiting", due__lte=now).filter(
            models.Q(not_before=None) | models.Q(not_before__lte=now)
        )

    def urgent_first(self) -> Self:
        """Return them in the order in which they leave."""
        return self.order_by(models.F("rendition__urgent").desc(nulls_last=True), "due", "pk")

    def one_a_mailing(self) -> Self:
        """Return one letter of each mailing and state, and every other delivery: thousands of letters are decided about at once."""
        alike = self.order_by().values("connection", "subject", "version", "operation", "state")
        return self.filter(pk__in=alike.annotate(one=models.Max("pk")).values("one"))

    def alike(self, delivery: Delivery) -> Self:
        """Return a delivery, and of a letter all of its mailing in the same state: the same words under the same approval."""
        if not delivery.recipient:
            return self.filter(pk=delivery.pk)
        same = ("agency", "connection", "subject", "version", "operation", "approval", "state")
        return self.filter(**{name: getattr(delivery, name) for name in same}).exclude(recipient="")

    def unsettled(self) -> Self:
        """Return those about which a person must decide."""
        return self.filter(state__in=("unclear", "held", "late"))


class Delivery(models.Model):
    """One rendition for one account. At most once, then settled.

    waiting: for its hour.  sending: claimed, the call may be under way.  sent: the network has it.  unclear: it may have it; nothing is
    sent again before a person has looked.  refused: the network will not take it.  held: stopped by a freeze, or not approved as it
    stands; a person lets it go on.  late: its last hour passed before it could leave.  given-up: a person took it off.
    """

    LIFE = Graph(
        "waiting",
        {
            "waiting": ("sending", "held", "late", "given-up"),
            "sending": ("sent", "waiting", "refused", "unclear", "held"),
            "unclear": ("sent", "waiting", "given-up"),
            "held": ("waiting", "given-up", "late"),
            "late": ("waiting", "given-up"),
            "refused": ("waiting", "given-up"),
            "sent": (),
            "given-up": ("waiting",),  # queued once more, and only what was surely never called
        },
    )

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="deliveries")
    operation = models.CharField(max_length=10, choices=Operation, default=Operation.PUBLISH)
    subject = models.CharField(max_length=120)  # `message:12`, `answer:7`: what it carries out
    version = models.PositiveIntegerField(default=1)  # of the subject
    recipient = models.CharField(max_length=320, blank=True)  # of a letter; empty on public networks
    rendition = models.JSONField(default=dict)  # networks.vocabulary.Rendition, exactly as approved
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="+", null=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    key = models.CharField(max_length=32, unique=True)  # sent along where the network takes one
    due = models.DateTimeField()
    expires = models.DateTimeField(null=True)  # never leaves by itself after this hour
    not_before = models.DateTimeField(null=True)  # the network asked to wait
    released_at = models.DateTimeField(null=True)  # when a person let it go on after it was held, late or unclear
    state = models.CharField(max_length=20, default=LIFE.start)
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)  # counts claims: a worker that wakes up late cannot settle
    claimed_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)  # just before the call of the last attempt
    settled_at = models.DateTimeField(null=True)
    remote_id = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    said = models.CharField(max_length=500, blank=True)  # what the network answered, or shows when we look
    looked_at = models.DateTimeField(null=True)  # when we last looked on the network for an unclear one
    made = models.DateTimeField()

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["due", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "subject", "version", "operation", "recipient"], name="one_delivery_a_purpose"
            )
        ]
        indexes = [
            models.Index(fields=["state", "due"], name="delivery_ready"),
            models.Index(fields=["connection", "state", "due"], name="delivery_of_lane"),
            models.Index(fields=["agency", "subject"], name="delivery_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.subject} on {self.connection}: {self.state}"

    @property
    def shown(self) -> Rendition:
        """The rendition as a value."""
        return Rendition.from_plain(self.rendition)
