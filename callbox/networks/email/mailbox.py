"""Where an agency's letters leave and arrive, and how its two servers are spoken to."""

from __future__ import annotations

import base64
import imaplib
import smtplib
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import override

from imap_tools import BaseMailBox
from imap_tools.errors import MailboxLoginError

from callbox.core import address
from callbox.networks.contract import CONNECT_SECONDS, TOTAL_SECONDS, NotSentError
from callbox.networks.email.letter import address_of, one_line

#: How the line is kept secret: from its first byte, after a greeting, or not at all (a server on this machine).
SECURITY = ("tls", "starttls", "none")
_IMAPS = 993
_SIGNED_IN = 235


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Settings of one sender. sender: a bare address.  unsubscribe: a web address with `{key}`, empty for none.

    private: "host:port" whose private addresses may be spoken to.
    """

    server: str
    port: int
    security: str
    sender: str
    name: str = ""
    imap_server: str = ""
    imap_port: int = _IMAPS
    unsubscribe: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    private: frozenset[str] = frozenset()

    @classmethod
    def of(cls, settings: Mapping[str, str], secrets: Mapping[str, str], private: frozenset[str]) -> Mailbox:
        """Read the settings of a connection.

        Raises:
            NotSentError: one of them makes no sense.
        """
        said = {name: str(settings.get(name, "")).strip() for name in (
            "server", "port", "security", "sender", "name", "imap_server", "imap_port", "unsubscribe",
        )}  # fmt: skip
        security = said["security"] or "starttls"
        if security not in SECURITY:
            raise NotSentError(f"The security of the mail server must be tls, starttls or none, not {security!r}.")
        if not said["server"] or "@" not in said["sender"]:
            raise NotSentError("The mail server or the sender's address is missing.")
        address_of(said["sender"], of="sender")
        return cls(
            server=said["server"],
            port=_port(said["port"], 465 if security == "tls" else 587),
            security=security,
            sender=said["sender"],
            name=one_line(said["name"]),
            imap_server=said["imap_server"],
            imap_port=_port(said["imap_port"], _IMAPS),
            unsubscribe=said["unsubscribe"],
            user=secrets.get("user", ""),
            password=secrets.get("password", ""),
            private=private,
        )

    @property
    def domain(self) -> str:
        """The part of the sender's address behind the @, as servers know it."""
        return address_of(self.sender, of="sender").domain

    def smtp(self) -> smtplib.SMTP:
        """Return a greeted connection to the SMTP server, encrypted as the settings say.

        Raises:
            OSError, smtplib.SMTPException: it did not come about; nothing was sent.
        """
        line = _Smtp(self)
        try:
            line.connect(self.server, self.port)
            line.ehlo_or_helo_if_needed()
            if self.security == "starttls":
                line.starttls(context=ssl.create_default_context())
                line.ehlo_or_helo_if_needed()
        except BaseException:
            line.close()
            raise
        return line

    def sign_in(self, line: smtplib.SMTP) -> None:
        """Sign in to the SMTP server. A name or password with other letters than ASCII goes as UTF-8 (RFC 4616); smtplib knows none.

        Raises:
            OSError, smtplib.SMTPException: it did not come about.
        """
        if self._plain:
            line.login(self.user, self.password)
            return
        if not line.has_extn("auth"):
            raise smtplib.SMTPNotSupportedError
        said = base64.b64encode(f"\0{self.user}\0{self.password}".encode()).decode()
        code, answer = line.docmd("AUTH", f"PLAIN {said}")
        if code != _SIGNED_IN:
            raise smtplib.SMTPAuthenticationError(code, answer)

    @property
    def _plain(self) -> bool:
        return f"{self.user}{self.password}".isascii()

    def imap(self) -> BaseMailBox:
        """Return a signed-in connection to the IMAP server, encrypted unless the settings say that nothing is.

        Raises:
            OSError, imaplib.IMAP4.error, ImapToolsError: it did not come about.
        """
        box = _Imap(self)
        try:
            if self._plain:
                box.login(self.user, self.password)
            else:
                self._sign_in_as_utf8(box)
        except BaseException:
            box.client.shutdown()
            raise
        return box

    def _sign_in_as_utf8(self, box: BaseMailBox) -> None:
        try:
            box.login_utf8(self.user, self.password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise MailboxLoginError(("NO", [str(error).encode()]), "OK") from error


class _Smtp(smtplib.SMTP):
    """SMTP over a line to an address that was judged, TLS from the first byte where asked for."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        super().__init__(local_hostname=mailbox.domain, timeout=CONNECT_SECONDS)
        self._host = (
            mailbox.server
        )  # whose certificate STARTTLS asks for; smtplib sets it only when it connects at once

    def _get_socket(
        self, host: str, port: int, timeout: float
    ) -> socket.socket:  # smtplib's own hook for its subclasses
        return _line(self._mailbox, host, port, timeout, tls=self._mailbox.security == "tls")


class _Imap(BaseMailBox):
    """imap-tools over such a line."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        super().__init__()

    @override
    def _get_mailbox_client(self) -> imaplib.IMAP4:
        client = _ImapLine(self._mailbox)
        try:
            if self._mailbox.security != "none" and self._mailbox.imap_port != _IMAPS:
                client.starttls(ssl.create_default_context())
        except BaseException:
            client.shutdown()
            raise
        return client


class _ImapLine(imaplib.IMAP4):
    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        super().__init__(mailbox.imap_server, mailbox.imap_port, timeout=CONNECT_SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        port = self._mailbox.imap_port
        return _line(self._mailbox, self._mailbox.imap_server, port, timeout or CONNECT_SECONDS, tls=port == _IMAPS)


def _line(mailbox: Mailbox, host: str, port: int, timeout: float, *, tls: bool) -> socket.socket:
    line = address.connect(host, port, private=mailbox.private, seconds=timeout)
    try:
        if tls:
            line = ssl.create_default_context().wrap_socket(line, server_hostname=host)
        line.settimeout(TOTAL_SECONDS)  # connected: from here on a server may take its time
    except BaseException:
        line.close()
        raise
    return line


def _port(text: str, default: int) -> int:
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65_536:
        raise NotSentError(f"The port of the mail server must be a number up to 65535, not {text!r}.")
    return int(text)
