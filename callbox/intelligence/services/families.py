"""Events that were put together: which belong to which, and whose posts count for whom."""

from __future__ import annotations

from django.db.models import QuerySet

from callbox.intelligence.models import Event, Sighting


def root(event: Event) -> Event:
    """Return the event that stands on the board for this one: itself, or the one it was put into at last."""
    while event.merged_into is not None:
        event = event.merged_into
    return event


def members(event: Event) -> list[int]:
    """Return the numbers of an event and of all that were put into it."""
    found, ahead = [event.pk], [event.pk]
    while ahead:
        ahead = list(Event.objects.filter(merged_into__in=ahead).values_list("pk", flat=True))
        found += ahead
    return found


def sightings(event: Event) -> QuerySet[Sighting]:
    """Return the posts of an event, with those of the events that were put into it."""
    return Sighting.objects.of(event.agency).filter(event__in=members(event))
