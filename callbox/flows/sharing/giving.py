"""What we give: messages, alerts and confirmed events become offers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.collaboration.bundle import File, Shown
from callbox.collaboration.models import Partner
from callbox.collaboration.services import offers
from callbox.core.refusal import RefusedError
from callbox.flows.alerting import texts_of
from callbox.intelligence.models import Event
from callbox.networks.translations import behind
from callbox.operations.models import Alert
from callbox.operations.services import alert_messages
from callbox.people.models import Agency, User
from callbox.people.roles import Action, can
from callbox.voice.models import Message, Version
from callbox.voice.services import messages

#: A message in one of these states can be offered: a second person has let it go.
OFFERED_FROM: Final = ("approved", "out")
#: The longest that a partner is told of an event, characters.
LONGEST: Final = 4000


@dataclass(frozen=True, slots=True)
class Given:
    """Something that could be offered. shown: what a partner would see, None while there is nothing to see.

    label: the one proposed (TLP 2.0).  expires: its own last hour, None without one.  obstacle: why it cannot be offered, or empty.
    """

    agency: Agency
    subject: str
    kind: str
    shown: Shown | None
    label: str = "clear"
    expires: datetime | None = None
    obstacle: str = ""

    def until(self, chosen: datetime | None) -> datetime | None:
        """Return the last hour of an offer: the one chosen, never later than its own."""
        return min(filter(None, (chosen, self.expires)), default=None)


def given_message(message: Message) -> Given:
    """Return a message as it would be offered."""
    stands = message.state in OFFERED_FROM
    obstacle = "" if stands else _("Only what a second person has approved can be offered. Submit it first.")
    return Given(message.agency, message.subject, "message", shown_of(message.newest), obstacle=obstacle)


def shown_of(version: Version) -> Shown:
    """Return what a partner would see of a version: what the public would, and the hour until which it is held back.

    A translation goes along unless it stayed behind the words: what is no longer so is not passed on.
    """
    content = version.written
    fresh = [each for each in content.translations if not behind(content, each)]
    titles = {content.language: content.title, **{each.language: each.title for each in fresh}} if fresh else {}
    due = version.due if version.due is not None and version.due > timezone.now() else None
    return Shown(
        title=content.title,
        texts={content.language: content.text, **{each.language: each.text for each in fresh}},
        titles={language: title for language, title in titles.items() if title},
        link=content.link,
        urgent=content.urgent,
        files=tuple(
            File(
                sha256=each.sha256,
                kind=each.kind,
                type=each.type,
                size=each.size,
                alt=each.alt,
                captions=each.captions,
                width=each.width,
                height=each.height,
            )
            for each in content.media
        ),
        not_before=due.isoformat(timespec="seconds") if due else "",
    )


def given_alert(alert: Alert) -> Given:
    """Return an alert as it would be offered: the newest message of a line that holds, never an exercise."""
    return Given(
        alert.agency,
        alert.subject,
        "alert",
        shown_of_alert(alert) if alert.state == "published" else None,
        expires=alert.expires,
        obstacle=_obstacle_of_alert(alert),
    )


def _obstacle_of_alert(alert: Alert) -> str:
    if alert.exercise:
        return _(
            "An exercise is not offered: a partner could take it for a real alert. Hold an exercise together instead."
        )
    if alert.state != "published":
        return _("Only an alert that is out can be offered. Two people approve it first.")
    if Alert.objects.published().filter(follows=alert).exists():
        return _("Something newer was published. Offer the newest message of the line.")
    if alert.kind == "Cancel":
        return _("This alert is over. Partners who were offered it before are told by themselves.")
    if alert.expires is not None and alert.expires <= timezone.now():
        return _("Its last hour has passed, so there is nothing left to warn of.")
    return ""


def shown_of_alert(alert: Alert) -> Shown:
    """Return what a partner would see of a published alert: its words in each language, and the address of its page with the area.

    The headline begins the words too: not every account shows a title, and “Ended:” must never be lost.
    """
    infos = alert.newest.written.infos
    said = {info.language: texts_of(alert, info) for info in infos}
    texts = {language: f"{title}\n\n{bodies[0]}" for language, (title, bodies) in said.items()}
    titles = {language: title for language, (title, _bodies) in said.items()} if len(said) > 1 else {}
    urgent = any(each.newest.written.dangerous for each in (*alert.line, alert))
    link = alert_messages.address(alert)
    return Shown(title=said[infos[0].language][0], texts=texts, titles=titles, link=link, urgent=urgent)


def given_event(event: Event, *, text: str = "", urgent: bool = False) -> Given:
    """Return an event as it would be offered. text: what partners are told, in an officer's own words; no word of a post crosses."""
    obstacle = ""
    if event.state != "confirmed":
        obstacle = _("Only an event that somebody confirmed can be offered. Write down what you find first.")
    elif not event.named:
        obstacle = _("Name the event first: its title is made of residents’ own words, and those do not cross.")
    shown = _shown_of_event(event, text, urgent=urgent) if text.strip() else None
    return Given(event.agency, event.subject, "event", shown, label="green", obstacle=obstacle)


def _shown_of_event(event: Event, text: str, *, urgent: bool) -> Shown:
    words = text.replace("\r\n", "\n").strip()
    if not words or len(words) > LONGEST:
        raise RefusedError(_("Say in up to %(most)d characters what partners should know.") % {"most": LONGEST})
    language = (event.agency.languages or ["en"])[0]
    return Shown(title=event.title, texts={language: words}, link="", urgent=urgent)


def offer_message(
    *, message: Message, partners: Sequence[Partner], label: str, expires: datetime | None = None, by: User
) -> uuid.UUID:
    """Offer a message to partners; return the name of the share.

    Raises:
        RefusedError: nobody but its author has let it go yet, or a partner may not have it; then nobody gets it.
    """
    with transaction.atomic():
        messages.lock(message)
        return _offer(given_message(message), partners, label, expires, by)


def offer_alert(
    *, alert: Alert, partners: Sequence[Partner], label: str, expires: datetime | None = None, by: User
) -> uuid.UUID:
    """Offer a published alert to partners; return the name of the share. What follows the alert follows to them by itself.

    Raises:
        RefusedError: it is not out, is over, is an exercise, or a partner may not have it; then nobody gets it.
    """
    with transaction.atomic():
        row = Alert.objects.select_for_update(of=("self",)).select_related("agency", "follows").get(pk=alert.pk)
        return _offer(given_alert(row), partners, label, expires, by)


def offer_event(
    *,
    event: Event,
    text: str,
    urgent: bool = False,
    partners: Sequence[Partner],
    label: str,
    expires: datetime | None = None,
    by: User,
) -> uuid.UUID:
    """Tell partners of a confirmed event in an officer's own words; return the name of the share.

    Raises:
        RefusedError: it is not confirmed or has no name, nothing is said, `by` may not read events, or a partner may not have it.
    """
    with transaction.atomic():
        row = _locked(event, by)
        if not text.strip():
            raise RefusedError(_("Say in up to %(most)d characters what partners should know.") % {"most": LONGEST})
        return _offer(given_event(row, text=text, urgent=urgent), partners, label, expires, by)


def _locked(event: Event, by: User) -> Event:
    row = Event.objects.select_for_update(of=("self",)).select_related("agency").get(pk=event.pk)
    if not can(by, Action.READ_EVENTS, row.agency):
        raise RefusedError(_("Your role may not read events, so you cannot offer them. Nothing was offered."))
    return row


def _offer(given: Given, partners: Sequence[Partner], label: str, expires: datetime | None, by: User) -> uuid.UUID:
    if given.obstacle or given.shown is None:
        raise RefusedError(given.obstacle or _("There is nothing to offer."))
    return offers.offer(
        agency=given.agency,
        subject=given.subject,
        kind=given.kind,
        shown=given.shown,
        partners=partners,
        label=label,
        expires=given.until(expires),
        by=by,
    )


def renew_event(*, share: uuid.UUID, event: Event, text: str, urgent: bool = False, by: User) -> int:
    """Tell everybody who was offered an event what is new about it; return how many that were.

    Raises:
        RefusedError: it is not confirmed any more, nothing is said, or `by` may not read events. Nothing was offered.
    """
    with transaction.atomic():
        row = _locked(event, by)
        given = given_event(row, text=text, urgent=urgent)
        if given.obstacle or given.shown is None:
            raise RefusedError(
                given.obstacle or _("Say in up to %(most)d characters what partners should know.") % {"most": LONGEST}
            )
        return offers.renew(agency=row.agency, share=share, subject=row.subject, shown=given.shown, by=by)
