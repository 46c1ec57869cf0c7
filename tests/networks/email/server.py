"""A mail server in this process: SMTP by aiosmtpd with a box of what arrived, and faults on demand."""

from __future__ import annotations

import email
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "press", "a secret"


class Box:
    """What arrived. fault: the answer given instead at a stage (`MAIL`, `RCPT`, `DATA`, `END`); `BREAK` cuts the line after the letter."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.recipients: list[str] = []
        self.greeted: list[str] = []
        self.fault: dict[str, str] = {}

    @property
    def messages(self) -> list[EmailMessage]:
        """The letters, parsed."""
        return [email.message_from_bytes(each, policy=default) for each in self.letters]

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.greeted.append(hostname)
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        if "MAIL" in self.fault:
            return self.fault["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        if "RCPT" in self.fault:
            return self.fault["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if "END" in self.fault:
            return self.fault["END"]
        assert isinstance(envelope.content, bytes)
        self.letters.append(envelope.content)
        self.recipients += envelope.rcpt_tos
        if "BREAK" in self.fault:
            assert server.transport is not None
            server.transport.abort()  # type: ignore[attr-defined]  # a socket's transport has it
        return "250 Kept"


class _Controller(Controller):
    """Asks the system for a free port."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = int(self.server.sockets[0].getsockname()[1])  # type: ignore[attr-defined]  # asyncio.Server
        super()._trigger_server()  # type: ignore[no-untyped-call]


class Server:
    """One server on a free port."""

    def __init__(self, *, sign_in: bool = False, password: str = PASSWORD) -> None:
        self.box = Box()
        self._password = password
        self._controller = _Controller(
            self.box,
            hostname="127.0.0.1",
            port=0,
            auth_required=sign_in,
            auth_require_tls=False,
            authenticator=self._knows if sign_in else None,
        )

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._controller.port

    def __enter__(self) -> Server:
        self._controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._controller.stop()

    def _knows(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        known = (USER.encode(), self._password.encode())
        right = isinstance(data, LoginPassword) and (data.login, data.password) == known
        return AuthResult(success=right, handled=False)
