"""The words of a letter: its text part, or its HTML as text. What it quotes stays, because it says what is answered."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

from imap_tools import MailMessage

#: Characters kept of one letter.
LONGEST: Final = 100_000
_HIDDEN: Final = frozenset({"script", "style", "head", "title", "template", "noscript"})
_BLOCKS: Final = frozenset(
    {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table", "hr", "pre"}
)


def text_of(message: MailMessage) -> str:
    """Return the letter's words, what was attached counted in the last line."""
    try:
        words = message.text.strip() or html_to_text(message.html)
    except (LookupError, ValueError):  # a charset nobody knows
        words = ""
    words = "\n".join(line.rstrip() for line in words.replace("\r\n", "\n").replace("\x00", "").split("\n"))
    count = len(message.attachments)
    subject = " ".join(message.subject.split())
    parts = [subject if subject and not re.match(r"(?i)(re|aw|sv|fwd?)\s*:", subject) else "", words.strip()[:LONGEST]]
    if count:
        parts.append(f"[{count} attached, not stored]")
    return "\n\n".join(part for part in parts if part)


def html_to_text(page: str) -> str:
    """Return what a person would read of an HTML letter, quoted parts marked with `> `."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._line = ""
        self._hidden = 0
        self._quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - HTMLParser's signature
        if tag in _HIDDEN:
            self._hidden += 1
        if tag in _BLOCKS:
            self._break()
        if tag == "blockquote":
            self._quoted += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        if tag in _BLOCKS:
            self._break()
        if tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._line += re.sub(r"\s+", " ", data)

    def _break(self) -> None:
        if self._line.strip():
            self._out.append("> " * self._quoted + self._line.strip())
        self._line = ""

    def text(self) -> str:
        self._break()
        return "\n".join(self._out)
