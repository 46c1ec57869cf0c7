"""States of offers and arrivals in words, with how loud each is."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
