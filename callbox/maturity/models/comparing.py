"""What other agencies have shared, as this agency received it."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from callbox.maturity.benchmark.contribution import Contribution
from callbox.maturity.models.sealed import Sealed, SealedQuerySet
from callbox.maturity.scoring.evidence import Band


class PeerQuerySet(SealedQuerySet["Peer"]):
    """How received contributions are asked for."""

    def comparable(self, *, band: str, model: str, without: str) -> Self:
        """Return those of one size band and one version of the model; `without` is the agency's own key, which may have come back."""
        return self.filter(band=band, model=model).exclude(key=without)


class Peer(Sealed):
    """One contribution, with the key that signed it. A later one of the same key takes its place; nothing in it names an agency."""

    key = models.CharField(max_length=64)
    model = models.CharField(max_length=40)
    band = models.CharField(max_length=10)
    country = models.CharField(max_length=2)
    month = models.DateField()
    areas = models.JSONField()
    practices = models.JSONField()
    signature = models.CharField(max_length=128)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PeerQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["agency", "key"], name="one_contribution_a_key")]

    def __str__(self) -> str:
        return self.key[:12]

    def plain(self) -> Contribution:
        """Return it as the value that was signed."""
        return Contribution(
            model=self.model,
            band=Band(self.band),
            country=self.country,
            month=self.month,
            areas=self.areas,
            practices=self.practices,
            key=self.key,
            signature=self.signature,
        )
