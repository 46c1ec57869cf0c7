"""Hiding a comment: with a ground, a copy, word to its author, and a way to object."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.core.state import Graph
from callbox.networks.models import Item
from callbox.people.models import Agency, OfAgencyQuerySet


class HidingQuerySet(OfAgencyQuerySet["Hiding"]):
    """How hidings are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the hidings of one agency."""
        return self.filter(agency=agency)

    def appealed(self) -> Self:
        """Return those whose author objects and waits, the oldest first."""
        return self.filter(state="appealed").order_by("appealed_at")


class Hiding(models.Model):
    """One comment that an officer hid.

    hidden: out of sight where the network lets us.  appealed: its author objects.  upheld / restored: a second person decided; restored
    is also how an officer undoes a mistake. ground: one of governance's written grounds, never a viewpoint.
    """

    LIFE = Graph(
        "hidden",
        {
            "hidden": ("appealed", "restored"),
            "appealed": ("upheld", "restored"),
            "upheld": ("restored",),
            "restored": (),
        },
    )

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="hidings")
    ground = models.CharField(_("Ground"), max_length=40)
    why = models.CharField(_("What in it falls under this ground?"), max_length=500)
    snapshot = models.JSONField(default=dict)  # the comment as it was: text, author, address, time
    snapshot_digest = models.CharField(max_length=64)
    took_effect = models.BooleanField(default=False)  # whether the network hides it, or can only be asked to
    state = models.CharField(max_length=20, default=LIFE.start)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)  # when the author was told, with the way to object
    secret_digest = models.CharField(max_length=64, unique=True)  # of the address on which the author objects
    appeal = models.TextField(blank=True)
    appealed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_why = models.CharField(max_length=500, blank=True)

    objects = HidingQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=~models.Q(state="restored"), name="one_standing_hiding_an_item"
            )
        ]

    def __str__(self) -> str:
        return f"hiding {self.pk}"
