"""What was collected arrives: residents' words become conversations. Later areas listen here too."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.db.models import Exists, OuterRef
from django.utils import timezone

from callbox.governance.models import Disposal
from callbox.networks.items.models import ItemQuerySet
from callbox.networks.models import Delivery, Item
from callbox.trust.conversation_retention import CONVERSATIONS
from callbox.trust.models import Line
from callbox.trust.services import hearing

log = logging.getLogger(__name__)

#: Items of one round, of residents and of our own each.
AT_ONCE: Final = 500
#: So long an answer of our own waits for the words it answers to be collected.
LATE: Final = timedelta(days=1)


def arrived(items: Iterable[Item]) -> int:
    """Pass on what was collected, oldest first; return how many conversations were touched. One that fails stops no other.

    Safe to repeat: an item that has its line already is passed over.
    """
    touched = 0
    for item in sorted(items, key=lambda each: (each.at, each.pk)):
        try:
            touched += hearing.hear(item) is not None
        except Exception:
            log.exception("item %s could not be put into a conversation; it will be tried again", item.pk)
    return touched


def catch_up() -> int:
    """Pass on what a stopped worker left behind: items that no conversation holds; return how many were touched.

    What is as old as a conversation that was purged stood in one: it comes back to nobody.
    """
    purged = Disposal.objects.filter(agency=OuterRef("agency"), class_id=CONVERSATIONS.id, last__gte=OuterRef("at"))
    left = Item.objects.incoming().filter(repost=False, line=None).exclude(Exists(purged))
    found = [
        *left.select_related("agency", "connection")[:AT_ONCE],
        *_answers_left().select_related("agency", "connection")[:AT_ONCE],
    ]
    return arrived(found)


def _answers_left() -> ItemQuerySet:
    """Return answers given with another program that no conversation holds: seen before the words they answer, or left by a worker."""
    heard = Line.objects.filter(item__connection=OuterRef("connection"), item__remote_id=OuterRef("parent"))
    sent = Delivery.objects.filter(connection=OuterRef("connection"), remote_id=OuterRef("remote_id"))
    lately = Item.objects.own_posts().filter(seen_at__gt=timezone.now() - LATE, repost=False, line=None)
    return lately.exclude(parent="").filter(Exists(heard)).exclude(Exists(sent))
