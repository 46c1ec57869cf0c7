"""What one agency offers another, what arrives, and the receipts between them. A bundle is signed; each change of it is a new version."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef

from callbox.collaboration.models.agreements import Agreement
from callbox.collaboration.models.partners import Partner
from callbox.core.state import Graph
from callbox.people.models import Agency, OfAgencyQuerySet


class OfferQuerySet(OfAgencyQuerySet["Offer"]):
    """How offers are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the offers of one agency."""
        return self.filter(agency=agency)

    def holding(self) -> Self:
        """Return, of every share and partner, the newest version, unless it takes everything back or never left and was taken back."""
        newer = Offer.objects.filter(
            partner=OuterRef("partner"), share=OuterRef("share"), version__gt=OuterRef("version")
        )
        return self.filter(~Exists(newer), recalls=False).exclude(state="superseded")


class Offer(models.Model):
    """One version of one thing offered to one partner. Five partners are five rows with one `share`; a correction is a row more for each.

    waiting: to be handed over; trying again is harmless, because the partner keeps each version once.  sending: a worker has it.
    offered: the partner has it.  accepted, adapted, declined, published: what the partner says.  recalled: the partner says that its
    copies are gone.  blocked: no agreement allows it.  refused: the partner's side does not take it.  superseded: never handed over,
    because a newer version goes in its place.
    """

    LIFE = Graph(
        "waiting",
        {
            "waiting": ("sending", "offered", "blocked", "superseded"),
            "sending": ("offered", "waiting", "refused"),
            "blocked": ("offered", "superseded"),
            "refused": ("superseded",),
            "offered": ("accepted", "adapted", "declined", "published", "recalled"),
            "accepted": ("adapted", "published", "declined", "recalled"),
            "adapted": ("accepted", "published", "declined", "recalled"),
            "declined": ("accepted", "adapted", "published", "recalled"),
            "published": ("recalled",),
            "recalled": (),
            "superseded": (),
        },
    )

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="offers")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="offers")
    share = models.UUIDField()  # the same in both installations and for every partner
    version = models.PositiveIntegerField(default=1)
    recalls = models.BooleanField(default=False)  # this version takes everything before it back
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
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["partner", "share", "version"], name="one_offer_a_version"),
        ]
        indexes = [models.Index(fields=["agency", "subject"], name="offer_of_subject")]

    def __str__(self) -> str:
        return f"{self.subject} to {self.partner}"

    @property
    def name(self) -> str:
        """Its name in the trail and in holds; `subject` is what it offers."""
        return f"offer:{self.pk}"

    @property
    def is_taken_back(self) -> bool:
        """Whether this, as the newest version, leaves nothing to follow: it is a recall, or it was taken back before it ever left."""
        return self.recalls or self.state == "superseded"


class ArrivalQuerySet(OfAgencyQuerySet["Arrival"]):
    """How arrivals are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the arrivals of one agency."""
        return self.filter(agency=agency)

    def to_look_at(self) -> Self:
        """Return those about which nobody has decided yet."""
        return self.filter(state="new")


class Arrival(models.Model):
    """One version of a thing a partner offered us; unique by partner, share and version, so that what arrives twice is kept once.

    accepted, adapted: a message of ours is being made of it (of a version that recalls: is being taken back).  published: it is out on
    our accounts.  behind: it is out, and a newer version or a recall has come.  superseded: a newer version stands in its place.
    recalled: taken back by the partner, and nothing of it is public here.
    """

    LIFE = Graph(
        "new",
        {
            "new": ("accepted", "adapted", "declined", "superseded", "recalled"),
            "accepted": ("adapted", "published", "declined", "behind", "recalled"),
            "adapted": ("accepted", "published", "declined", "behind", "recalled"),
            "published": ("behind", "recalled"),
            "behind": ("superseded", "recalled"),
            "declined": ("accepted", "adapted", "superseded", "recalled"),
            "superseded": (),
            "recalled": (),
        },
    )

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="arrivals")
    share = models.UUIDField()
    version = models.PositiveIntegerField()
    recalls = models.BooleanField(default=False)
    kind = models.CharField(max_length=20)
    label = models.CharField(max_length=20)
    expires = models.DateTimeField(null=True)
    bundle = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    signature = models.CharField(
        max_length=120
    )  # Ed25519 over the bundle's canonical bytes (collaboration.bundle), base64
    signer = models.CharField(max_length=80, default="")  # the public key that made it
    state = models.CharField(max_length=20, default=LIFE.start)
    opened_at = models.DateTimeField(null=True)
    message = models.CharField(max_length=120, blank=True)  # what became of it here: `message:7`
    why = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = ArrivalQuerySet.as_manager()

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
    key = models.UUIDField()  # the same on both sides
    said = models.CharField(max_length=20)  # delivered, opened, accepted, adapted, declined, published, recalled
    text = models.CharField(max_length=2000, blank=True)  # a reason, or the addresses of the public copies
    happened_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)  # of ours: when the partner confirmed to have it
    due = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["happened_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "key"], name="one_receipt_heard"),
            models.UniqueConstraint(fields=["arrival", "key"], name="one_receipt_told"),
        ]

    def __str__(self) -> str:
        return f"{self.said} {self.happened_at:%Y-%m-%d %H:%M}"
