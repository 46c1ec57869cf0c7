"""A resident of the demonstration speaks: words dropped into the paper account, collected like those of any network."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.networks.deliveries.models import Delivery
from callbox.networks.models import Connection, Item
from callbox.networks.paper.files import Files
from callbox.networks.paper.network import PaperSession
from callbox.people.models import Agency

#: Who speaks and what they say, one after the other.
SAID: Final = (
    ("clara", "Thank you for telling us! Until when exactly?"),
    ("musa.b", "Is that true for people on bicycles too?"),
    ("old_harbour", "My father is 84 and cannot walk that far. Whom can he call?"),
    ("kit", "Somebody just fell in the water at the weir, help me"),
)


def speak(agency: Agency) -> tuple[str, str]:
    """Answer the newest message on a paper account as a resident would; return who spoke and what they said.

    The account is collected at the worker's next round, within seconds.

    Raises:
        RefusedError: nothing has left on a paper account yet.
    """
    sent = Delivery.objects.of(agency).filter(state="sent", operation="publish", subject__startswith="message:")
    newest = sent.filter(connection__account__startswith="paper:").order_by("settled_at", "pk").last()
    if newest is None:
        raise RefusedError(
            _("Nothing has left on a paper account yet. Approve a message first; then a resident can answer.")
        )
    names = [f"paper:{name}" for name, _words in SAID]
    spoken = Item.objects.filter(connection=newest.connection, own=False, author__in=names).count()
    who, words = SAID[spoken % len(SAID)]
    handle = newest.connection.details["handle"]
    PaperSession(Files(settings.DATA / "paper", handle), handle).drop(words, author=who, parent=newest.remote_id)
    Connection.objects.filter(pk=newest.connection_id).update(collected_at=None)
    return who, words
