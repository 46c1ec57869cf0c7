"""Where a watch may listen: public sources, each with its terms written down, a sign of life and an alarm for silence."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.core.state import Graph
from callbox.people.models import Agency, OfAgencyQuerySet


class SourceKind(models.TextChoices):
    """What speaks there."""

    JETSTREAM = "jetstream", _("Bluesky, as JSON (Jetstream)")
    FIREHOSE = "firehose", _("Bluesky, repository events (firehose)")
    MASTODON = "mastodon", _("Mastodon, public stream")
    FEED = "feed", _("A feed (RSS or Atom)")


class SourceQuerySet(OfAgencyQuerySet["Source"]):
    """How sources are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the sources of one agency."""
        return self.filter(agency=agency)

    def open(self) -> Self:
        """Return those that may be listened to."""
        return self.filter(state="open")


class Source(models.Model):
    """One public source of an agency. Its terms are written down first: without a review date ahead it is not listened to."""

    LIFE = Graph("open", {"open": ("closed",), "closed": ("open",)})

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("Kind"), max_length=20, choices=SourceKind)
    title = models.CharField(_("Name"), max_length=120)
    address = models.CharField(_("Address"), max_length=500)
    secrets = models.TextField(blank=True)  # sealed (core.secrets), where the server asks for a token
    rights = models.TextField(_("What its terms allow"))  # in words, with the version read
    rights_until = models.DateField(_("Terms to be read again by"))
    state = models.CharField(max_length=20, default=LIFE.start)
    cursor = models.TextField(blank=True)  # moved only behind what is safely in the log
    heard_at = models.DateTimeField(null=True)  # last sign of life, a post or not
    post_at = models.DateTimeField(null=True)  # last post that passed, matched or not
    tried_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=500, blank=True)  # what it answered when it last failed
    hours = models.JSONField(default=dict)  # what is usual in which hour of the week, learned (services.heartbeat)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [models.UniqueConstraint(fields=["agency", "kind", "address"], name="one_source_an_address")]

    def __str__(self) -> str:
        return self.title


class Silence(models.Model):
    """A span in which a source was silent although it should have spoken; findings name it as a gap."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="silences")
    began_at = models.DateTimeField()
    noticed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    expected = models.FloatField(null=True)  # posts in the span, by what is usual; null: not even a sign of life
    heard = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-began_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.source} since {self.began_at:%Y-%m-%d %H:%M}"
