"""Agreements: what may be shared with a partner, for what purpose, until when. No row crosses without one that stands."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.collaboration.models.partners import Partner
from callbox.core.state import Graph
from callbox.people.models import Agency, OfAgencyQuerySet


class AgreementQuerySet(OfAgencyQuerySet["Agreement"]):
    """How agreements are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the agreements of one agency."""
        return self.filter(agency=agency)

    def standing(self, on: date) -> Self:
        """Return those that allow sharing on this day."""
        return self.filter(state="signed", starts__lte=on, ends__gte=on, partner__state="standing")


class Agreement(models.Model):
    """One agreement with one partner, signed by somebody other than who wrote it. An expired one blocks; a new one is a new row."""

    LIFE = Graph("draft", {"draft": ("signed", "ended"), "signed": ("ended",), "ended": ()})

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="agreements")
    state = models.CharField(max_length=20, default=LIFE.start)
    purpose = models.TextField(_("Purpose"))
    scope = models.JSONField(_("What may be shared"), default=list)  # kinds: "message", "alert", "event"
    label = models.CharField(
        _("At most"), max_length=20, default="green"
    )  # TLP 2.0: clear, green, amber, amber+strict, red
    document = models.CharField(_("Where the paper is"), max_length=300, blank=True)
    starts = models.DateField(_("From"))
    ends = models.DateField(_("Until"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)  # why it was ended before its time

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["-ends", "-pk"]

    def __str__(self) -> str:
        return f"{self.partner} until {self.ends}"

    @property
    def subject(self) -> str:
        """Its name in the trail and in holds."""
        return f"agreement:{self.pk}"
