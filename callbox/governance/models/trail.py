"""Rows of the audit chain. They are written by `callbox.governance.audit` alone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.people.models import Agency, OfAgencyQuerySet, User


class AuditEvent(models.Model):
    """Something a person or the system did. Unsealed while `sequence` is null; after that a link of the installation's one chain."""

    nonce = models.CharField(
        max_length=32, unique=True
    )  # 128 random bits: its digest says nothing about a guessable event
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("When"))  # UTC, to the millisecond
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(_("Who"), max_length=300)  # as it was then
    action = models.CharField(_("What"), max_length=60)
    target = models.CharField(_("Of what"), max_length=200)
    data = models.JSONField(default=dict)
    transaction = models.BigIntegerField(default=0)  # its number where the engine counts them (`audit.record`)
    event_digest = models.CharField(max_length=64)  # SHA-256 of the event itself
    sequence = models.BigIntegerField(null=True, unique=True)
    chain_digest = models.CharField(max_length=64, blank=True)  # SHA-256 over the link before, the place and the event

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["agency", "-at"], name="audit_of_agency"),
            models.Index(fields=["id"], condition=models.Q(sequence__isnull=True), name="audit_unsealed"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.by_name}: {self.action} {self.target}"


class AuditHead(models.Model):
    """The end of the chain: one row, locked by the sealer, and what tells a cut-off chain from a whole one."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(default=0)
    chain_digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.sequence} {self.chain_digest}"
