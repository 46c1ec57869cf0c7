"""Differences between versions in words, and which version an approver saw last."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from callbox.desk.access import StaffRequest
from callbox.desk.numbers import number_of
from callbox.desk.voice.translating import name_of
from callbox.governance.actions import Audited
from callbox.governance.models import AuditEvent
from callbox.networks.deliveries.models import Delivery
from callbox.networks.vocabulary import Media
from callbox.people.models import User
from callbox.voice.models import Message, Version
from callbox.voice.services.messages import Difference, differences

_FIELDS: dict[str, str | Promise] = {
    "text": _("Words"),
    "title": _("Title"),
    "language": _("Language"),
    "link": _("Link"),
    "media": _("Images"),
    "urgent": _("Urgent"),
    "corrects": _("What it corrects"),
    "own": _("Words there"),
    "accounts": _("Where it appears"),
    "beats": _("Whose letters"),
    "speaks": _("Language there"),
    "due": _("Leaves at"),
    "expires": _("Not after"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words. sign: "-" taken out, "+" put in, " " as before."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs. hour: whether before and after are moments.  pieces: the words, where it is a text."""

    label: str | Promise
    account: str
    before: Any
    after: Any
    hour: bool
    pieces: Sequence[Piece]


def changes(older: Version, newer: Version) -> list[Change]:
    """Return what differs from `older` to `newer`, field by field."""
    return [
        Change(
            _label(each),
            "" if each.field == "translation" else each.account,
            _plain(each.before),
            _plain(each.after),
            each.field in {"due", "expires"},
            pieces(each.before, each.after) if isinstance(each.before, str) and isinstance(each.after, str) else (),
        )
        for each in differences(older, newer)
    ]


def _label(difference: Difference) -> str | Promise:
    if difference.field == "translation":
        return _("Words in %(language)s") % {"language": name_of(difference.account)}
    return _FIELDS[difference.field]


def _plain(value: Any) -> Any:
    """Return a value as a page writes it."""
    if isinstance(value, (list, tuple)):
        return [f"{each.sha256[:8]}: {each.alt or '–'}" if isinstance(each, Media) else str(each) for each in value]
    return value


def pieces(before: str, after: str) -> list[Piece]:
    """Return both texts woven into one, word by word: what was taken out stands before what was put in."""
    old, new = (re.findall(r"\s+|\S+", text) for text in (before, after))
    found: list[Piece] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece(" ", "".join(old[a:b])))
            continue
        if b > a:
            found.append(Piece("-", "".join(old[a:b])))
        if d > c:
            found.append(Piece("+", "".join(new[c:d])))
    return found


def last_seen(request: StaffRequest, message: Message, versions: Sequence[Version]) -> Version | None:
    """Return the version this person last decided on, or (`?since=`) had before them when it changed; None when it is the newest.

    versions: of `message`, newest first.
    """
    asked = number_of(request.GET.get("since", ""))
    number = _decided_on(message, request.user) if asked is None else asked
    return next((each for each in versions[1:] if each.number == number), None)


def _decided_on(message: Message, person: User) -> int:
    """Return the number of the newest version that `person` approved or sent back, 0 for none."""
    sent_back = AuditEvent.objects.filter(
        agency=message.agency, by=person, action=Audited.MESSAGE_SENT_BACK, target=message.subject
    ).values_list("data", flat=True)
    approved = Delivery.objects.of(message.agency).about(message.subject).filter(approval__by=person)
    numbers = [int(data.get("version", 0)) for data in sent_back]
    return max([0, *numbers, *approved.values_list("version", flat=True)])
