"""What was collected arrives: residents' words become conversations. Later areas listen here too."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from callbox.governance.models import Disposal
from callbox.networks.models import Item
from callbox.trust.conversation_retention import CONVERSATIONS
from callbox.trust.services import hearing

log = logging.getLogger(__name__)


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
    """Pass on what a stopped worker left behind: items of others that no conversation holds; return how many were touched.

    What is as old as a conversation that was purged stood in one: it comes back to nobody.
    """
    purged = Disposal.objects.filter(agency=OuterRef("agency"), class_id=CONVERSATIONS.id, last__gte=OuterRef("at"))
    left = Item.objects.incoming().filter(repost=False, line=None).exclude(Exists(purged))
    return arrived(left.select_related("agency", "connection")[:500])
