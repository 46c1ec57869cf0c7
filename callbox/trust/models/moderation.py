"""Hiding a comment: with a ground, a copy, word to its author, and a way to object."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.core.state import Graph
from callbox.networks.models import Item
from callbox.people.models import Agency, OfAgencyQuerySet
from callbox.trust.models.conversations import Line


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
    asked: what became of asking the network; the comment is to be out of sight exactly while the state is not `restored`.
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

    class Asked(models.TextChoices):
        """What became of asking the network to hide the comment, or to show it again."""

        CANNOT = "cannot", _("This network cannot hide comments")
        WAITING = "waiting", _("Not asked yet")
        CALLING = "calling", _("Being asked")
        DONE = "done", _("Done")
        REFUSED = "refused", _("The network did not do it")
        UNCLEAR = "unclear", _("Unclear: the line broke")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="hidings")
    ground = models.CharField(_("Ground"), max_length=40)
    why = models.CharField(_("What in it falls under this ground?"), max_length=500)
    snapshot = models.JSONField(default=dict)  # the comment as it was: text, author, address, time
    snapshot_digest = models.CharField(max_length=64)
    asked = models.CharField(max_length=10, choices=Asked, default=Asked.CANNOT)
    said = models.CharField(max_length=300, blank=True)  # what the network answered when it did not
    called_at = models.DateTimeField(null=True)  # when the network was asked last
    took_effect = models.BooleanField(default=False)  # whether the network hides it, or can only be asked to
    state = models.CharField(max_length=20, default=LIFE.start)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    notice = models.OneToOneField(
        Line, on_delete=models.SET_NULL, null=True, related_name="+"
    )  # what the author was told
    told_at = models.DateTimeField(null=True)  # when the author was told, with the way to object
    secret_digest = models.CharField(max_length=64, unique=True)  # of the address on which the author objects
    appeal = models.TextField(blank=True)
    appealed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_why = models.CharField(max_length=500, blank=True)
    # Of what was upheld: who showed it again all the same. The decision above stays as its author read it.
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_why = models.CharField(max_length=500, blank=True)

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
