"""The agency's own newsroom: every message it published there, with each of its corrections kept."""

from __future__ import annotations

from typing import Self

from django.db import models

from callbox.networks.connections.models import Connection
from callbox.networks.vocabulary import Rendition
from callbox.people.models import Agency, OfAgencyQuerySet


class EntryQuerySet(OfAgencyQuerySet["Entry"]):
    """How entries are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the entries of one agency."""
        return self.filter(agency=agency)

    def current(self) -> Self:
        """Return the newest edition of every entry, withdrawn ones too: they say that they were withdrawn."""
        return self.filter(followed_by=None)


class Entry(models.Model):
    """One edition of one entry. An edition is never changed: a correction is the next edition, a withdrawal too."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="+")
    slug = models.CharField(max_length=32)  # the entry's public name: the key of its first delivery
    edition = models.PositiveIntegerField(default=1)
    key = models.CharField(
        max_length=32, unique=True
    )  # of the delivery that wrote it: written once, however often it is tried
    rendition = models.JSONField(default=dict)  # networks.vocabulary.Rendition
    withdrawn = models.BooleanField(default=False)
    at = models.DateTimeField()
    document = models.TextField(blank=True)  # what was signed, byte for byte: newsroom.entries
    signature = models.CharField(max_length=100, blank=True)  # Ed25519 over it, base64
    signer = models.CharField(max_length=60, blank=True)  # the public key, core.signing
    follows = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="followed_by")

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "slug", "edition"], name="one_entry_an_edition"),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.edition}"

    @property
    def shown(self) -> Rendition:
        """The rendition as a value."""
        return Rendition.from_plain(self.rendition)
