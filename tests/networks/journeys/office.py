"""The people of an agency whose accounts are on real servers, at work by the services the desk calls; the worker's own jobs do the rest."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from urllib.parse import urlsplit

from django.test import Client
from PIL import Image

from callbox.config import schedule
from callbox.flows import publication
from callbox.networks.connections.models import Connection
from callbox.networks.connections.services import connect
from callbox.networks.deliveries.models import Delivery
from callbox.networks.vocabulary import Content, Media, Preview
from callbox.people.models import Agency, User
from callbox.people.roles import Role
from callbox.trust.models import Conversation, Subscription
from callbox.trust.services import answers, conversations
from callbox.voice.models import Message
from callbox.voice.services import media, messages
from tests.people.cast import person
from tests.servers.networks import READERS, Networks
from tests.servers.residents import body

#: For anything that takes several servers and rounds of the worker.
PATIENCE = 120.0
ALT = "Harbour Street with a barrier across it"


@dataclass
class Office:
    """Alice writes, Bob approves, Carol answers. accounts: kind of network -> account.  seen: what to tell at the end."""

    agency: Agency
    alice: User
    bob: User
    carol: User
    accounts: dict[str, str] = field(default_factory=dict)
    seen: list[tuple[str, str, str]] = field(default_factory=list)

    @classmethod
    def open(cls, found: Networks) -> Office:
        """Found the agency and connect each account as the desk does."""
        agency = Agency.objects.create(slug=found.slug, name=found.slug.title())
        office = cls(
            agency,
            person("Alice", agency, Role.PRESS_OFFICER),
            person("Bob", agency, Role.APPROVER),
            person("Carol", agency, Role.OFFICER),
        )
        for kind, (details, secrets) in {**found.connections, "newsroom": ({}, {})}.items():
            row = connect(agency=agency, kind=kind, details=details, secrets=secrets, by=office.alice)
            office.accounts[kind] = row.account
        return office

    def subscribe(self, found: Networks) -> None:
        """Let both readers ask on the public page, and confirm by the link in the letter that lies in their own mailbox."""
        public, by_mail = Client(), found.by_mail
        for reader in READERS:
            page = public.post(f"/p/{self.agency.slug}/subscribe/", {"address": reader, "language": "en"})
            assert page.status_code == 200
            box = replace(by_mail, me=reader)
            work(partial(_any, box.letters), lambda: "the letter that asks")
            [letter] = box.letters()
            [link] = re.findall(r"\S+/subscribe/\S+/", body(letter))
            confirmed = Subscription.objects.of(self.agency).confirmed()
            before = confirmed.count()
            assert public.get(urlsplit(link).path).status_code == 200
            assert confirmed.count() == before  # whatever opens a link, only the button confirms
            assert public.post(urlsplit(link).path).status_code == 200
            assert confirmed.count() == before + 1
            self.saw("subscribed", "email", f"{reader} confirmed from a letter in their mailbox")

    def saw(self, step: str, network: str, what: str) -> None:
        """Keep a line for the table."""
        self.seen.append((step, network, what))

    def picture(self) -> Media:
        """Keep a drawing as the desk does with an upload."""
        drawn = io.BytesIO()
        Image.new("RGB", (80, 60), "#204060").save(drawn, "PNG")
        row = media.add(agency=self.agency, name="street.png", chunks=[drawn.getvalue()], by=self.alice)
        return Media(row.sha256, "image", row.type, row.size, alt=ALT, width=row.width, height=row.height)

    def write(self, content: Content) -> Message:
        """Write once for every account."""
        return messages.draft(agency=self.agency, content=content, accounts=list(self.accounts.values()), by=self.alice)

    def approve(self, message: Message) -> dict[str, Preview]:
        """Submit and approve; return the previews by kind of network, as Bob saw them."""
        publication.submit(message=message, by=self.alice)
        shown = publication.previews_of(message.newest)
        digest = publication.bound_of(message.newest, shown).digest
        publication.approve(message=message, digest=digest, by=self.bob)
        return {each.rendition.account.partition(":")[0]: each for each in shown}

    def out(self, message: Message) -> dict[str, Delivery]:
        """Let the worker send it everywhere; return one delivery for each kind of network."""
        work(lambda: Message.objects.get(pk=message.pk).state == "out", lambda: self.why_not(message))
        message.refresh_from_db()
        rows = Delivery.objects.of(self.agency).about(message.subject).select_related("connection")
        states = {(row.connection.kind, row.state) for row in rows}
        assert states == {(kind, "sent") for kind in self.accounts}, self.why_not(message)
        return {row.connection.kind: row for row in rows}

    def why_not(self, message: Message) -> object:
        """Say where each delivery of a message stands."""
        rows = Delivery.objects.of(self.agency).about(message.subject)
        return list(rows.values_list("connection__account", "operation", "state", "said"))

    def heard(self, kind: str, words: str) -> Conversation:
        """Let the worker collect until a resident's words are in the inbox; return their conversation."""
        found = Conversation.objects.of(self.agency).filter(
            connection__account__startswith=f"{kind}:", lines__text=words
        )
        work(found.exists, lambda: list(Conversation.objects.values_list("person", "topic")))
        return found.get()

    def answer(self, conversation: Conversation, text: str) -> Delivery:
        """Let Carol claim and answer, and the worker carry it there."""
        conversations.claim(conversation=conversation, by=self.carol)
        line = answers.answer(conversation=conversation, text=text, by=self.carol)
        rows = Delivery.objects.about(f"answer:{line.pk}")
        sent = rows.filter(state="sent")
        work(sent.exists, lambda: list(rows.values_list("state", "said")))
        return sent.get()


def _any(ask: Callable[[], Sequence[object]]) -> bool:
    return bool(ask())


def work(done: Callable[[], bool], why: Callable[[], object]) -> None:
    """Run the worker's own jobs, round after round, until it is done.

    Raises:
        AssertionError: it was not done in time, or a job failed.
    """
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, why()
        assert schedule.run_once() == []
        # What waits for its minute need not: time passes between rounds of a worker.
        Connection.objects.update(collected_at=None, listen_after=None)
        time.sleep(0.3)
