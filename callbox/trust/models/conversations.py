"""A conversation: one resident's thread, whatever door it came through, with one owner at a time."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.core.state import Graph
from callbox.networks.models import Connection, Delivery, Item
from callbox.people.models import Agency, Beat, OfAgencyQuerySet, User


class ConversationQuerySet(OfAgencyQuerySet["Conversation"]):
    """How conversations are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the conversations of one agency."""
        return self.filter(agency=agency)

    def waiting(self) -> Self:
        """Return those in which a resident waits, urgent ones first, then the longest wait."""
        return self.filter(state__in=("new", "claimed")).order_by("-urgent", "waits_since", "pk")

    def owned_by(self, user: User) -> Self:
        """Return those that `user` has claimed."""
        return self.filter(owner=user, state="claimed")


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
