"""Two forces that share: Harbour offers, Valley takes over. Each has a writer, an approver and an account on paper."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import LazySettings
from django.utils import timezone

from callbox.collaboration.models import Agreement, Arrival, Offer, Partner
from callbox.collaboration.services import agreements, handover, partners
from callbox.flows import publication, sharing
from callbox.networks.vocabulary import Content
from callbox.people.models import Agency, User
from callbox.people.roles import Role
from callbox.voice.models import Message
from callbox.voice.services import messages
from tests.flows.newsdesk import connect, seen, send
from tests.people import Cast, person

WORDS = "Mill Road is closed at the bridge until six. Please use the ferry."


@dataclass(frozen=True)
class Force:
    """One agency. writer: press officer.  approver: approves.  chief: drafts agreements, which the second chief signs."""

    agency: Agency
    account: str
    writer: User
    approver: User
    chief: User
    second: User

    def write(self, text: str = WORDS, **more: Any) -> Message:
        content = more.pop("content", None) or Content(text, title="Mill Road")
        return messages.draft(agency=self.agency, content=content, accounts=[self.account], by=self.writer, **more)

    def approve(self, message: Message) -> Message:
        message.refresh_from_db()
        publication.submit(message=message, by=self.writer)
        publication.approve(message=message, digest=seen(message), by=self.approver)
        return message

    def published(self, text: str = WORDS, **more: Any) -> Message:
        message = self.approve(self.write(text, **more))
        send()
        message.refresh_from_db()
        return message

    def correct(self, message: Message, text: str) -> Message:
        found = publication.correct(message=message, content=Content(text, title="Mill Road"), by=self.writer)
        self.approve(found)
        send()
        found.refresh_from_db()
        return found

    def knows(self, other: Force, **more: Any) -> Partner:
        """Add another force of this installation as a partner, and sign an agreement with it."""
        partner = partners.add(
            agency=self.agency, local=other.agency, name=other.agency.name, sector="police", by=self.chief, **more
        )
        self.agrees(partner)
        return partner

    def agrees(self, partner: Partner, **more: Any) -> Agreement:
        terms: dict[str, Any] = {
            "purpose": "Warn both towns of the same danger",
            "scope": ["message"],
            "label": "amber",
            "starts": date(2020, 1, 1),
            "ends": timezone.localdate() + timedelta(days=365),
        }
        row = agreements.draft(partner=partner, by=self.chief, **{**terms, **more})
        agreements.sign(agreement=row, by=self.second)
        return row


@dataclass(frozen=True)
class Pair:
    """Harbour knows Valley as `there`, Valley knows Harbour as `here`."""

    harbour: Force
    valley: Force
    there: Partner = field()
    here: Partner = field()

    def offer(self, message: Message, **more: Any) -> Arrival:
        """Offer a message of Harbour and let it arrive; return it."""
        sharing.offer_message(
            message=message, partners=[self.there], by=self.harbour.writer, **{"label": "clear", **more}
        )
        work()
        return self.arrival()

    def arrival(self) -> Arrival:
        return Arrival.objects.of(self.valley.agency).order_by("-pk")[0]

    def newest(self) -> Offer:
        return Offer.objects.of(self.harbour.agency).order_by("-version")[0]

    def publish(self, arrival: Arrival, text: str = "") -> Message:
        """Take an arrival over at Valley, in other words where some are given, and publish it."""
        message = sharing.take_over(
            arrival=arrival, accounts=[self.valley.account], adapted=bool(text), by=self.valley.writer
        )
        if text:
            newest = message.newest
            messages.save(
                message=message,
                content=Content(text, title="Mill Road"),
                accounts=newest.accounts,
                due=None,
                expires=None,
                seen=newest.number,
                by=self.valley.writer,
            )
        self.valley.approve(message)
        send()
        work()
        message.refresh_from_db()
        return message


def work() -> None:
    """Let everything that runs by itself run, until nothing moves any more."""
    while sharing.follow_up() + handover.hand_over_waiting() + sharing.settle_arrivals():
        pass


def make_force(agency: Agency, account: str) -> Force:
    staff = {
        name: person(f"{name}-of-{agency.slug}", agency, role)
        for name, role in {
            "writer": Role.PRESS_OFFICER,
            "approver": Role.APPROVER,
            "chief": Role.CHIEF,
            "second": Role.COMMANDER,
        }.items()
    }
    connect(agency, account, by=staff["writer"])
    return Force(agency=agency, account=account, **staff)


def make_pair(cast: Cast, settings: LazySettings, folder: Path) -> Pair:
    """Write two forces that share into the database."""
    settings.DATA, settings.MEDIA_ROOT = folder, folder / "uploads"
    harbour, valley = make_force(cast.agency, "paper:harbour"), make_force(cast.other, "paper:valley")
    return Pair(harbour, valley, there=harbour.knows(valley), here=valley.knows(harbour))
