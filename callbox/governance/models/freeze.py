"""The freeze: while one stands, nothing leaves."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from callbox.people.models import Agency, OfAgencyQuerySet


class FreezeQuerySet(OfAgencyQuerySet["Freeze"]):
    """How freezes are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the freezes of one agency."""
        return self.filter(agency=agency)

    def standing(self) -> Self:
        """Return those that nobody has lifted."""
        return self.filter(lifted_at=None)


class Freeze(models.Model):
    """From `at` until `lifted_at` nothing of this agency leaves, but what was decided after it was pressed and is urgent, or takes back."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    objects = FreezeQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency"], condition=models.Q(lifted_at=None), name="one_standing_freeze_an_agency"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.at:%Y-%m-%d %H:%M}"
