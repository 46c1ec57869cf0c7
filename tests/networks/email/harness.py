"""E-mail for the contract test: an SMTP and an IMAP server in this process."""

from __future__ import annotations

import socket
import uuid
from email.message import EmailMessage
from email.policy import SMTP as LINES
from pathlib import Path

from callbox.networks.contract import Ability, Place, Session
from callbox.networks.email.network import Email
from tests.networks.email.imap import Imap
from tests.networks.email.server import PASSWORD, USER, Server

SENDER = "news@harbour.example"


def settings(smtp_port: int, imap_port: int = 0) -> dict[str, str]:
    """Return a connection's settings for servers of this machine."""
    return {
        "server": "127.0.0.1",
        "port": str(smtp_port),
        "security": "none",
        "sender": SENDER,
        "name": "Harbour City Police",
        "imap_server": "127.0.0.1" if imap_port else "",
        "imap_port": str(imap_port or ""),
        "unsubscribe": "https://portal.harbour.example/u/{key}",
    }


def place(*ports: int) -> Place:
    """Return a place that may speak to ports of this machine."""
    return Place(folder=Path(), private=frozenset(f"127.0.0.1:{port}" for port in ports))


def closed_port() -> int:
    """Return a port of this machine where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class EmailHarness:
    """A sender with a list."""

    network = Email()
    account = f"email:{SENDER}"
    rows = False
    holes: frozenset[Ability] = frozenset()

    def start(self, folder: Path) -> None:
        """Start both servers."""
        self.smtp = Server().__enter__()
        self.imap = Imap(PASSWORD).__enter__()

    def stop(self) -> None:
        """End both."""
        self.imap.__exit__()
        self.smtp.__exit__()

    def session(self) -> Session:
        """Return a session of the sender; the SMTP server asks for no name, the IMAP server does."""
        return self._open(self.smtp.port)

    def unreachable(self) -> Session | None:
        """Return a session whose server is not there."""
        return self._open(closed_port())

    def breaking(self) -> Session | None:
        """Return a session whose server takes the letter and breaks off."""
        self.smtp.box.fault["BREAK"] = "yes"
        return self._open(self.smtp.port)

    def reply(self, to: str, text: str) -> None:
        """Let a resident answer the letter `to`."""
        message = EmailMessage(policy=LINES)
        message["From"] = "Ada Resident <ada@resident.example>"
        message["To"] = SENDER
        message["Subject"] = "Re: Traffic"
        message["Message-ID"] = f"<{uuid.uuid4()}@resident.example>"
        message["In-Reply-To"] = message["References"] = to
        message["Date"] = "Fri, 20 Nov 2026 10:00:00 +0100"
        message.set_content(text)
        self.imap.arrive(message.as_bytes())

    def _open(self, port: int) -> Session:
        return self.network.open(
            settings(port, self.imap.port), {"user": "", "password": PASSWORD}, place(port, self.imap.port)
        )


#: Used by tests that sign in.
SECRETS = {"user": USER, "password": PASSWORD}
