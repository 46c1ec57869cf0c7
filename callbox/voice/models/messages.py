"""Messages and their versions: a stored version is never edited."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.core.state import Graph
from callbox.networks.vocabulary import Content
from callbox.people.models import Agency, OfAgencyQuerySet
from callbox.voice.models.campaigns import Campaign


class MessageQuerySet(OfAgencyQuerySet["Message"]):
    """How messages are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the messages of one agency."""
        return self.filter(agency=agency)

    def to_approve(self) -> Self:
        """Return those that wait for a second person."""
        return self.filter(state="submitted")


class Message(models.Model):
    """Something the agency says.

    draft: being written.  submitted: waits for a second person.  approved: leaves at its hour.  out: every delivery is settled, one at
    least was sent.  expired: nobody approved it before its hour, or no
    network took it.  withdrawn: taken back everywhere it could be.  dropped: never sent.
    """

    LIFE = Graph(
        "draft",
        {
            "draft": ("submitted", "dropped"),
            "submitted": ("draft", "approved", "expired", "dropped"),
            "approved": ("draft", "out", "dropped", "expired"),
            "out": ("withdrawn",),
            "expired": ("draft", "dropped", "approved"),  # a person had sent again what no network had taken
            "withdrawn": (),
            "dropped": ("draft",),
        },
    )

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="messages")
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    state = models.CharField(max_length=20, default=LIFE.start)
    why = models.CharField(
        max_length=500, blank=True
    )  # what the approver wrote when sending it back, or why it expired
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        indexes = [models.Index(fields=["agency", "state"], name="message_of_agency")]

    def __str__(self) -> str:
        return f"message {self.pk}"

    @property
    def subject(self) -> str:
        """Its name in approvals, deliveries and the trail."""
        return f"message:{self.pk}"

    @property
    def newest(self) -> Version:
        """The version that counts."""
        return self.versions.order_by("-number")[0]


class Version(models.Model):
    """One saving of a message: the words, the media, the accounts, the hour. Immutable."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField(default=dict)  # networks.vocabulary.Content
    accounts = models.JSONField(default=list)  # ["<network>:<handle>", ...]
    due = models.DateTimeField(_("Leaves at"), null=True)  # null: as soon as it is approved
    expires = models.DateTimeField(_("Not after"), null=True)
    digest = models.CharField(max_length=64)  # SHA-256 over all of the above
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["message", "number"]
        constraints = [models.UniqueConstraint(fields=["message", "number"], name="one_version_a_number")]

    def __str__(self) -> str:
        return f"{self.message} version {self.number}"

    @property
    def written(self) -> Content:
        """The content as a value."""
        return Content.from_plain(self.content)


class MediaFile(models.Model):
    """An image or video of the agency: cleaned of hidden data, kept once under the SHA-256 of the bytes that are sent."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=8)  # image, video, captions
    type = models.CharField(max_length=60)  # MIME
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=120)  # as its owner knows it
    place = models.CharField(max_length=300)  # below MEDIA_ROOT
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["agency", "sha256"], name="one_file_a_digest")]

    def __str__(self) -> str:
        return self.name
