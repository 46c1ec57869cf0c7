"""Telling who triages that an event rises: one letter an event and hour, as often as it is said to rise (`board.raised`)."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.core.mail import send_mail
from django.utils.translation import gettext as _

from callbox.intelligence.models import Event
from callbox.people.models import Membership
from callbox.people.roles import ALLOWED, Action

log = logging.getLogger("callbox.worker")


def tell(events: Iterable[Event]) -> None:
    """Write to everybody who may judge events. Call it outside any transaction; the board says the same where no letter arrives.

    No word of a post leaves the house with it: how many posts and authors, and where to look. One bad address stops no other.
    """
    for event in events:
        words = _(
            "An event rose on the board: %(posts)d posts by %(authors)d authors. Nobody has said yet whether it is so. "
            "Open Events at the desk, event %(number)d."
        ) % {"posts": event.size, "authors": event.authors, "number": event.pk}
        staff = Membership.objects.filter(
            agency=event.agency, role__in=ALLOWED[Action.TRIAGE], user__is_active=True
        ).select_related("user")
        for row in staff:
            try:
                send_mail(_("An event rises"), words, None, [row.user.email])
            except OSError as error:  # every failure of a mail server is one
                log.warning("Nobody could be told of %s: %s.", event.subject, type(error).__name__)
