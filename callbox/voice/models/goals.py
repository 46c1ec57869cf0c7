"""Why the agency speaks: the answers of its first week, and goals that can be shown to be reached or missed."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.people.models import Agency, OfAgencyQuerySet


class GoalQuerySet(OfAgencyQuerySet["Goal"]):
    """How goals are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the goals of one agency."""
        return self.filter(agency=agency)


class Goal(models.Model):
    """One goal. It cannot be kept without a baseline, a source and a review date (IACP measurement fact sheet, 2011)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    says = models.CharField(_("What should be different?"), max_length=300)
    serves = models.CharField(_("Which goal of the agency does it serve?"), max_length=300)
    audience = models.CharField(_("Whom should it reach?"), max_length=300)
    measure = models.CharField(_("What is counted?"), max_length=200)
    unit = models.CharField(_("Unit"), max_length=40)
    baseline = models.DecimalField(_("Where it stands today"), max_digits=12, decimal_places=2)
    target = models.DecimalField(_("Where it should stand"), max_digits=12, decimal_places=2)
    by_when = models.DateField(_("By when"))
    source = models.CharField(_("Where does the figure come from?"), max_length=200)
    review_every = models.PositiveSmallIntegerField(_("Looked at every … days"))
    review_on = models.DateField(_("Next look"))
    owner = models.CharField(_("Who answers for it"), max_length=120)
    ended = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["by_when", "pk"]

    def __str__(self) -> str:
        return self.says


class GoalReview(models.Model):
    """One look at a goal: the figure found, and what was changed because of it."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="reviews")
    value = models.DecimalField(_("Figure found"), max_digits=12, decimal_places=2)
    note = models.CharField(_("What we changed because of it"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.goal}: {self.value}"


class Answer(models.Model):
    """One answer of the first-week guide. Every saving is a row; the newest counts."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=60)  # of voice/guide.yaml
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.question
