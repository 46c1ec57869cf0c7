"""What one agency offers another, what arrives, and the receipts between them. A bundle is signed; each change of it is a new version."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from callbox.collaboration.models.agreements import Agreement
from callbox.collaboration.models.partners import Partner
from callbox.core.state import Graph
from callbox.people.models import Agency, OfAgencyQuerySet


class OfferQuerySet(OfAgencyQuerySet["Offer"]):
    """How offers are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the offers of one agency."""
        return self.filter(agency=agency)


class Offer(models.Model):
    """One thing offered to one partner. The same thing offered to five partners is five rows with one `share`.

    waiting: to be handed over.  sending, unclear: as deliveries.  offered: the partner has it.  accepted, adapted, declined, published:
    what the partner says.  recalled: taken back; `updated_at` says when the partner last confirmed the newest version.
    """

    LIFE = Graph(
        "waiting",
        {
            "waiting": ("sending", "blocked", "recalled"),
            "sending": ("offered", "waiting", "blocked"),
            "blocked": ("waiting", "recalled"),
            "offered": ("accepted", "adapted", "declined", "published", "recalled"),
            "accepted": ("adapted", "published", "declined", "recalled"),
            "adapted": ("published", "declined", "recalled"),
            "declined": ("accepted", "recalled"),
            "published": ("recalled",),
            "recalled": (),
        },
    )

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="offers")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="offers")
    share = models.UUIDField()  # the same in both installations and for every partner
    version = models.PositiveIntegerField(default=1)
    subject = models.CharField(max_length=120)  # `message:12`, `alert:3`
    kind = models.CharField(max_length=20)
    label = models.CharField(max_length=20, default="clear")  # TLP 2.0
    expires = models.DateTimeField(null=True)
    bundle = models.JSONField(default=dict)  # what the partner sees, exactly
    digest = models.CharField(max_length=64)  # SHA-256 over the bundle
    state = models.CharField(max_length=20, default=LIFE.start)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    due = models.DateTimeField()
    said = models.CharField(max_length=500, blank=True)  # what the partner, or its server, answered
    updated_to = models.PositiveIntegerField(default=0)  # newest version the partner confirmed to have taken over
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["partner", "share", "version"], name="one_offer_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.partner}"


class Arrival(models.Model):
    """One thing a partner offered us; unique by partner, share and version, so that what arrives twice is kept once."""

    LIFE = Graph(
        "new",
        {
            "new": ("accepted", "adapted", "declined", "recalled"),
            "accepted": ("published", "declined", "recalled", "behind"),
            "adapted": ("published", "declined", "recalled", "behind"),
            "published": ("behind", "recalled"),
            "behind": ("accepted", "adapted", "published", "declined", "recalled"),
            "declined": ("accepted", "adapted", "recalled"),
            "recalled": (),
        },
    )

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="arrivals")
    share = models.UUIDField()
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    label = models.CharField(max_length=20)
    expires = models.DateTimeField(null=True)
    bundle = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=120)  # base64, over the digest and what it is about
    state = models.CharField(max_length=20, default=LIFE.start)
    opened_at = models.DateTimeField(null=True)
    message = models.CharField(max_length=120, blank=True)  # what became of it here: `message:7`
    why = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["partner", "share", "version"], name="one_arrival_a_version")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.partner}"

    @property
    def subject(self) -> str:
        """Its name in the trail and in holds."""
        return f"arrival:{self.pk}"


class Receipt(models.Model):
    """What a partner told us about an offer, or what we still owe a partner about an arrival. Told once, kept for the record."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, null=True, related_name="receipts")
    arrival = models.ForeignKey(Arrival, on_delete=models.PROTECT, null=True, related_name="receipts")
    key = models.UUIDField(unique=True)  # the same in both installations
    said = models.CharField(
        max_length=20
    )  # delivered, opened, accepted, adapted, declined, published, updated, recalled
    text = models.CharField(max_length=500, blank=True)
    happened_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)  # of ours: when the partner confirmed to have it
    due = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["happened_at", "pk"]

    def __str__(self) -> str:
        return f"{self.said} {self.happened_at:%Y-%m-%d %H:%M}"
