"""Rows of sealed tips. No address, no cookie, no instant: the day is the finest time kept, ids are random, sizes come in steps.

They hold no foreign key into the main database, because they may live in another one: the agency is a number, officers are numbers.
"""

from __future__ import annotations

import uuid
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from callbox.core.state import Graph
from callbox.people.models import Agency


class TipQuerySet(models.QuerySet["Tip"]):
    """How tips are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the tips of one agency."""
        return self.filter(agency_id=agency.pk)


class Tip(models.Model):
    """One tip: what was written is in its letters, sealed.

    lookup: HMAC-SHA256 of the receipt with a key outside the database; without the nine words nobody finds the tip again.
    public_key: an age recipient that only the receipt opens; answers are sealed to it.
    Durations are minutes rounded to 5, told by the reader's own machine from the sealed time (model 7.8); null until then.
    """

    LIFE = Graph("new", {"new": ("opened",), "opened": ("settled",), "settled": ("opened",)})

    class Outcome(models.TextChoices):
        """What became of it."""

        PASSED = "passed", _("Passed on to a case")
        USEFUL = "useful", _("Useful, no case")
        NOTHING = "nothing", _("Nothing to act on")
        DUPLICATE = "duplicate", _("The same as another tip")
        ELSEWHERE = "elsewhere", _("Handed to another agency")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # version 4: random, no time in it
    agency_id = models.BigIntegerField()
    day = models.DateField()  # UTC
    lookup = models.CharField(max_length=64, unique=True)
    public_key = models.CharField(max_length=80)
    state = models.CharField(max_length=20, default=LIFE.start)
    threat_to_life = models.BooleanField(default=False)  # an officer's word after reading
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    same_as = models.UUIDField(null=True)
    minutes_to_open = models.PositiveIntegerField(null=True)
    minutes_to_settle = models.PositiveIntegerField(null=True)
    outcome_returned = models.BooleanField(null=True)  # told to the tipster; null: not safe or not yet
    promoted = models.BooleanField(default=False)  # passed to a case: kept by that case's rules

    objects = TipQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "id"]
        indexes = [models.Index(fields=["agency_id", "state", "day"], name="tip_of_agency")]

    def __str__(self) -> str:
        return str(self.id)


class Letter(models.Model):
    """One sealed letter of the dialogue: from the tipster (sealed to the agency's keys) or to them (sealed to theirs and the agency's)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="letters")
    number = models.PositiveIntegerField()
    from_agency = models.BooleanField()
    day = models.DateField()
    sealed = models.BinaryField()  # an age file; plain text padded to a power of two from 4 KiB
    read = models.BooleanField(default=False)  # by the other side
    paged = models.BooleanField(default=False)  # the agency was told that there is something new

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["tip", "number"], name="one_letter_a_number")]

    def __str__(self) -> str:
        return f"{self.tip_id} {self.number}"


class KeyQuerySet(models.QuerySet["Key"]):
    """How keys are asked for."""

    def of(self, agency: Agency) -> Self:
        """Return the keys of one agency."""
        return self.filter(agency_id=agency.pk)

    def in_use(self) -> Self:
        """Return those to which tips are sealed."""
        return self.filter(allowed__isnull=False, ended=None)

    def waiting(self) -> Self:
        """Return those that wait for a second person."""
        return self.filter(allowed=None, ended=None)


class Key(models.Model):
    """A public key of the agency to which tips are sealed. The other half is with the officer alone.

    allowed: when a second person let it be used; before that nothing is sealed to it.  ended: no longer used, or never allowed.
    """

    agency_id = models.BigIntegerField()
    owner_id = models.BigIntegerField()  # the officer
    recipient = models.CharField(max_length=80)  # age1...
    added = models.DateField()
    allowed = models.DateField(null=True)
    allowed_by_id = models.BigIntegerField(null=True)  # null: before two people were asked for
    ended = models.DateField(null=True)

    objects = KeyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["agency_id", "recipient"], name="one_key_a_recipient")]

    def __str__(self) -> str:
        return self.recipient


class Intake(models.Model):
    """How many tips came in on a day: the only thing the public side writes down besides the sealed tip itself."""

    agency_id = models.BigIntegerField()
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)
    reported = models.BooleanField(default=False)  # written into the audit chain as one daily count

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["agency_id", "day"], name="one_intake_a_day")]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.day}"
