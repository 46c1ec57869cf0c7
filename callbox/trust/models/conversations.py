"""A conversation: one resident's thread, whatever door it came through, with one owner at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from callbox.core.state import Graph
from callbox.networks.models import Connection, Delivery, Item
from callbox.people.models import Agency, Beat, Membership, OfAgencyQuerySet, User
from callbox.people.roles import ALLOWED, Action

#: A claim in which the resident waits longer than a shift is forgotten; with words of danger, after this.
FORGOTTEN: Final = timedelta(hours=8)
FORGOTTEN_URGENT: Final = timedelta(minutes=15)
#: States of a delivery in which its resident has not got the answer, and will not unless a person does something.
NOT_THERE: Final = ("refused", "unclear", "held", "late", "given-up")


class ConversationQuerySet(OfAgencyQuerySet["Conversation"]):
    """How conversations are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the conversations of one agency."""
        return self.filter(agency=agency)

    def waiting(self) -> Self:
        """Return those in which a resident waits, urgent ones first, then the longest wait."""
        rows = self.filter(state__in=("new", "claimed"), waits_since__isnull=False)
        return rows.order_by("-urgent", "waits_since", "pk")

    def owned_by(self, user: User) -> Self:
        """Return those that `user` has claimed."""
        return self.filter(owner=user, state="claimed")

    def forgotten(self, now: datetime) -> Self:
        """Return claims that anybody may take over: the owner may not answer here any more, or has let somebody wait too long."""
        answering = Membership.objects.filter(
            agency=OuterRef("agency"), user=OuterRef("owner"), user__is_active=True, role__in=ALLOWED[Action.ANSWER]
        )
        long = _held_since(now - FORGOTTEN) | (Q(urgent=True) & _held_since(now - FORGOTTEN_URGENT))
        return self.filter(state="claimed").filter(long | ~Exists(answering))

    def undelivered(self) -> Self:
        """Return those that count as answered and whose newest answer has not reached the resident."""
        there = Line.objects.filter(conversation=OuterRef("conversation"), kind="answer", pk__gt=OuterRef("pk")).filter(
            Q(delivery=None) | ~Q(delivery__state__in=NOT_THERE)
        )
        lost = Line.objects.filter(kind="answer", delivery__state__in=NOT_THERE).exclude(Exists(there))
        return self.filter(state="answered", pk__in=lost.values("conversation"))


def _held_since(moment: datetime) -> Q:
    """Claimed before `moment`, with nobody waiting in it, or somebody who has waited since before `moment` too."""
    return Q(claimed_at__lt=moment) & (Q(waits_since=None) | Q(waits_since__lt=moment))


class Conversation(models.Model):
    """One thread with one resident.

    new: nobody has taken it.  claimed: its owner works on it.  answered: the resident has the last word of ours.  closed: nothing more
    is expected. Whatever the resident writes next makes it new again (or claimed, while its owner is still there).
    door: comment, mention, message, enquiry.  urgent: words of danger in it, or an officer said so; only ever moves it up in the list.
    answerable: a person's label (model 7.8), null while nobody has said.  Times of the measures: opened_at, replied_at (first answer by
    a person), acknowledged_at (first automatic receipt, never counted as an answer).
    """

    LIFE = Graph(
        "new",
        {
            "new": ("claimed", "closed"),
            "claimed": ("new", "answered", "closed"),
            "answered": ("new", "claimed", "closed"),
            "closed": ("new", "claimed"),
        },
    )

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    connection = models.ForeignKey(
        Connection, on_delete=models.PROTECT, null=True, related_name="+"
    )  # null: the portal
    thread = models.CharField(max_length=500)  # the network's thread; for the portal the digest of the receipt
    door = models.CharField(max_length=10)
    topic = models.CharField(_("About"), max_length=200, blank=True)
    person = models.CharField(max_length=300, blank=True)  # handle as the network shows it; empty for the portal
    beat = models.ForeignKey(Beat, on_delete=models.SET_NULL, null=True, related_name="+")
    language = models.CharField(max_length=35, blank=True)
    state = models.CharField(max_length=20, default=LIFE.start)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    claimed_at = models.DateTimeField(null=True)
    urgent = models.BooleanField(default=False)
    urgent_words = models.JSONField(default=list)  # why: the words found, or who said so
    answerable = models.BooleanField(_("Holds a question, request or report"), null=True)
    labelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    waits_since = models.DateTimeField(null=True)  # the oldest word of the resident that has no answer yet
    replied_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    sealed_address = models.TextField(
        blank=True
    )  # of an enquiry: where the resident wants to be told of the answer; sealed

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-last_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "thread"], name="one_conversation_a_thread"),
            models.UniqueConstraint(
                fields=["agency", "thread"], condition=models.Q(connection=None), name="one_enquiry_a_receipt"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "-urgent", "waits_since"], name="conversation_waiting"),
            # With the topic, so that a search reads the index alone.
            models.Index(fields=["agency", "-last_at", "topic"], name="conversation_newest_words"),
            models.Index(fields=["agency", "state", "-last_at", "topic"], name="conversation_state_words"),
            models.Index(fields=["owner", "state"], name="conversation_of_owner"),
        ]

    def __str__(self) -> str:
        return f"conversation {self.pk}"


class Line(models.Model):
    """One thing said in a conversation, or noted beside it. It is never edited.

    resident: what they wrote.  answer: what an officer answered (its delivery carries it to the network).  note: for colleagues, never
    leaves the desk.  receipt: an automatic acknowledgement.  notice: an officer tells the author of a hidden comment; answers nothing.
    """

    class Kind(models.TextChoices):
        """Who speaks to whom."""

        RESIDENT = "resident", _("Resident")
        ANSWER = "answer", _("Answer")
        NOTE = "note", _("Note")
        RECEIPT = "receipt", _("Receipt")
        NOTICE = "notice", _("Notice")

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField()
    item = models.OneToOneField(Item, on_delete=models.PROTECT, null=True, related_name="line")
    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)  # of an answer: when its resident was told by letter that it is there

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["conversation", "at"], name="line_of_conversation")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
