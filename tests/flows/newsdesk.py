"""A small press office: who writes, who approves, and two accounts that write into files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from callbox.flows import publication
from callbox.networks.connections.models import Connection
from callbox.networks.deliveries import sending
from callbox.networks.paper.files import Files, Post
from callbox.networks.vocabulary import Content
from callbox.people.models import Agency, User
from callbox.people.roles import Role
from callbox.voice.models import Message
from callbox.voice.services import messages
from tests.people import Cast, person

WORDS = "Route 7 is closed at the bridge until six. Please use the ferry."
ACCOUNTS = ("paper:harbour", "paper:harbour-east")


@dataclass(frozen=True)
class Newsdesk:
    """wendy writes (press officer), olu is an officer, abe and bea approve."""

    agency: Agency
    other: Agency
    wendy: User
    olu: User
    abe: User
    bea: User

    def write(self, text: str = WORDS, *, by: User | None = None, **more: Any) -> Message:
        """Draft a message for both accounts."""
        fields: dict[str, Any] = {"accounts": ACCOUNTS, **more}
        content = fields.pop("content", None) or Content(text)
        return messages.draft(agency=self.agency, content=content, by=by or self.wendy, **fields)

    def submitted(self, text: str = WORDS, **more: Any) -> Message:
        """Draft and submit a message."""
        message = self.write(text, **more)
        publication.submit(message=message, by=message.by)
        return message

    def approved(self, text: str = WORDS, **more: Any) -> Message:
        """Draft, submit and approve a message."""
        message = self.submitted(text, **more)
        self.approve(message)
        return message

    def approve(self, message: Message, *, by: User | None = None) -> None:
        """Approve what stands there now."""
        publication.approve(message=message, digest=seen(message), by=by or self.abe)


def seen(message: Message) -> str:
    """Return the digest of what an approver's page shows now."""
    return publication.bound_of(message.newest).digest


def make_newsdesk(cast: Cast) -> Newsdesk:
    """Write the press office into the database."""
    staff = {
        name: person(name.title(), cast.agency, role, second_factor=False)
        for name, role in {
            "wendy": Role.PRESS_OFFICER,
            "olu": Role.OFFICER,
            "abe": Role.APPROVER,
            "bea": Role.APPROVER,
        }.items()
    }
    for account in ACCOUNTS:
        connect(cast.agency, account, by=cast.erin)
    return Newsdesk(agency=cast.agency, other=cast.other, **staff)


def connect(agency: Agency, account: str, *, by: User, **details: object) -> Connection:
    """Write a connection as if the network had accepted it."""
    handle = account.partition(":")[2]
    return Connection.objects.create(
        agency=agency, account=account, details={"handle": handle, **details}, by=by, at=timezone.now()
    )


def soon(hours: float = 1) -> datetime:
    """Return a moment ahead of now."""
    return timezone.now() + timedelta(hours=hours)


def send() -> None:
    """Let the sender do all there is to do, then settle the messages."""
    sending.send_waiting()
    publication.settle_messages()


def posts(account: str = "harbour") -> list[Post]:
    """Return what stands in the folder of a paper account, withdrawn posts left out."""
    files = Files(Path(settings.DATA) / "paper", account)
    return [post for post in files.all() if not post.withdrawn]


def texts(account: str = "harbour") -> list[str]:
    """Return the words of what stands in the folder of a paper account."""
    return [str(post.shown["text"]) for post in posts(account)]
