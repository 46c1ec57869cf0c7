"""The roster: when somebody is there, or can be called."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.people.models import Agency, OfAgencyQuerySet


class ShiftQuerySet(OfAgencyQuerySet["Shift"]):
    """How shifts are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the shifts of one agency."""
        return self.filter(agency=agency)

    def standing(self) -> Self:
        """Return those that nobody took off the roster."""
        return self.filter(ended_at=None)


class Shift(models.Model):
    """One span in which a number of people answer, or stand by to be called."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    begins = models.DateTimeField(_("From"))
    ends = models.DateTimeField(_("Until"))
    people = models.PositiveSmallIntegerField(_("People"), default=1)
    on_call = models.BooleanField(_("Can be called, is not at the desk"), default=False)
    planned = models.BooleanField(default=True)  # false: written down afterwards, as it really was
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # taken off the roster

    objects = ShiftQuerySet.as_manager()

    class Meta:
        ordering = ["begins", "pk"]
        indexes = [models.Index(fields=["agency", "begins"], name="shift_of_agency")]

    def __str__(self) -> str:
        return f"{self.begins:%Y-%m-%d %H:%M}"
