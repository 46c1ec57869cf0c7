"""A prevention campaign: messages with a question that was asked before the first of them went out."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.people.models import Agency, OfAgencyQuerySet


class CampaignQuerySet(OfAgencyQuerySet["Campaign"]):
    """How campaigns are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the campaigns of one agency."""
        return self.filter(agency=agency)


class Campaign(models.Model):
    """What the messages should change, how that is measured, against what, and what came of it: an effect, none, or not to be told.

    The question, the baseline and the comparison are written before the first message leaves and are fixed from then on.
    """

    class Result(models.TextChoices):
        """What the numbers said."""

        EFFECT = "effect", _("A difference that the numbers bear out")
        NONE = "none", _("No difference that the numbers bear out")
        UNTOLD = "untold", _("The numbers cannot tell")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("Name"), max_length=120)
    question = models.CharField(_("What should change?"), max_length=300)
    measure = models.CharField(_("What is counted?"), max_length=200)
    source = models.CharField(_("Where does the count come from?"), max_length=200)
    baseline = models.PositiveIntegerField(_("Count in the same span before"))
    comparison = models.CharField(
        _("Compared with which place or group that does not get the messages?"), max_length=300
    )
    comparison_baseline = models.PositiveIntegerField(_("Count there in the span before"))
    begins = models.DateField(_("First day"))
    ends = models.DateField(_("Last day"))
    count = models.PositiveIntegerField(_("Count in the span"), null=True, blank=True)
    comparison_count = models.PositiveIntegerField(_("Count there in the span"), null=True, blank=True)
    result = models.CharField(max_length=10, choices=Result, blank=True)
    learned = models.TextField(_("What was learned"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-begins", "-pk"]

    def __str__(self) -> str:
        return self.name
