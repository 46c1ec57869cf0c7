"""An item: one public post or message collected from a network, with where it came from."""

from __future__ import annotations

from typing import Self

from django.db import models

from callbox.networks.connections.models import Connection
from callbox.people.models import Agency, OfAgencyQuerySet


class ItemQuerySet(OfAgencyQuerySet["Item"]):
    """How items are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the items of one agency."""
        return self.filter(agency=agency)

    def incoming(self) -> Self:
        """Return what people said to the agency."""
        return self.filter(own=False, automatic=False)

    def own_posts(self) -> Self:
        """Return what the agency's accounts posted, by Callbox or outside it."""
        return self.filter(own=True)


class Item(models.Model):
    """One thing seen on a network; unique by connection and the network's own id, so that collecting twice stores once."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="items")
    remote_id = models.CharField(max_length=500)
    thread = models.CharField(max_length=500)
    parent = models.CharField(max_length=500, blank=True)
    own = models.BooleanField(default=False)
    repost = models.BooleanField(default=False)
    door = models.CharField(max_length=10, default="mention")
    author = models.CharField(max_length=300, blank=True)
    author_name = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=1000, blank=True)
    language = models.CharField(max_length=35, blank=True)
    at = models.DateTimeField()
    seen_at = models.DateTimeField()  # when it was collected first
    images = models.PositiveSmallIntegerField(default=0)
    images_described = models.PositiveSmallIntegerField(default=0)
    videos = models.PositiveSmallIntegerField(default=0)
    videos_captioned = models.PositiveSmallIntegerField(default=0)
    likes = models.PositiveIntegerField(null=True)
    reposts = models.PositiveIntegerField(null=True)
    replies = models.PositiveIntegerField(null=True)
    revision = models.CharField(max_length=100, blank=True)
    automatic = models.BooleanField(default=False)  # absence notices, letters that came back: nobody's question
    gone_at = models.DateTimeField(null=True)  # the network no longer shows it

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["connection", "remote_id"], name="one_item_a_remote_id")]
        indexes = [
            models.Index(fields=["agency", "own", "at"], name="item_of_agency"),
            models.Index(fields=["connection", "thread"], name="item_thread"),
        ]

    def __str__(self) -> str:
        return f"{self.connection}: {self.remote_id}"
