"""Updates to a victim or caller, asked for by them, by a reference number and nothing else."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.core.state import Graph
from callbox.people.models import Agency, OfAgencyQuerySet


class CaseQuerySet(OfAgencyQuerySet["Case"]):
    """How cases are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the cases of one agency."""
        return self.filter(agency=agency)

    def owed(self) -> Self:
        """Return those whose caller is owed word and had none, the longest wait first."""
        return self.filter(state="open", told_at=None).order_by("eligible_at", "pk")


class Case(models.Model):
    """One report whose caller may look up how it stands. The text of a case is never kept here, only what the caller may read.

    kind: from the written list of operations; those that are excluded (domestic violence, sexual assault, danger in progress) never get
    a row: there is nothing to look up, nothing to send, nothing to find on a shared phone. Only a case that turned out to be of such a
    kind has it, closed for ever, so that the measures can count what went wrong.
    """

    LIFE = Graph("open", {"open": ("closed",), "closed": ("open",)})

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(_("Reference number"), max_length=40)
    kind = models.CharField(_("Kind of report"), max_length=40)
    secret_digest = models.CharField(max_length=64)  # HMAC of the word given to the caller with the number
    state = models.CharField(max_length=20, default=LIFE.start)
    reported_at = models.DateTimeField()
    eligible_at = models.DateTimeField()  # from when the caller is owed word (O5)
    told_at = models.DateTimeField(null=True)  # first update the caller could read
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["agency", "reference"], name="one_case_a_reference")]

    def __str__(self) -> str:
        return self.reference


class Update(models.Model):
    """One thing the caller may read about their case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="updates")
    text = models.TextField(_("What the caller reads"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.case} {self.at:%Y-%m-%d}"
