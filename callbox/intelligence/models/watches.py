"""A watch is a permission: for what purpose, on what basis, where, for which words, allowed by whom, from when to when."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.core.state import Graph
from callbox.intelligence.models.sources import Source
from callbox.people.models import Agency, OfAgencyQuerySet


class WatchQuerySet(OfAgencyQuerySet["Watch"]):
    """How watches are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the watches of one agency."""
        return self.filter(agency=agency)

    def running(self, at: datetime) -> Self:
        """Return those that are allowed at this moment; whoever stores something asks `services.watches.permits` besides."""
        return self.filter(state="allowed", starts__lte=at, ends__gt=at)


class Watch(models.Model):
    """One watch. The words that count are those of its newest version; allowing is bound to that version's digest.

    draft: being written.  stopped: its words touch what law protects, a legal adviser must sign first.  submitted: waits for somebody
    other than its author.  allowed: listens between start and end.  ended: stopped by a person, or past its end.  refused: never listens.
    """

    LIFE = Graph(
        "draft",
        {
            "draft": ("stopped", "submitted", "refused"),
            "stopped": ("draft", "submitted", "refused"),
            "submitted": ("draft", "allowed", "refused"),
            "allowed": ("ended",),
            "refused": ("draft",),
            "ended": (),
        },
    )

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, default=LIFE.start)
    why = models.CharField(max_length=500, blank=True)  # what was said when it was sent back, refused or ended
    starts = models.DateTimeField(null=True)  # copied from the version that was allowed
    ends = models.DateTimeField(null=True)
    sources = models.ManyToManyField(Source, related_name="watches", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = WatchQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        indexes = [models.Index(fields=["agency", "state", "ends"], name="watch_of_agency")]

    def __str__(self) -> str:
        return f"watch {self.pk}"

    @property
    def subject(self) -> str:
        """Its name in approvals and the trail."""
        return f"watch:{self.pk}"

    @property
    def newest(self) -> WatchVersion:
        """The version that counts."""
        return self.versions.order_by("-number")[0]


class WatchVersion(models.Model):
    """One saving of a watch. Immutable."""

    watch = models.ForeignKey(Watch, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(_("Name"), max_length=120)
    purpose = models.TextField(_("Purpose"))
    basis = models.CharField(_("Lawful basis"), max_length=40)  # from bases.yaml
    reference = models.CharField(_("Case or plan number"), max_length=60, blank=True)
    area = models.CharField(_("Area"), max_length=200)  # in words, as a resident would say it
    query = models.TextField(_("Words to listen for"))
    languages = models.JSONField(default=list)  # BCP 47 primary tags; empty: any
    sources = models.JSONField(default=list)  # primary keys
    starts = models.DateTimeField(_("From"))
    ends = models.DateTimeField(_("Until"))
    findings = models.JSONField(default=list)  # what the safeguards found in it, as reason codes with their places
    digest = models.CharField(max_length=64)  # SHA-256 over all of the above
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["watch", "number"]
        constraints = [models.UniqueConstraint(fields=["watch", "number"], name="one_watch_version_a_number")]

    def __str__(self) -> str:
        return self.title


class SignOff(models.Model):
    """A legal adviser's word about a watch that touches what law protects, bound to the digest of the version it is about."""

    watch = models.ForeignKey(Watch, on_delete=models.PROTECT, related_name="sign_offs")
    digest = models.CharField(max_length=64)
    lawful = models.BooleanField()
    reason = models.TextField(_("Reason in law"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.watch} {self.at:%Y-%m-%d}"
