"""Incidents: something happens, from the flag of public impact to the end, with what was done written beside the time."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.core.state import Graph
from callbox.people.models import Agency, OfAgencyQuerySet


class IncidentQuerySet(OfAgencyQuerySet["Incident"]):
    """How incidents are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the incidents of one agency."""
        return self.filter(agency=agency)

    def real(self) -> Self:
        """Return those that happened; exercises are counted elsewhere."""
        return self.filter(exercise=False)


class Incident(models.Model):
    """One incident. Two clocks, never mixed (model 7.8): `flagged_from` says whether dispatch or the command flagged it."""

    LIFE = Graph("open", {"open": ("closed",), "closed": ("open",)})

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, default=LIFE.start)
    title = models.CharField(_("What happens"), max_length=160)
    reference = models.CharField(_("Number at dispatch"), max_length=60, blank=True)
    subjects = models.JSONField(default=list)  # what it came from and what belongs to it: `conversation:12`, `event:3`
    critical = models.BooleanField(_("Danger to life"), default=False)  # everything scheduled must stop (O3)
    exercise = models.BooleanField(default=False)  # set once, when it is opened
    place = models.CharField(_("Where"), max_length=200, blank=True)
    flagged_at = models.DateTimeField()
    flagged_from = models.CharField(max_length=10, default="command")  # dispatch, command
    first_word = models.CharField(max_length=120, blank=True)  # `message:12`, the first official post about it
    first_word_at = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(null=True)  # everything scheduled had stopped
    closed_at = models.DateTimeField(null=True)
    review = models.TextField(blank=True)  # the review after it, drafted from the log and put into words by a person
    by = models.ForeignKey(  # null: dispatch opened it by a signed call
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ["-flagged_at", "-pk"]
        indexes = [models.Index(fields=["agency", "flagged_at"], name="incident_of_agency")]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """Its name in the trail and in holds."""
        return f"incident:{self.pk}"


class Note(models.Model):
    """One line of an incident's log."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(_("What was done or learned"))
    subject = models.CharField(max_length=120, blank=True)  # what it is about, where it has a row
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.incident} {self.at:%H:%M}"
