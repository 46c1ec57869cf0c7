"""Attestations: documents and links that support one condition each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from callbox.maturity import states
from callbox.maturity.models.sealed import Sealed, SealedQuerySet
from callbox.maturity.scoring import attested, evidence


class AttestationQuerySet(SealedQuerySet["Attestation"]):
    """How attestations are asked for."""

    def counting(self) -> Self:
        """Return those that support a condition now, or will once they are reviewed."""
        return self.filter(state__in=["proposed", "reviewed"])

    def reviewed(self) -> Self:
        """Return those a second person has accepted."""
        return self.filter(state="reviewed")

    def to_review(self, *, by: Any) -> Self:
        """Return those that wait for a second person, leaving out the ones `by` owns or proposed."""
        return self.filter(state="proposed").exclude(owner=by).exclude(proposed_by=by)

    def overdue(self, today: date) -> Self:
        """Return reviewed ones whose last day has passed."""
        return self.reviewed().filter(expires_on__lt=today)


class Attestation(Sealed):
    """A document or link that supports one condition for a stated period. Replaced, never edited."""

    LIFE = states.ATTESTATION

    condition = models.CharField(max_length=80, db_index=True)
    practice = models.CharField(max_length=8, db_index=True)
    title = models.CharField(max_length=200)
    link = models.URLField(max_length=500, blank=True)
    document = models.CharField(max_length=300, blank=True)  # in the store
    document_name = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(default=0)
    value = models.FloatField(null=True, blank=True)  # for attested numbers
    begins = models.DateField()
    ends = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)  # last day it counts, known once it is reviewed
    state = models.CharField(max_length=16, default=LIFE.start, db_index=True)
    why = models.TextField(blank=True)  # of the latest refusal or withdrawal
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")

    objects = AttestationQuerySet.as_manager()

    class Meta:
        ordering = [F("expires_on").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewer=None) | (~Q(reviewer=F("owner")) & ~Q(reviewer=F("proposed_by"))),
                name="nobody_reviews_their_own_attestation",
            ),
            models.CheckConstraint(condition=~Q(link="", document=""), name="an_attestation_has_a_document_or_a_link"),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=F("begins")), name="an_attestation_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def last_day(self, reviewed_on: date) -> date:
        """Return the last day it counts when it is reviewed on `reviewed_on`: its own end or twelve months, whichever comes first."""
        return attested.last_day(replace(self.plain(), reviewed_on=reviewed_on))

    def plain(self) -> evidence.Attestation:
        """Return it as the value that scoring reads: it knows people by their names, and two of one name are two."""
        owner, reviewer = str(self.owner), str(self.reviewer) if self.reviewer else ""
        if reviewer.strip().casefold() == owner.strip().casefold() and self.reviewer:
            reviewer = f"{reviewer} ({self.reviewer.email})"
        return evidence.Attestation(
            condition=self.condition,
            title=self.title,
            owner=owner,
            begins=self.begins,
            ends=self.ends,
            link=self.link or None,
            sha256=self.sha256 or None,
            reviewer=reviewer if self.state == "reviewed" else None,
            reviewed_on=self.reviewed_at.date() if self.reviewed_at and self.state == "reviewed" else None,
            value=self.value,
        )


class Reminder(Sealed):
    """The owner was reminded of an attestation that will expire; one row a step, so that nobody is reminded twice."""

    attestation = models.ForeignKey(Attestation, on_delete=models.CASCADE, related_name="reminders")
    step = models.PositiveSmallIntegerField()  # days before
    at = models.DateTimeField()

    objects = SealedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attestation", "step"], name="one_reminder_a_step")]

    def __str__(self) -> str:
        return f"{self.attestation_id}: {self.step}"
