"""What an agency states about itself: levels it believes it has, levels it wants, practices it leaves out."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from callbox.maturity import states
from callbox.maturity.models.sealed import Sealed, SealedQuerySet
from callbox.maturity.scoring import evidence


class DeclarationQuerySet(SealedQuerySet["SelfDeclaration"]):
    """How declared levels are asked for."""

    def levels(self) -> dict[str, int]:
        """Return the newest declared level by practice id."""
        return dict(self.order_by("pk").values_list("practice", "level"))


class SelfDeclaration(Sealed):
    """The level somebody of the agency believes a practice has. Shown beside the measured one, never scored; the newest row counts."""

    practice = models.CharField(max_length=8)
    level = models.PositiveSmallIntegerField(validators=[MaxValueValidator(5)])
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["agency", "practice"])]

    def __str__(self) -> str:
        return f"{self.practice}: {self.level}"


class AreaStatementQuerySet(SealedQuerySet["AreaStatement"]):
    """How statements about an area are asked for."""

    def practised(self, area: str) -> bool:
        """Whether the agency practises `area`; so it is until it says otherwise."""
        newest = self.filter(area=area).order_by("-pk").first()
        return newest is None or newest.practised


class AreaStatement(Sealed):
    """Whether the agency practises an area at all (model rule 7 allows that question for Intelligence alone). The newest row counts."""

    area = models.CharField(max_length=20)
    practised = models.BooleanField()
    why = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = AreaStatementQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.area}: {'practised' if self.practised else 'not practised'}"


class ExemptionQuerySet(SealedQuerySet["Exemption"]):
    """How exemptions are asked for."""

    def counting(self, today: date) -> Self:
        """Return the approved ones whose end lies ahead."""
        return self.filter(state="approved", ends__gte=today)

    def open(self) -> Self:
        """Return the ones that count or wait for an approver."""
        return self.filter(state__in=["requested", "approved"])


class Exemption(Sealed):
    """A practice left out of its area, with reason, approver and end (model rule 9)."""

    LIFE = states.EXEMPTION

    practice = models.CharField(max_length=8)
    why = models.TextField()
    ends = models.DateField()
    last_measured = models.PositiveSmallIntegerField(
        default=0
    )  # the area never exceeds its level with the practice at this one
    state = models.CharField(max_length=16, default=LIFE.start)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = ExemptionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approver=None) | ~Q(approver=F("requested_by")), name="nobody_approves_their_own_exemption"
            )
        ]

    def __str__(self) -> str:
        return f"{self.practice} until {self.ends}"

    def plain(self) -> evidence.Exemption:
        """Return it as the value that scoring reads."""
        return evidence.Exemption(
            practice=self.practice,
            why=self.why,
            approver=str(self.approver),
            ends=self.ends,
            last_measured=self.last_measured,
        )


class Target(Sealed):
    """The level an agency wants a practice to reach, and by when."""

    practice = models.CharField(max_length=8)
    level = models.PositiveSmallIntegerField(validators=[MaxValueValidator(5)])
    due = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = SealedQuerySet.as_manager()

    class Meta:
        ordering = ["due", "pk"]
        constraints = [models.UniqueConstraint(fields=["agency", "practice"], name="one_target_a_practice")]

    def __str__(self) -> str:
        return f"{self.practice}: {self.level} by {self.due}"
