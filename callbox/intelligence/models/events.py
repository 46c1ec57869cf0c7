"""Events: posts that speak of the same thing, and what people made of them."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.core.state import Graph
from callbox.people.models import Agency, OfAgencyQuerySet


class EventQuerySet(OfAgencyQuerySet["Event"]):
    """How events are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the events of one agency."""
        return self.filter(agency=agency)

    def open(self) -> Self:
        """Return those that still need somebody."""
        return self.filter(state__in=("new", "checking", "confirmed"))


class Event(models.Model):
    """Sightings grouped because they speak of the same thing. Only a person says whether it is so.

    new: nobody looked.  checking: somebody took it.  confirmed, refuted: the finding.  closed: no more to do.  merged: part of another.
    """

    LIFE = Graph(
        "new",
        {
            "new": ("checking", "confirmed", "refuted", "closed", "merged"),
            "checking": ("new", "confirmed", "refuted", "closed", "merged"),
            "confirmed": ("checking", "refuted", "closed", "merged"),
            "refuted": ("checking", "confirmed", "closed", "merged"),
            "closed": ("checking",),
            "merged": ("new",),
        },
    )

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    cluster = models.CharField(max_length=40)  # its name in the grouping; new sightings of it come here
    state = models.CharField(max_length=20, default=LIFE.start)
    title = models.CharField(
        _("What it is about"), max_length=200
    )  # the words that weigh most, until a person names it
    named = models.BooleanField(default=False)  # a person gave the title
    words = models.JSONField(default=list)  # [word, weight], heaviest first: why these belong together
    place = models.CharField(_("Where"), max_length=200, blank=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # when the first of them reached us
    size = models.PositiveIntegerField(default=0)  # sightings, duplicates counted
    authors = models.PositiveIntegerField(default=0)  # different pseudonyms
    score = models.FloatField(default=0.0)  # order of the board, with its reasons beside it
    reasons = models.JSONField(default=list)  # reason codes with their numbers
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)  # first confirmed or refuted
    tell_at = models.DateTimeField(null=True)  # who triages is still to be told that it rises, from then on
    changed_at = models.DateTimeField()

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "-last_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["agency", "cluster"], name="one_event_a_cluster")]
        indexes = [
            models.Index(fields=["agency", "state", "-score"], name="event_board"),
            models.Index(fields=["tell_at"], condition=models.Q(tell_at__isnull=False), name="event_to_tell"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """Its name in the trail, in escalations and in holds."""
        return f"event:{self.pk}"


class Assessment(models.Model):
    """What somebody found out about an event: source A to F, information 1 to 6 (the NATO or Admiralty grades), and from where else."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="assessments")
    verdict = models.CharField(max_length=20)  # checking, confirmed, refuted, closed
    source_grade = models.CharField(_("Source"), max_length=1, blank=True)
    content_grade = models.CharField(_("Information"), max_length=1, blank=True)
    corroboration = models.TextField(_("Confirmed from elsewhere by"), blank=True)
    text = models.TextField(_("What was found"), blank=True)
    checked = models.JSONField(default=list)  # which points of the checklist were done
    searched = models.JSONField(default=list)  # sources, their gaps and the span looked at
    useful = models.CharField(max_length=10, blank=True)  # of a closed one: true, false, late
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.event} {self.verdict}"
