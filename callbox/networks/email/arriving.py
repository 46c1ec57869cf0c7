"""Letters that arrived: fetched over IMAP page by page, read as text, told apart from what machines write."""

from __future__ import annotations

import hashlib
import imaplib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Final

from imap_tools import BaseMailBox, EmailAddress, MailMessage
from imap_tools.errors import ImapToolsError, MailboxLoginError

from callbox.core.address import AddressRefusedError
from callbox.networks.contract import NotSentError, SignInError
from callbox.networks.email.mailbox import Mailbox
from callbox.networks.email.reading import STUMBLES, Extent, safely, text_of
from callbox.networks.storable import storable
from callbox.networks.vocabulary import Batch, Seen

#: Letters of a page, the largest that is fetched whole, and how much of a larger one: its words stand before what is attached. Bytes.
PAGE: Final = 50
LARGEST: Final = 10_000_000
BEGINNING: Final = 1_000_000
_ID: Final = re.compile(r"<[^<>\s]+>")
#: Senders that no person reads (RFC 3834, 2; RFC 5321, 4.5.5).
_ROBOTS: Final = re.compile(r"(mailer-daemon|postmaster|no-?reply|donotreply|bounces?)([+-].*)?@", re.IGNORECASE)


def collect(mailbox: Mailbox, cursor: str) -> Batch:
    """Return the next page of the inbox after `cursor`, "<UIDVALIDITY>:<last UID>"; from the beginning when the server counts anew.

    Nothing is marked as read, moved or deleted.

    Raises:
        NotSentError, SignInError: the server cannot be reached, is not set, or does not know us.
    """
    if not mailbox.imap_server:
        raise NotSentError("No server is set where answers arrive.")
    with inbox(mailbox) as box:
        return _page(mailbox, box, cursor)


@contextmanager
def inbox(mailbox: Mailbox) -> Iterator[BaseMailBox]:
    """Open the inbox.

    Raises:
        NotSentError, SignInError: the server cannot be reached, or does not know us.
    """
    try:
        with mailbox.imap() as box:
            yield box
    except MailboxLoginError as error:
        raise SignInError("The mail server did not accept the name or the password.") from error
    except AddressRefusedError as error:
        raise NotSentError(
            "The mail server has a private address that is not on the list of those we may speak to."
        ) from error
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
        raise NotSentError("The mail server where answers arrive cannot be reached.", after=60) from error


def _page(mailbox: Mailbox, box: BaseMailBox, cursor: str) -> Batch:
    validity = box.folder.status("INBOX", ["UIDVALIDITY"])["UIDVALIDITY"]
    before, _colon, last = cursor.partition(":")
    after = int(last) if before == str(validity) and last.isdigit() else 0
    # "n:*" names the last letter even when its number is smaller (RFC 3501, 6.4.8).
    waiting = sorted(uid for uid in map(int, box.uids(f"UID {after + 1}:*")) if uid > after)
    page = waiting[:PAGE]
    seen = tuple(_seen(mailbox, message, extent) for message, extent in _fetch(box, page))
    return Batch(seen, f"{validity}:{page[-1] if page else after}", more=len(waiting) > len(page))


def _fetch(box: BaseMailBox, page: list[int]) -> Iterator[tuple[MailMessage, Extent]]:
    """Yield the letters in order, one in memory at a time; of one that cannot be read its headers alone."""
    heads = _by_uid(box, page, headers_only=True)
    for uid in page:
        if uid in heads:
            large = heads[uid].size_rfc822 > LARGEST
            try:
                found = _beginning(box, uid) if large else _by_uid(box, [uid], headers_only=False).get(uid)
            except STUMBLES:  # nested beyond measure, for one: it must not keep the letters behind it from being heard
                found = None
            yield (found, "beginning" if large else "whole") if found else (heads[uid], "head")


def _beginning(box: BaseMailBox, uid: int) -> MailMessage | None:
    _status, answer = box.client.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{BEGINNING}>)")
    return next((MailMessage.from_bytes(part[1]) for part in answer if isinstance(part, tuple)), None)


def _by_uid(box: BaseMailBox, uids: list[int], *, headers_only: bool) -> dict[int, MailMessage]:
    if not uids:
        return {}
    found = box.fetch(uid_list=[str(uid) for uid in uids], mark_seen=False, headers_only=headers_only, bulk=True)
    return {int(message.uid): message for message in found if message.uid}


def _seen(mailbox: Mailbox, message: MailMessage, extent: Extent) -> Seen:
    own_id = next(iter(_ids(message, "message-id")), _without_id(message))
    references, answered = _ids(message, "references"), _ids(message, "in-reply-to")
    parent = (answered or references or [""])[-1]
    author = _author(message)
    sender = author.email.lower()
    attached = safely(lambda: [part.content_type for part in message.attachments], ())
    return Seen(
        remote_id=own_id[:500],
        at=_at(message),
        text=text_of(message, extent),
        author=f"email:{sender}"[:300],
        author_name=author.name[:300],
        own=sender == mailbox.sender.lower(),
        door="message",
        thread=(references or answered or [own_id])[0][:500],
        parent=parent[:500],
        language=_header(message, "content-language")[:35],
        images=sum(kind.startswith("image/") for kind in attached),
        videos=sum(kind.startswith("video/") for kind in attached),
        automatic=is_automatic(message, sender),
    )


def _author(message: MailMessage) -> EmailAddress:
    """Return who wrote it; where the name is damaged, the address alone."""
    otherwise = EmailAddress("", parseaddr(str(message.obj.get("From", "")))[1].strip())
    return safely(lambda: message.from_values or otherwise, otherwise)


def is_automatic(message: MailMessage, sender: str) -> bool:
    """Whether a machine wrote it: an absence notice, a letter that came back, another list (RFC 3834, RFC 3464, RFC 2919)."""
    submitted = _header(message, "auto-submitted").partition(";")[0].strip().lower()
    kind = message.obj.get_content_type()
    return (
        submitted not in {"", "no"}
        or kind == "multipart/report"
        or _header(message, "return-path").strip() == "<>"
        or _header(message, "precedence").strip().lower() in {"bulk", "junk", "list", "auto_reply"}
        or any(_header(message, name) for name in ("list-id", "x-autoreply", "x-autorespond", "x-failed-recipients"))
        or _ROBOTS.match(sender) is not None
        or not sender
    )


def _header(message: MailMessage, name: str) -> str:
    return " ".join(message.headers.get(name, ("",))[0].split())


def _ids(message: MailMessage, name: str) -> list[str]:
    """Return the Message-IDs of a header in order."""
    return [found for line in message.headers.get(name, ()) for found in _ID.findall(storable(line))]


def _without_id(message: MailMessage) -> str:
    """Return a name for a letter that brought none: the same letter gets the same one."""
    said = "\n".join(f"{name}: {value}" for name, values in sorted(message.headers.items()) for value in values)
    return f"<{hashlib.sha256(storable(said).encode()).hexdigest()[:40]}@no-message-id>"


def _at(message: MailMessage) -> datetime:
    """Return when it was written as it says, or now where that lies in the future or before e-mail."""
    now = datetime.now(UTC)
    date = safely(lambda: message.date, now)
    said = date if date.tzinfo else date.replace(tzinfo=UTC)
    return said if datetime(2004, 1, 1, tzinfo=UTC) <= said <= now else now
