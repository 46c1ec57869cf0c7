"""The words of a status, which Mastodon hands out as HTML. Pure.

Paragraphs stay paragraphs, and where a link's words hide its address the address is kept behind them.
"""

from __future__ import annotations

import html
import re
from typing import Final
from urllib.parse import urlsplit

import nh3

#: Characters of a status that are looked at, marks included; no server publishes longer ones.
LONGEST: Final = 200_000
_KEPT: Final = {"p", "br", "a", "li", "blockquote", "pre", "div"}
_LINK: Final = re.compile(r'<a(?: href="([^"]*)")?[^>]*>(.*?)</a>', re.DOTALL)
_ENDS: Final = re.compile(r"</(?:p|blockquote|pre|div)>\s*")
_TAG: Final = re.compile(r"<[^>]*>")
_WORD: Final = re.compile(r"\w+")
_ELSEWHERE: Final = re.compile(r"(@\w[\w.-]*)@[\w.-]+(?::\d+)?")


def text_of(content: str) -> str:
    """Return the visible text of a status."""
    clean = nh3.clean(content[:LONGEST], tags=_KEPT, attributes={"a": {"href"}}, link_rel=None)
    clean = _LINK.sub(_link, clean.replace("\r", "").replace("\n", " "))
    clean = re.sub(r"<br ?/?>", "\n", clean)
    clean = _TAG.sub("", _ENDS.sub("\n\n", clean).replace("</li>", "\n"))
    lines = (" ".join(line.split()) for line in html.unescape(clean).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _link(found: re.Match[str]) -> str:
    address, words = found[1] or "", _TAG.sub("", found[2])
    plain = words.strip()
    if not address or plain.startswith(("@", "#")):
        return words
    shown = plain.rstrip("…").removesuffix("...")
    without_scheme = address.partition("://")[2]
    if shown and (
        address.startswith(shown) or without_scheme.removeprefix("www.").startswith(shown.removeprefix("www."))
    ):
        return address  # what is shown is the address, perhaps shortened
    return f"{words} ({address})" if urlsplit(html.unescape(address)).scheme in {"http", "https", "mailto"} else words


def same_words(written: str, content: str) -> bool:
    """Whether a status holds what we wrote. Compared by words: servers set marks, links and mentions in their own way."""
    there = _words(text_of(content))
    return there in (_words(written), _words(text_of(written)))  # some servers take tags out of what was written


def _words(text: str) -> list[str]:
    return _WORD.findall(_ELSEWHERE.sub(r"\1", text).casefold())
