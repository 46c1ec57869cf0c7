"""What follows what we gave: corrections, updates and recalls go to everybody who was offered a thing, by themselves.

Each question is one statement that brings nothing but what has to be followed, however much was ever shared: it begins at what
happened (a correction, a decision to take back, a refuted event) and asks whether a partner holds what it is about.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.collaboration.bundle import Shown
from callbox.collaboration.models import Offer
from callbox.collaboration.services import offers
from callbox.core.refusal import RefusedError
from callbox.flows.sharing.giving import OFFERED_FROM, shown_of, shown_of_alert
from callbox.governance.models import Approval
from callbox.governance.policy import WITHDRAWAL
from callbox.intelligence.models import Assessment, Event
from callbox.intelligence.services.families import root
from callbox.operations.models import Alert
from callbox.people.models import Agency, User
from callbox.voice.models import Message, Version

log = logging.getLogger("callbox.worker")

#: So long one looks for a message that was offered and then approved in other words; once it is out it cannot change.
_REWRITTEN: Final = timedelta(days=7)


def follow_up() -> int:
    """Send corrections and recalls after everything that was offered; return how many shares moved.

    Safe to repeat, and to run twice at once.
    """
    return _follow_recalls() + _follow_messages() + _follow_alerts()


def _follow_recalls() -> int:
    return sum(_recall(*each) for each in (*_messages_taken_back(), *_events_taken_back()))


def _messages_taken_back() -> Iterator[tuple[Agency, str, str, User]]:
    """Yield messages that partners hold and that were taken back or put away: agency, subject, why, and in whose name."""
    why = _("We have taken this message back.")
    decisions = Approval.objects.filter(_held("subject"), rule=WITHDRAWAL, voided_at=None)
    for decision in decisions.select_related("agency", "by").order_by("pk"):
        yield decision.agency, decision.subject, why, decision.by
    dropped = Message.objects.annotate(own=_named("message", "pk")).filter(_held("own"), state="dropped")
    for message in dropped.select_related("agency", "by").order_by("pk"):
        yield message.agency, message.subject, why, message.by


def _events_taken_back() -> Iterator[tuple[Agency, str, str, User]]:
    """Yield events that were refuted, or closed as not true, here or in the event they were put into."""
    untrue = Exists(Assessment.objects.filter(event=OuterRef("pk"), useful="false"))
    over = Q(state__in=("refuted", "merged")) | Q(untrue, state="closed")
    rows = Event.objects.annotate(own=_named("event", "pk")).filter(over, _held("own"))
    for event in rows.select_related("agency", "merged_into").order_by("pk"):
        top = root(event)
        last = Assessment.objects.filter(event=top).select_related("by").order_by("-at", "-pk").first()
        if last is not None and (top.state == "refuted" or (top.state == "closed" and last.useful == "false")):
            yield event.agency, event.subject, _("We have looked again: it was not so."), last.by


def _recall(agency: Agency, subject: str, why: str, by: User) -> int:
    """Take back every share that holds `subject`; return how many."""
    count = 0
    for share in _shares(agency, subject):
        try:
            offers.recall(agency=agency, share=share, why=why, by=by, follows=True)
        except RefusedError:  # a person recalled it at this moment
            continue
        count += 1
    return count


def _follow_messages() -> int:
    corrections = _unfollowed(Message.objects.filter(state="out", corrects__gt=0), "message", "corrects_id")
    found = [(each, each.subject) for each in _rewritten()]
    found += [
        (each, f"message:{each.corrects_id}") for each in corrections.select_related("agency", "by").order_by("pk")
    ]
    stuck: set[uuid.UUID] = set()
    return sum(_renew(each, before, shown_of(each.newest), None, stuck) for each, before in found)


def _rewritten() -> QuerySet[Message]:
    """Return the messages that were offered before their hour, and approved in a newer version since: they follow themselves."""
    newer = Version.objects.filter(message=OuterRef(OuterRef("pk")), at__gt=OuterRef("at"))
    older = Offer.objects.holding().exclude(state="declined").filter(Exists(newer))
    rows = Message.objects.filter(state__in=OFFERED_FROM, changed_at__gt=timezone.now() - _REWRITTEN)
    rows = rows.annotate(before=_named("message", "pk"))
    held = Exists(older.filter(agency=OuterRef("agency"), subject=OuterRef("before")))
    return rows.filter(held).select_related("agency", "by").order_by("pk")


def _follow_alerts() -> int:
    """Offer the updates and the cancel of an alert: both are words for residents, so a cancel is a version, not a recall."""
    updates = _unfollowed(Alert.objects.filter(state="published", follows__gt=0), "alert", "follows_id")
    found = updates.select_related("agency", "by", "follows").order_by("pk")
    stuck: set[uuid.UUID] = set()
    return sum(_renew(each, f"alert:{each.follows_id}", shown_of_alert(each), each.expires, stuck) for each in found)


def _renew(row: Message | Alert, before: str, shown: Shown, expires: datetime | None, stuck: set[uuid.UUID]) -> int:
    """Offer `row` as the next version of every share that holds `before`; return how many moved.

    stuck: shares of which an earlier version could not be offered: nothing overtakes it.
    """
    moved = 0
    for share in _shares(row.agency, before):
        if share in stuck:
            continue
        try:
            count = offers.renew(
                agency=row.agency,
                share=share,
                subject=row.subject,
                shown=shown,
                expires=expires,
                by=row.by,
                follows=True,
            )
        except RefusedError as error:  # it fits no bundle
            log.warning("A correction of share %s was not offered: %s", share, error)
            stuck.add(share)
            continue
        moved += int(count > 0)
    return moved


# how it is asked for


def _named(kind: str, number: str) -> Concat:
    """Return the name by which offers know a row: `message:12`."""
    return Concat(Value(f"{kind}:"), Cast(number, CharField()))


def _held(subject: str) -> Exists:
    """Ask whether a partner holds a share in which `subject`, a column, was ever offered."""
    holds = Offer.objects.holding().filter(partner=OuterRef("partner"), share=OuterRef("share"))
    return Exists(Offer.objects.filter(Exists(holds), agency=OuterRef("agency"), subject=OuterRef(subject)))


def _unfollowed(rows: Any, kind: str, before: str) -> Any:
    """Return of what follows something those that a partner who holds it, and did not decline, was not offered yet.

    before: the column of what it follows.
    """
    same = {"partner": OuterRef("partner"), "share": OuterRef("share")}
    holds = Offer.objects.holding().exclude(state="declined").filter(**same)
    offered = Offer.objects.filter(subject=OuterRef(OuterRef("own")), **same)
    begun = Offer.objects.filter(Exists(holds), ~Exists(offered), agency=OuterRef("agency"), subject=OuterRef("before"))
    return rows.annotate(before=_named(kind, before), own=_named(kind, "pk")).filter(Exists(begun))


def _shares(agency: Agency, subject: str) -> list[uuid.UUID]:
    """Return the shares in which something was offered."""
    rows = Offer.objects.of(agency).filter(subject=subject)
    return list(rows.order_by("share").values_list("share", flat=True).distinct())
