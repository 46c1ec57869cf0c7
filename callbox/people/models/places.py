"""Places: the beats of an agency, with who works there. Residents ask for them by street or by a point on the map."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.people.models.members import Agency, OfAgencyQuerySet


class BeatQuerySet(OfAgencyQuerySet["Beat"]):
    """How beats are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the beats of one agency."""
        return self.filter(agency=agency)

    def standing(self) -> Self:
        """Return those that were not ended."""
        return self.filter(ended_at=None)


class Beat(models.Model):
    """One beat: an area with a team that residents can reach.

    shape: a GeoJSON Polygon or MultiPolygon, longitude and latitude in degrees (RFC 7946).  team: [{name, rank, hours}], names the agency
    makes public itself.  meetings: [{at, title, place}], at in ISO 8601, without an offset on the agency's clock.  priorities: texts.
    public_contact: an office address or number, never a private one.  ended_at: no longer offered; what refers to it stays.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(_("Short name"), max_length=40)
    name = models.CharField(_("Name"), max_length=120)
    shape = models.JSONField(_("Shape (GeoJSON)"), default=dict, blank=True)
    team = models.JSONField(_("Team"), default=list, blank=True)
    public_contact = models.CharField(_("How residents reach the team"), max_length=200, blank=True)
    hours = models.CharField(_("When"), max_length=200, blank=True)
    meetings = models.JSONField(_("Meetings"), default=list, blank=True)
    priorities = models.JSONField(_("What the team works on"), default=list, blank=True)
    at = models.DateTimeField()  # when it was last changed
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = BeatQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["agency", "code"], name="one_beat_a_code")]

    def __str__(self) -> str:
        return self.name


class Street(models.Model):
    """One stretch of a street and its beat, from the agency's own address list. Two sides of a street may belong to two beats."""

    class Side(models.TextChoices):
        """Which house numbers."""

        BOTH = "", _("Both sides")
        ODD = "odd", _("Odd numbers")
        EVEN = "even", _("Even numbers")

    beat = models.ForeignKey(Beat, on_delete=models.CASCADE, related_name="streets")
    name = models.CharField(max_length=200)
    folded = models.CharField(max_length=200)  # lower case, without accents: what is searched
    first = models.PositiveIntegerField(null=True)  # house numbers, both included; null: the whole street
    last = models.PositiveIntegerField(null=True)
    side = models.CharField(max_length=4, choices=Side, default=Side.BOTH, blank=True)

    class Meta:
        ordering = ["name", "first"]
        indexes = [models.Index(fields=["folded"], name="street_by_name")]

    def __str__(self) -> str:
        return self.name
