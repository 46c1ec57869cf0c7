"""The way an agency chose: the wish, its steps with their dates, and the hours it reckons with itself."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from callbox.maturity.models.assessments import Assessment
from callbox.maturity.models.sealed import Sealed, SealedQuerySet
from callbox.maturity.roadmap.steps import Effort, Step


class PlanQuerySet(SealedQuerySet["Plan"]):
    """How plans are asked for."""

    def active(self) -> Self:
        """Return the ones that were not replaced or ended; an agency has one at most."""
        return self.filter(ended_at=None)


class Plan(Sealed):
    """A chosen roadmap. It is replaced, never edited; only its steps get owners and ticks."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="plans")
    model_version = models.CharField(max_length=40)
    areas = models.JSONField(default=dict)  # area -> level wished for
    budget = models.PositiveIntegerField(validators=[MinValueValidator(1)])  # hours a month
    begins = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency"], condition=models.Q(ended_at=None), name="one_active_plan_an_agency"
            )
        ]

    def __str__(self) -> str:
        return f"plan {self.pk}"


class PlannedStep(Sealed):
    """One step of a plan. hours: once; monthly: to hold it afterwards; shows_on: first day on which the record can show it."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    practice = models.CharField(max_length=8)
    level = models.PositiveSmallIntegerField(validators=[MaxValueValidator(5)])
    hours = models.FloatField()
    monthly = models.FloatField()
    begins = models.DateField()
    ends = models.DateField()
    shows_on = models.DateField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    done_on = models.DateField(null=True)

    objects = SealedQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "position"]
        constraints = [models.UniqueConstraint(fields=["plan", "practice", "level"], name="one_step_a_plan_and_level")]

    def __str__(self) -> str:
        return f"{self.practice} to level {self.level}"


class OwnEffortQuerySet(SealedQuerySet["OwnEffort"]):
    """How an agency's own hours are asked for."""

    def by_step(self) -> dict[Step, Effort]:
        """Return them as the solver reads them."""
        rows = self.values_list("practice", "level", "hours", "monthly")
        return {Step(practice, level): Effort(hours, monthly) for practice, level, hours, monthly in rows}


class OwnEffort(Sealed):
    """The hours an agency itself reckons with for one step, instead of the shipped estimate."""

    practice = models.CharField(max_length=8)
    level = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    hours = models.FloatField(validators=[MinValueValidator(0)])
    monthly = models.FloatField(validators=[MinValueValidator(0)])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OwnEffortQuerySet.as_manager()

    class Meta:
        ordering = ["practice", "level"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "practice", "level"], name="one_effort_an_agency_and_step")
        ]

    def __str__(self) -> str:
        return f"{self.practice} to level {self.level}: {self.hours} h"
