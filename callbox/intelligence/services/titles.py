"""The title of an event that nobody has named, once a post of it lost its words: nothing of one post alone stays behind in it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.utils.translation import gettext as _

from callbox.intelligence.models import Event, Sighting

#: Signs of a post that stand as a title where no words weigh.
SIGNS: Final = 60


def beginning(text: str) -> str:
    """Return how a post begins, as a title."""
    return text[:SIGNS]


def refreshed(numbers: Collection[int]) -> None:
    """Let no event of these show what its posts no longer say. Inside the caller's transaction.

    Words that several posts share stay: they are nobody's. Those of an event of one post go with it, as does a title that is how a post
    begins. What a person wrote stays.
    """
    for event in Event.objects.filter(pk__in=numbers):
        texts = Sighting.objects.filter(event=event).exclude(text="").order_by("pk").values_list("text", flat=True)
        first = texts.first()
        words = [] if first is None and event.size <= 1 else event.words
        gone = _("A post whose words are gone") if first is None else beginning(first)
        title = event.title if event.named or words else gone
        if (words, title) != (event.words, event.title):
            Event.objects.filter(pk=event.pk).update(words=words, title=title)
