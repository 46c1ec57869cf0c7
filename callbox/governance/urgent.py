"""Which words of a message speak of danger. Pure: it finds words, it decides nothing; a person reads every message."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final

import yaml

#: Signs that telephones write for others.
_PLAIN: Final = dict.fromkeys("-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}\N{EM DASH}", " ") | {
    "\N{RIGHT SINGLE QUOTATION MARK}": "'"
}

#: What Arabic writes onto the beginning of a word: and, so, with, like, for, the.
_BEFORE: Final = "(?:[وف]?(?:[بكل]?ال|لل|[بكل])?)"
#: ... and onto its end: my, your, his, her, our, their.
_AFTER: Final = "(?:ي|ك|كم|كما|كن|ه|ها|هم|هن|هما|نا)?"
_ARABIC: Final = re.compile(r"[\u0600-\u06ff]")


def urgent_words(text: str) -> tuple[str, ...]:
    """Return the phrases of danger found in `text`, in any of the listed languages, each once, as the list writes them."""
    flat = flattened(text)
    return tuple(phrase for phrase, pattern in _patterns() if pattern.search(flat))


def pattern_of(phrase: str) -> re.Pattern[str]:
    """Return what finds a phrase of whole words in a flattened text; an Arabic one also with what is written onto it."""
    flat = re.escape(flattened(phrase))
    if _ARABIC.search(phrase):
        flat = f"{_BEFORE}{flat}{_AFTER}"
    return re.compile(rf"(?<!\w){flat}(?!\w)")


def flattened(text: str) -> str:
    """Return small letters without accents, without what is not seen, with dashes as blanks and single blanks."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(_PLAIN.get(sign, sign) for sign in apart if not _unseen(sign)).split())


def _unseen(sign: str) -> bool:
    """Whether a reader sees nothing of it: an accent, a mark of direction, a soft hyphen, the line that stretches Arabic words."""
    return bool(unicodedata.combining(sign)) or unicodedata.category(sign) == "Cf" or sign == "\N{ARABIC TATWEEL}"


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    lists: dict[str, list[str]] = yaml.safe_load(
        (files("callbox.governance") / "urgent.yaml").read_text(encoding="utf-8")
    )
    phrases = dict.fromkeys(str(phrase) for words in lists.values() for phrase in words)
    return tuple((phrase, pattern_of(phrase)) for phrase in phrases)
