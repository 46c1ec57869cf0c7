"""How listening stands between a source and the log: who listens, what is on its way, and what could not be kept."""

from __future__ import annotations

from django.db import models

from callbox.intelligence.models.sources import Source
from callbox.people.models import Agency, OfAgencyQuerySet


class Listening(models.Model):
    """Which worker listens to a source, and what it appended lately. One row a source; a worker that died loses it at `until`."""

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="listening")
    worker = models.CharField(max_length=32, blank=True)
    until = models.DateTimeField()
    on_the_way = models.JSONField(
        default=dict
    )  # key of a post -> when it was appended and by which pseudonym, until it is kept: its deletion is waited for

    def __str__(self) -> str:
        return f"{self.source} by {self.worker}"


class SetAside(models.Model):
    """An entry of the log that could not be kept, however often it was tried. Nothing of it is lost: `data` can be appended again."""

    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, related_name="+"
    )  # null: it could not be read
    entry = models.CharField(max_length=64, unique=True)
    data = models.BinaryField()  # as it stood in the log: pseudonyms and sealed names
    why = models.CharField(max_length=200)
    at = models.DateTimeField()

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.entry}: {self.why}"
