"""Telling who triages that an event rises: one letter an event and hour, as often as it is said to rise (`board.raised`).

That there is something to tell stands in the row of the event, written with its rise. A worker that is killed, or a mail server that is
down, leaves it there: past its lease another worker tells of it, at worst once more to whoever had the letter already.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.intelligence.models import Event
from callbox.people.models import Membership
from callbox.people.roles import ALLOWED, Action

log = logging.getLogger("callbox.worker")

BY: Final = "system: rising"
#: A worker that has not told everybody by then is taken for dead; a mail server that failed is tried again then, too.
LEASE: Final = timedelta(minutes=5)
#: What is known of an event that rises, by its state; of any other nobody is told.
_KNOWN: Final[Mapping[str, object]] = {
    "new": _later("Nobody has said yet whether it is so."),
    "checking": _later("Somebody is looking into it."),
    "confirmed": _later("It was confirmed before."),
    "refuted": _later("It was refuted before; look whether that still holds."),
}


def tell_waiting(*, now: datetime | None = None) -> int:
    """Tell of every event that rose and was not told of; return how many. No transaction is open while letters leave."""
    now, told = now or timezone.now(), 0
    for number, due in list(Event.objects.filter(tell_at__lte=now).order_by("pk").values_list("pk", "tell_at")):
        if not Event.objects.filter(pk=number, tell_at=due).update(tell_at=now + LEASE):
            continue  # another worker has it
        event = Event.objects.select_related("agency").get(pk=number)
        letters = _write(event)
        if letters is not None:
            told += _done(event, letters)
    return told


@transaction.atomic
def _done(event: Event, letters: int) -> bool:
    """Write down that it was told of, unless it rose again meanwhile."""
    done = Event.objects.filter(pk=event.pk, tell_at=event.tell_at).update(tell_at=None)
    data = {"letters": letters}
    record(agency=event.agency, by=BY, action=Audited.EVENT_RISEN_TOLD, target=event.subject, data=data)
    return bool(done)


def _write(event: Event) -> int | None:
    """Write to everybody who may judge events; return how many letters left, None when all of them failed.

    No word of a post leaves the house with it: how many posts and authors, and where to look. One bad address stops no other.
    """
    if event.state not in _KNOWN:
        return 0
    words = _(
        "An event rose on the board: %(posts)d posts by %(authors)d authors. %(known)s Open Events at the desk, event %(number)d."
    ) % {"posts": event.size, "authors": event.authors, "known": _KNOWN[event.state], "number": event.pk}
    roles = ALLOWED[Action.TRIAGE]
    rows = Membership.objects.filter(agency=event.agency, role__in=roles, user__is_active=True).select_related("user")
    staff, sent = list(rows.order_by("pk")), 0
    for row in staff:
        try:
            sent += send_mail(_("An event rises"), words, None, [row.user.email])
        except OSError as error:  # every failure of a mail server is one
            log.warning("Nobody could be told of %s: %s.", event.subject, type(error).__name__)
    return sent if sent or not staff else None
