"""States of offers and arrivals in words, with how loud each is."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from callbox.collaboration.models import Arrival

type Said = tuple[str | Promise, str]

OFFERS: dict[str, Said] = {
    "waiting": (_("waits to be handed over"), "quiet"),
    "sending": (_("is being handed over"), "quiet"),
    "offered": (_("handed over"), "quiet"),
    "accepted": (_("taken over, not out yet"), "good"),
    "adapted": (_("being adapted, not out yet"), "good"),
    "published": (_("published there"), "good"),
    "declined": (_("declined"), "warn"),
    "recalled": (_("taken back there"), "good"),
    "blocked": (_("stopped: no agreement allows it"), "danger"),
    "refused": (_("not taken by their side"), "danger"),
    "superseded": (_("replaced before it left"), "quiet"),
}
ARRIVALS: dict[str, Said] = {
    "new": (_("new"), "warn"),
    "accepted": (_("being made into a message"), "quiet"),
    "adapted": (_("being adapted"), "quiet"),
    "published": (_("published by us"), "good"),
    "behind": (_("a newer version has come"), "danger"),
    "declined": (_("declined"), "quiet"),
    "superseded": (_("replaced by a newer version"), "quiet"),
    "recalled": (_("recalled"), "quiet"),
}
RECEIPTS: dict[str, str | Promise] = {
    "delivered": _("Handed over"),
    "opened": _("Opened"),
    "accepted": _("Taken over"),
    "adapted": _("Adapted"),
    "declined": _("Declined"),
    "published": _("Published"),
    "recalled": _("Taken back"),
}
KINDS: dict[str, str | Promise] = {"message": _("Message"), "alert": _("Alert"), "event": _("Event")}
#: What a partner that has not followed is said to be, by kind: of an event nothing is public, so nothing is shown.
BEHIND: dict[str, tuple[str | Promise, str | Promise]] = {
    "message": (_("not updated yet"), _("not updated for long")),
    "event": (_("has not read the newest yet"), _("has not read the newest for long")),
}


#: The same of an event: nobody publishes anything of it, partners know of it.
EVENTS: dict[str, Said] = {
    "accepted": (_("they know of it"), "good"),
    "recalled": (_("they have taken note"), "good"),
}
HEARD: dict[str, str | Promise] = {"accepted": _("Known"), "recalled": _("Taken note of")}


def offer_word(kind: str, state: str) -> Said:
    """Return where an offer of this kind stands."""
    return EVENTS.get(state, OFFERS[state]) if kind == "event" else OFFERS[state]


def arrival_word(row: Arrival) -> Said:
    """Return where an arrival stands here: one of which nothing is made is only known."""
    return (
        (_("you know of it"), "quiet")
        if row.state == "accepted" and not row.message and not row.recalls
        else ARRIVALS[row.state]
    )


def receipt_word(kind: str, said: str) -> str | Promise:
    """Return what a partner said."""
    words = {**RECEIPTS, **HEARD} if kind == "event" else RECEIPTS
    return words.get(said, said)
