"""An assessment: one look at one agency at one moment, and the files it rests on."""

from __future__ import annotations

from functools import cached_property
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from callbox.core.plain import from_plain
from callbox.maturity import states
from callbox.maturity.models.sealed import Sealed, SealedQuerySet
from callbox.maturity.scoring.profile import Profile


class AssessmentQuerySet(SealedQuerySet["Assessment"]):
    """How assessments are asked for."""

    def light(self) -> Self:
        """Leave the profile on disk: lists need its summary only."""
        return self.defer("profile_json", "standing_json", "record", "falls")

    def kept(self) -> Self:
        """Return those that were not withdrawn."""
        return self.exclude(state="withdrawn")

    def scored(self) -> Self:
        """Return those that have a profile, newest first."""
        return self.kept().exclude(profile_json__isnull=True).order_by("-as_of", "-pk")

    def waiting(self) -> Self:
        """Return those a worker may claim, oldest first."""
        return self.filter(state="waiting").order_by("pk")


class Assessment(Sealed):
    """One look at one agency. Frozen, it never changes again; a new look is a new row."""

    LIFE = states.ASSESSMENT

    class Source(models.TextChoices):
        """Where the profile comes from."""

        UPLOAD = "upload", _("Files of the agency's networks")
        OWN_RECORD = "own record", _("What Callbox itself recorded")
        QUICK_CHECK = "quick check", _("Quick check")
        PACK = "pack", _("Imported proof pack")

    title = models.CharField(max_length=120)
    source = models.CharField(max_length=16, choices=Source)
    live = models.BooleanField(default=False)  # what Callbox itself recorded is part of it, as of the last measuring
    state = models.CharField(max_length=16, default=LIFE.start, db_index=True)
    why = models.TextField(blank=True)  # of the latest failure, return or withdrawal, in plain words
    record_agency = models.CharField(max_length=200, blank=True)  # which agency of the files, where they hold several
    choices = models.JSONField(default=list, blank=True)  # the agencies found in the files when a person must choose
    as_of = models.DateTimeField(null=True, blank=True)
    model_version = models.CharField(max_length=40, blank=True)
    profile_json = models.JSONField(null=True, blank=True)
    standing_json = models.JSONField(null=True, blank=True)  # what the agency stated of itself when it was scored
    falls = models.JSONField(default=list, blank=True)  # practices that will fall if nothing more is recorded
    areas = models.JSONField(default=dict, blank=True)  # area -> [shown, at most], for lists
    record = models.JSONField(default=dict, blank=True)  # what was read
    pack = models.CharField(max_length=300, blank=True)  # in the store
    pack_sha256 = models.CharField(max_length=64, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)  # of the key that signed the pack
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    frozen_at = models.DateTimeField(null=True)
    worked_at = models.DateTimeField(null=True)  # a sign of life of the worker that measures it
    bytes_done = models.BigIntegerField(default=0)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["agency", "-as_of"])]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("assessment", kwargs={"agency": self.agency.slug, "pk": self.pk})

    @cached_property
    def profile(self) -> Profile | None:
        """The profile, or None while nothing was measured."""
        return None if self.profile_json is None else from_plain(Profile, self.profile_json)

    @property
    def measured(self) -> bool:
        """Whether its figures come from a record (a quick check measures nothing)."""
        return self.source != self.Source.QUICK_CHECK

    @property
    def origin(self) -> str:
        """Where the profile comes from, in words."""
        label = self.get_source_display()
        return _("%(files)s, with what Callbox recorded") % {"files": label} if self.live and self.uploaded else label

    @property
    def uploaded(self) -> bool:
        """Whether it rests on files."""
        return self.source == self.Source.UPLOAD

    @property
    def open(self) -> bool:
        """Whether evidence that comes in now still changes it."""
        return self.state == "measured"


class Upload(Sealed):
    """A file that was stored, whole and durably, before it was acknowledged."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=255)  # as the person called it; never used as a path
    path = models.CharField(max_length=300)  # in the store
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    format = models.CharField(max_length=80, blank=True)
    columns = models.JSONField(default=dict, blank=True)  # ledger column -> column of a plain table
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = SealedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class LevelReview(Sealed):
    """A second person looked at one level. It counts while the level is still the one that was looked at (A18)."""

    class Verdict(models.TextChoices):
        """What the second person found."""

        CONFIRMED = "confirmed", _("Confirmed")
        QUESTIONED = "questioned", _("Questioned")

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="level_reviews")
    practice = models.CharField(max_length=8)
    shown = models.PositiveSmallIntegerField(null=True)
    verdict = models.CharField(max_length=12, choices=Verdict)
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = SealedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["assessment", "practice"], name="one_review_a_practice")]

    def __str__(self) -> str:
        return f"{self.practice}: {self.verdict}"
