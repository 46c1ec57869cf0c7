"""The words of the agency's own public posts, for people who label them: the ledger drops them."""

from __future__ import annotations

from collections.abc import Iterator

from callbox.networks.deliveries.models import Delivery, Operation
from callbox.networks.items.models import Item
from callbox.people.models import Agency


def public_words(agency: Agency) -> Iterator[tuple[str, str, str]]:
    """Yield account, post and text of what the agency said to everybody, named as in the ledger's `posts`; each once.

    A post is what its network showed last, or what a message brought there as long as nobody has looked. Never: what somebody else
    wrote, a repost, a word to one person, what is gone from its network, or what is not text.
    """
    seen = set(Item.objects.of(agency).own_posts().values_list("connection", "remote_id"))
    posts = Item.objects.of(agency).own_posts().filter(repost=False, gone_at=None).exclude(text="")
    public = posts.exclude(door="message").order_by("at", "pk")
    yield from public.values_list("connection__account", "remote_id", "text").iterator()
    sent = Delivery.objects.of(agency).filter(state="sent", subject__startswith="message:", recipient="")
    stands: dict[tuple[int, str], tuple[str, str]] = {}
    for each in sent.select_related("connection", "replaces").order_by("pk"):
        key = (each.connection_id, each.replaces.remote_id if each.replaces else each.remote_id)
        if each.operation == Operation.WITHDRAW:
            stands.pop(key, None)
        elif key[1] and key not in seen:
            stands[key] = (each.connection.account, each.shown.text)
    yield from ((account, post, text) for (_connection, post), (account, text) in stands.items() if text)
