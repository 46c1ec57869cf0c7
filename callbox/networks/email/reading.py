"""The words of a letter: its text part, or its HTML as text. What it quotes stays, because it says what is answered."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.errors import MessageError
from html.parser import HTMLParser
from typing import Final, Literal

import nh3
from imap_tools import MailMessage

#: Characters kept of one letter.
LONGEST: Final = 100_000
#: ... and of an HTML letter looked at: what is nested deeper or longer than letters are takes readers of HTML minutes.
_LONGEST_PAGE: Final = 200_000
#: More marks before a quoted line tell nobody anything.
_DEEPEST: Final = 5
_HIDDEN: Final = {"script", "style", "head", "title", "template", "noscript"}
_BLOCKS: Final = {
    *("p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table", "hr", "pre"),
}


#: How much of a letter is at hand; a head has no words.
type Extent = Literal["whole", "beginning", "head"]

#: What the libraries raise over letters that nobody writes and strangers send.
STUMBLES: Final = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError, MessageError)


def safely[T, U](ask: Callable[[], T], otherwise: U) -> T | U:
    """Return a part of a letter, `otherwise` where it is damaged: what is sound of the letter is read all the same."""
    try:
        return ask()
    except STUMBLES:
        return otherwise


def text_of(message: MailMessage, extent: Extent = "whole") -> str:
    """Return the letter's words; the last lines say what was attached and what could not be read."""
    found = safely(lambda: message.text.strip() or html_to_text(message.html), None)
    words = "\n".join(line.rstrip() for line in (found or "").replace("\r\n", "\n").replace("\x00", "").split("\n"))
    count = safely(lambda: len(message.attachments), 0)
    subject = " ".join(safely(lambda: message.subject, str(message.obj.get("Subject", ""))).split())
    parts = [subject if subject and not re.match(r"(?i)(re|aw|sv|fwd?)\s*:", subject) else "", words.strip()[:LONGEST]]
    if count:
        parts.append(f"[{count} attached, not stored]")
    if extent == "beginning":
        parts.append("[A large letter: only its beginning was read. It lies whole in the mailbox.]")
    if extent == "head" or found is None:
        parts.append("[Its words could not be read here. It lies whole in the mailbox.]")
    return "\n\n".join(part for part in parts if part)


def html_to_text(page: str) -> str:
    """Return what a person would read of an HTML letter, quoted parts marked with `> `."""
    reader = _Reader()
    # Whatever strangers sent becomes well-formed first: Python's own reader takes minutes over some of the rest.
    reader.feed(nh3.clean(page[:_LONGEST_PAGE], tags=_BLOCKS, clean_content_tags=_HIDDEN, attributes={}))
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._line: list[str] = []
        self._quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - HTMLParser's signature
        self._break()
        self._quoted += tag == "blockquote"

    def handle_endtag(self, tag: str) -> None:
        self._break()
        self._quoted -= tag == "blockquote"

    def handle_data(self, data: str) -> None:
        self._line.append(data)

    def _break(self) -> None:
        line = " ".join("".join(self._line).split())
        if line:
            self._out.append("> " * min(self._quoted, _DEEPEST) + line)
        self._line.clear()

    def text(self) -> str:
        self._break()
        return "\n".join(self._out)
