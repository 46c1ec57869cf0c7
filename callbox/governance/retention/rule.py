"""When something goes, decided from values alone. The purge asks the same of the database; a test holds the two together."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from callbox.governance.retention.classes import RetentionClass

#: The subject of a hold that covers everything of the agency.
EVERYTHING: Final = "everything"


def class_subject(class_id: str) -> str:
    """Return the subject of a hold that covers a whole class."""
    return f"class:{class_id}"


def days_in_force(of: RetentionClass, *, own: int | None = None, law: int | None = None) -> int | None:
    """Return how many days `of` is kept: the agency's own number or the class's, cut short by a local law; None: for ever."""
    if of.days is None:
        return None
    days = of.days if own is None else own
    return days if law is None else min(days, law)


def cutoff(days: int, now: datetime) -> datetime:
    """Return the moment at or before which the clock must have started for something to go at `now`."""
    return now - timedelta(days=days)


def held(of: RetentionClass, subjects: Collection[str], holds: Collection[str]) -> bool:
    """Whether a hold covers something of this class that goes by these names."""
    return EVERYTHING in holds or class_subject(of.id) in holds or not set(subjects).isdisjoint(holds)


def due(
    of: RetentionClass,
    started: datetime,
    *,
    days: int | None,
    now: datetime,
    subjects: Collection[str],
    holds: Collection[str],
) -> bool:
    """Whether something whose clock began at `started` goes now: its days are over and nothing holds it."""
    return days is not None and started <= cutoff(days, now) and not held(of, subjects, holds)
