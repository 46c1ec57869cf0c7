"""Subscriptions by e-mail: confirmed by their owner, ended with one click, the address sealed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Self

from django.db import models

from callbox.core.state import Graph
from callbox.people.models import Agency, OfAgencyQuerySet


class SubscriptionQuerySet(OfAgencyQuerySet["Subscription"]):
    """How subscriptions are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the subscriptions of one agency."""
        return self.filter(agency=agency)

    def confirmed(self) -> Self:
        """Return those that their owner confirmed."""
        return self.filter(state="confirmed")

    def fitting(self, *, languages: Collection[str], urgent: bool, beats: Collection[int] | None = None) -> Self:
        """Return those who want a message in one of these languages, each once; what is urgent goes to everybody.

        beats: ids of those it concerns, with them go who want news of the whole area; None for everybody.
        """
        if urgent:
            return self
        rows = self.filter(urgent_only=False, language__in={tag.partition("-")[0].lower() for tag in languages})
        if beats is None:
            return rows
        wants = models.Q(beats="")
        for number in beats:
            wants |= models.Q(beats__contains=f" {number} ")
        return rows.filter(wants)

    def due_letters(self, now: datetime) -> Self:
        """Return those whose letter asking for confirmation waits to leave."""
        return self.filter(letter_due__lte=now).order_by("letter_due", "pk")


class Subscription(models.Model):
    """One address that wants the agency's news.

    pending: asked for, not confirmed; gone after two days.  confirmed: the owner of the address said yes; `consent` keeps the words they
    agreed to and when.  ended: no letter ever again; the address is blanked, its digest stays so that nobody is counted twice.
    wanted: what was asked for last, {beats, urgent_only, language}, and not confirmed yet; beats, urgent_only and language are what its
    owner confirmed. sealed_address holds {address, secret}: the secret stands in the links of every letter.
    beats: the ids of the chosen ones as ` 12 17 `, empty for the whole area. No table of their own: the public plane changes a choice and
    may delete no row of anything.
    """

    LIFE = Graph("pending", {"pending": ("confirmed", "ended"), "confirmed": ("ended",), "ended": ("pending",)})

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    address_digest = models.CharField(max_length=64)  # HMAC-SHA256 with a key outside the database
    sealed_address = models.TextField(blank=True)  # callbox.core.secrets.Vault, purpose "subscription"
    beats = models.TextField(blank=True)
    urgent_only = models.BooleanField(default=False)
    language = models.CharField(max_length=35, default="en")
    state = models.CharField(max_length=20, default=LIFE.start)
    secret_digest = models.CharField(max_length=64, unique=True)  # of the link in its letters
    consent = models.JSONField(default=dict)
    wanted = models.JSONField(default=dict, blank=True)
    asked_at = models.DateTimeField()
    letter_due = models.DateTimeField(null=True)  # a letter asking for confirmation waits; null: none does
    written_at = models.DateTimeField(
        null=True
    )  # when the last letter asking for confirmation went: at most one an hour
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["agency", "address_digest"], name="one_subscription_an_address")]
        indexes = [
            models.Index(fields=["address_digest"], name="subscription_of_address"),
            models.Index(fields=["letter_due"], name="subscription_letter_due"),
        ]

    def __str__(self) -> str:
        return f"subscription {self.pk}"


def packed(beats: Iterable[int]) -> str:
    """Return ids of beats as `Subscription.beats` holds them."""
    found = sorted(set(beats))
    return f" {' '.join(map(str, found))} " if found else ""


def unpacked(beats: str) -> list[int]:
    """Return the ids that `Subscription.beats` holds."""
    return [int(number) for number in beats.split()]
