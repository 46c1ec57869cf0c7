"""What a watch matched, and nothing else. Who wrote it is a pseudonym; the name is sealed and opened only with a reason and two people."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.core.state import Graph
from callbox.intelligence.models.events import Event
from callbox.intelligence.models.sources import Source
from callbox.intelligence.models.watches import Watch
from callbox.people.models import Agency, OfAgencyQuerySet


class SightingQuerySet(OfAgencyQuerySet["Sighting"]):
    """How sightings are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the sightings of one agency."""
        return self.filter(agency=agency)

    def ungrouped(self) -> Self:
        """Return those that no event holds yet, in the order they were kept."""
        return self.filter(grouped_at=None).order_by("pk")


class Sighting(models.Model):
    """One public post that a watch matched; unique by agency and the digest of its network id: heard twice, kept once."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="sightings")
    key = models.CharField(
        max_length=64
    )  # SHA-256 of network and remote id: the id itself names its author on some networks
    pseudonym = models.CharField(max_length=32)  # HMAC of the author, the same for the same author of one agency
    sealed = models.TextField(
        blank=True
    )  # author, remote id and address, sealed (core.secrets); emptied where upstream deleted
    text = models.TextField(blank=True)  # names of accounts in it are replaced by pseudonyms
    words_at = models.DateTimeField(null=True)  # when an edit was heard that replaced the first words
    language = models.CharField(max_length=35, blank=True)
    at = models.DateTimeField()  # by the author's clock, never after seen_at
    seen_at = models.DateTimeField()
    duplicate_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="duplicates")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="sightings")
    grouped_at = models.DateTimeField(null=True)
    reasons = models.JSONField(default=list)  # why it was put into its event
    review_by = models.DateField()  # gone by then unless reviewed
    gone_at = models.DateTimeField(null=True)  # upstream deleted it: text and author were emptied, the count stays

    objects = SightingQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["agency", "key"], name="one_sighting_a_post")]
        indexes = [
            models.Index(fields=["agency", "grouped_at"], name="sighting_ungrouped"),
            models.Index(fields=["agency", "at"], name="sighting_of_agency"),
            models.Index(fields=["agency", "pseudonym"], name="sighting_of_account"),  # all of one that was deleted
        ]

    def __str__(self) -> str:
        return f"sighting {self.pk}"

    @property
    def subject(self) -> str:
        """Its name in the trail and in holds."""
        return f"sighting:{self.pk}"


class Match(models.Model):
    """That one watch, in the version it had, matched one sighting, and by which words."""

    watch = models.ForeignKey(Watch, on_delete=models.PROTECT, related_name="matches")
    sighting = models.ForeignKey(Sighting, on_delete=models.PROTECT, related_name="matches")
    digest = models.CharField(max_length=64)  # of the version
    words = models.JSONField(default=list)  # the terms that decided
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["watch", "sighting"], name="one_match_a_watch")]

    def __str__(self) -> str:
        return f"{self.watch} {self.sighting}"


class Reveal(models.Model):
    """One look at who wrote something: asked for with a reason, allowed by somebody else, open for a short while."""

    LIFE = Graph(
        "asked", {"asked": ("allowed", "refused", "lapsed"), "allowed": ("lapsed",), "refused": (), "lapsed": ()}
    )

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    sighting = models.ForeignKey(Sighting, on_delete=models.PROTECT, related_name="reveals")
    state = models.CharField(max_length=20, default=LIFE.start)
    reason = models.TextField(_("Why the author must be known"))
    basis = models.CharField(_("Lawful basis"), max_length=40)
    reference = models.CharField(_("Case number"), max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.sighting} {self.state}"
