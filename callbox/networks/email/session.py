"""Sending letters over SMTP: what was surely not sent, what surely was, and what nobody knows."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from datetime import UTC, datetime
from email.headerregistry import Address

from callbox.core.address import AddressRefusedError
from callbox.networks.contract import NotSentError, Reader, Resolver, SignInError, UnclearError, as_written
from callbox.networks.email import arriving
from callbox.networks.email.letter import address_of, compose, message_id
from callbox.networks.email.mailbox import Mailbox
from callbox.networks.vocabulary import Batch, Identity, Receipt, Rendition

#: Tried again after this many seconds when a server says "later" (greylisting asks for about five minutes) or cannot be reached.
LATER_SECONDS = 300.0
UNREACHED_SECONDS = 60.0
#: The server wants us signed in, or did not believe us (RFC 4954).
_SIGN_IN = frozenset({530, 534, 535, 538})


class EmailSession:
    """One sender. A letter has no copy of its own that could be looked up, changed or taken back."""

    def __init__(self, mailbox: Mailbox, *, resolve: Resolver = as_written) -> None:
        self._mailbox = mailbox
        self._resolve = resolve
        self._open: smtplib.SMTP | None = None

    def identity(self) -> Identity:
        """Sign in, also where answers arrive, and return the sender.

        Raises:
            NotSentError, SignInError: the server cannot be reached, or does not know us.
        """
        self._line()
        if self._mailbox.imap_server:
            with arriving.inbox(self._mailbox):
                pass
        return Identity(handle=self._mailbox.sender, name=self._mailbox.name)

    def publish(self, rendition: Rendition, *, key: str, media: Reader, recipient: str = "") -> Receipt:
        """Send one letter.

        Raises:
            NotSentError, SignInError: the server said no, or nothing of the letter had left.
            UnclearError: the line broke after the letter began; the server may have taken it.
        """
        mailbox, at = self._mailbox, datetime.now(UTC)
        known = self._resolve(recipient)
        if known is None:
            raise NotSentError("This person gets no letters any more.")
        bare, to = address_of(mailbox.sender), address_of(known.address)
        sender = Address(mailbox.name, bare.username, bare.domain)
        unsubscribe = known.unsubscribe or mailbox.unsubscribe.replace("{key}", key)
        letter = compose(
            rendition, key=key, sender=sender, recipient=to, unsubscribe=unsubscribe, media=media, at=at
        )  # fmt: skip
        line = self._line()
        try:
            self._envelope(line, bare.addr_spec, to.addr_spec)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise _unnamed(not_sent(error), to.addr_spec, known.address) from None
        try:
            self._data(line, letter)
        except NotSentError as error:
            raise _unnamed(error, to.addr_spec, known.address) from None
        return Receipt(message_id(key, bare.domain), at=at)

    def _envelope(self, line: smtplib.SMTP, sender: str, recipient: str) -> None:
        _expect(line.mail(sender), 250)
        _expect(line.rcpt(recipient), 250, 251)
        _expect(line.docmd("DATA"), 354)

    def _data(self, line: smtplib.SMTP, letter: bytes) -> None:
        """Send the letter's bytes; from the first of them on, whatever is neither a yes nor a no means that nobody knows."""
        stuffed = re.sub(rb"(?m)^\.", b"..", letter)
        try:
            line.send(stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n")
            code, said = line.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise UnclearError("The mail server broke off while it took the letter.") from error
        if 200 <= code < 300:
            return
        self.close()
        if 400 <= code < 600:
            raise not_sent(smtplib.SMTPResponseException(code, said))
        raise UnclearError("The mail server took the letter and answered neither yes nor no.")

    def find(self, rendition: Rendition, *, key: str, since: datetime) -> Receipt | None:  # noqa: ARG002
        """Refuse: a letter lies in the recipient's box, where we cannot look.

        Raises:
            NotSentError: always.
        """
        raise NotSentError("A letter cannot be looked up after it left.")

    def edit(self, remote_id: str, rendition: Rendition, *, key: str, media: Reader) -> Receipt:  # noqa: ARG002
        """Refuse.

        Raises:
            NotSentError: always.
        """
        raise NotSentError("A letter cannot be changed after it left; send a correction.")

    def withdraw(self, remote_id: str) -> None:  # noqa: ARG002
        """Refuse.

        Raises:
            NotSentError: always.
        """
        raise NotSentError("A letter cannot be taken back after it left; send a correction.")

    def hide(self, remote_id: str, *, hidden: bool) -> None:  # noqa: ARG002
        """Refuse.

        Raises:
            NotSentError: always.
        """
        raise NotSentError("A letter is seen by nobody else, so there is nothing to hide.")

    def exists(self, remote_id: str) -> bool:  # noqa: ARG002
        """Refuse.

        Raises:
            NotSentError: always.
        """
        raise NotSentError("A letter cannot be looked up after it left.")

    def collect(self, cursor: str) -> Batch:
        """Return the next letters that arrived. cursor: "<UIDVALIDITY>:<last UID>".

        Raises:
            NotSentError, SignInError: the IMAP server cannot be reached, is not known, or does not know us.
        """
        return arriving.collect(self._mailbox, cursor)

    def close(self) -> None:
        """Say goodbye to the server."""
        if self._open is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._open.quit()
            self._open.close()
            self._open = None

    def _line(self) -> smtplib.SMTP:
        """Return a line that answers, the one that is open or a new one; nothing was sent before it does."""
        if self._open is not None:
            try:
                if self._open.rset()[0] == 250:
                    return self._open
            except (OSError, smtplib.SMTPException):
                pass
            self.close()
        try:
            self._open = self._mailbox.smtp()
            if self._mailbox.user:
                self._mailbox.sign_in(self._open)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise not_sent(error) from error
        return self._open


def not_sent(error: Exception) -> NotSentError:
    """Return what an error before the letter's first byte means: sign in anew, later, or never like this."""
    if isinstance(error, smtplib.SMTPResponseException):
        code = int(error.smtp_code)
        said = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        words = " ".join(f"The mail server answered {code} {said}".split())[:300]
        if code in _SIGN_IN:
            return SignInError(words)
        return NotSentError(words, after=LATER_SECONDS if 400 <= code < 500 else None)
    if isinstance(error, AddressRefusedError):
        return NotSentError("The mail server has a private address that is not on the list of those we may speak to.")
    if isinstance(error, ssl.SSLCertVerificationError):
        return NotSentError("The mail server's certificate is not valid.", after=LATER_SECONDS)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return NotSentError("The mail server offers no encryption or no way to sign in.")
    return NotSentError("The mail server cannot be reached.", after=UNREACHED_SECONDS)


def _unnamed(error: NotSentError, *addresses: str) -> NotSentError:
    """Return the error without the recipient's address, which mail servers like to repeat: what was said stands in the trail."""
    said = error.said
    for address in addresses:
        said = re.sub(re.escape(address), "the recipient", said, flags=re.IGNORECASE)
    return SignInError(said) if isinstance(error, SignInError) else NotSentError(said, after=error.after)


def _expect(answer: tuple[int, bytes], *codes: int) -> None:
    if answer[0] not in codes:
        raise smtplib.SMTPResponseException(answer[0], answer[1])
