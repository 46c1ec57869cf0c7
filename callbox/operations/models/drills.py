"""Drills: an invented incident through the real code, on paper networks, with its times; and what was decided afterwards."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.core.state import Graph
from callbox.operations.models.incidents import Incident
from callbox.people.models import Agency, OfAgencyQuerySet


class DrillQuerySet(OfAgencyQuerySet["Drill"]):
    """How drills are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the drills of one agency."""
        return self.filter(agency=agency)


class Drill(models.Model):
    """One exercise or test of an alert. kind: replay (of a scenario here), exercise (held elsewhere, written down), test (of alerting)."""

    LIFE = Graph("running", {"running": ("done", "broken-off"), "done": (), "broken-off": ()})

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    scenario = models.CharField(max_length=60, blank=True)
    title = models.CharField(_("Name"), max_length=160)
    state = models.CharField(max_length=20, default=LIFE.start)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, null=True, related_name="drills")
    partners = models.JSONField(_("Who took part"), default=list, blank=True)  # names of other agencies
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    steps = models.JSONField(default=dict)  # detected, verified, approved, published, corrected -> ISO time
    made = models.JSONField(
        default=dict
    )  # what it made here, by what that is: event, message, alert, correction, accounts
    review = models.TextField(_("What was learned"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = DrillQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """Its name in the trail and in holds."""
        return f"drill:{self.pk}"


class Action(models.Model):
    """One thing to do that a drill or incident led to."""

    LIFE = Graph("open", {"open": ("closed",), "closed": ("open",)})

    drill = models.ForeignKey(Drill, on_delete=models.PROTECT, related_name="actions")
    state = models.CharField(max_length=20, default=LIFE.start)
    text = models.CharField(_("What to do"), max_length=300)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    due = models.DateField(_("Until"), null=True)
    closed_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text
