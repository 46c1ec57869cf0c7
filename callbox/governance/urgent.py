"""Which words of a message speak of danger. Pure: it finds words, it decides nothing; a person reads every message."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

import yaml


def urgent_words(text: str) -> tuple[str, ...]:
    """Return the phrases of danger found in `text`, in any of the listed languages, each once, as the list writes them."""
    flat = _flat(text)
    return tuple(phrase for phrase, pattern in _patterns() if pattern.search(flat))


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    lists: dict[str, list[str]] = yaml.safe_load(
        (files("callbox.governance") / "urgent.yaml").read_text(encoding="utf-8")
    )
    phrases = dict.fromkeys(str(phrase) for words in lists.values() for phrase in words)
    return tuple((phrase, re.compile(rf"(?<!\w){re.escape(_flat(phrase))}(?!\w)")) for phrase in phrases)


def _flat(text: str) -> str:
    """Return small letters without accents and with single blanks."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(sign for sign in apart if not unicodedata.combining(sign)).replace("-", " ").split())
