"""A letter as bytes: headers that cannot be broken out of, plain text, and the same words as simple HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from callbox.networks.contract import NotSentError, Reader
from callbox.networks.vocabulary import Rendition

#: Seven bits and short lines: every server takes them, and none of them breaks a signature on the way.
_POLICY: Final = SMTP.clone(cte_type="7bit")
#: Headers are folded late: some readers lose an address that begins on a second line.
_HEADERS: Final = _POLICY.clone(max_line_length=900)
_LINK: Final = re.compile(r"https?://[^\s<>\"]+")
_RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "he", "ur"})
_END: Final[Mapping[str, str]] = {
    "en": "You get this letter because you asked for it. To end it: {}",
    "es": "Recibe esta carta porque la pidió. Para dejar de recibirla: {}",
    "fr": "Vous recevez cette lettre parce que vous l’avez demandée. Pour ne plus la recevoir : {}",
    "ar": "تصلك هذه الرسالة لأنك طلبتها. لإيقافها: {}",
}


def message_id(key: str, domain: str) -> str:
    """Return the Message-ID of a delivery's letter: always the same, so that a repeated letter can be told (RFC 5322, 3.6.4)."""
    return f"<{key}@{domain}>"


def address_of(text: str, *, of: str = "recipient") -> Address:
    """Read one bare e-mail address. of: whose it is, for people.

    Raises:
        NotSentError: it is none, or it holds a line break.
    """
    try:
        found = Address(addr_spec=text.strip())
        domain = found.domain.encode("idna").decode()
    except (HeaderParseError, ValueError, IndexError):
        raise NotSentError(f"The {of}'s address is not an e-mail address.") from None
    if not found.username or ("." not in domain.strip(".") and domain != "localhost"):
        raise NotSentError(f"The {of}'s address is not an e-mail address.")
    if not found.username.isascii():
        raise NotSentError(f"The {of}'s address has letters before the @ that this mail server cannot take.")
    return Address(username=found.username, domain=domain)


def compose(
    rendition: Rendition,
    *,
    key: str,
    sender: Address,
    recipient: Address,
    unsubscribe: str,
    media: Reader,
    at: datetime,
) -> bytes:
    """Return the letter, ready for DATA. unsubscribe: the web address that ends the subscription, empty for none."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = one_line(rendition.title) or ("Re: " + one_line(rendition.text)[:60])
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id(key, sender.domain)
    message["Content-Language"] = one_line(rendition.language)
    if rendition.reply_to:
        message["In-Reply-To"] = message["References"] = one_line(rendition.reply_to)
    else:
        _as_list(message, sender, unsubscribe)
    end = _end(rendition, unsubscribe)
    message.set_content(_plain(rendition, end))
    message.add_alternative(_html(rendition, end), subtype="html")
    part = message.get_payload()[1]  # type: ignore[index]  # the alternative just added
    for each in rendition.media:
        maintype, _slash, subtype = each.type.partition("/")
        part.add_related(media(each.sha256), maintype, subtype, cid=f"<{each.sha256}>", disposition="inline")  # type: ignore[union-attr]
    return message.as_bytes(policy=_HEADERS)


def _as_list(message: EmailMessage, sender: Address, unsubscribe: str) -> None:
    """Say that a list sent it (RFC 2919, RFC 3834), and how to leave the list with one click (RFC 8058, by https alone)."""
    message["Auto-Submitted"] = "auto-generated"
    message["List-Id"] = f"<{sender.username}.{sender.domain}>"
    if unsubscribe:
        message["List-Unsubscribe"] = f"<{one_line(unsubscribe)}>"
        if unsubscribe.startswith("https://"):
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _end(rendition: Rendition, unsubscribe: str) -> str:
    if rendition.reply_to or not unsubscribe:
        return ""
    return _END.get(rendition.language.partition("-")[0].lower(), _END["en"]).format(unsubscribe)


def _plain(rendition: Rendition, end: str) -> str:
    pictures = [f"[{each.alt}]" for each in rendition.media if each.alt]
    return "\n\n".join([rendition.text, *pictures, *([f"-- \n{end}"] if end else [])]) + "\n"


def _html(rendition: Rendition, end: str) -> str:
    language = html.escape(rendition.language)
    direction = "rtl" if rendition.language.partition("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"
    title = f"<h1>{html.escape(rendition.title)}</h1>" if rendition.title else ""
    body = "".join(f"<p>{_linked(part)}</p>" for part in re.split(r"\n\s*\n", rendition.text.strip()))
    pictures = "".join(
        f'<p><img src="cid:{each.sha256}" alt="{html.escape(each.alt)}"></p>' for each in rendition.media
    )
    last = f"<hr><p>{_linked(end)}</p>" if end else ""
    return (
        f'<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8"><title>'
        f"{html.escape(rendition.title)}</title></head><body>{title}{body}{pictures}{last}</body></html>\n"
    )


def _linked(text: str) -> str:
    """Return the text escaped, its web addresses as links, its line breaks kept."""
    out, begin = [], 0
    for found in _LINK.finditer(text):
        address = found[0].rstrip(".,;:!?)")
        out += [
            html.escape(text[begin : found.start()]),
            f'<a href="{html.escape(address)}">{html.escape(address)}</a>',
        ]
        begin = found.start() + len(address)
    out.append(html.escape(text[begin:]))
    return "".join(out).replace("\n", "<br>\n")


def one_line(text: str) -> str:
    """Return the text without line breaks and control characters: a header is one line and nothing else."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
