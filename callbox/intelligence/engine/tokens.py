"""Text to words: case, forms of letters, diacritics and invisible signs are folded once, the same for queries and for posts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

import yaml

#: Scripts written without blanks (Thai, Lao, Burmese, Khmer, Chinese, Japanese) and emoji: each sign is a word of its own, so that a
#: longer word of them is a run of words, found wherever it stands.
_UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2600-\u27bf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U0001f000-\U0001faff\U00020000-\U0003ffff"
)


#: What makes no difference: diacritics of Latin, Greek and Cyrillic, vowel points of Hebrew and Arabic, the Arabic stroke that only
#: makes a word longer, signs that pick a picture, and invisible signs (soft hyphen, joiners, marks of direction, tags).
_FOLDED: Final = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670\ufe00-\ufe0f\u20e3"
    "\u00ad\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]+"
)


def _marks() -> str:
    """Return the vowels of Indian scripts and the like, which are part of the word they stand in, as ranges of a character class."""
    ends: list[list[int]] = []
    for code in range(0x300, 0x12000):
        if unicodedata.category(chr(code)) in {"Mn", "Mc"}:
            if ends and ends[-1][1] == code - 1:
                ends[-1][1] = code
            else:
                ends.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ends)


_MARKS: Final = _marks()
_WORD: Final = re.compile(f"[{_UNSPACED}][{_MARKS}]*|(?:[^\\W{_UNSPACED}]+[{_MARKS}]*)+")
#: Any sign but those of Latin, Greek, Cyrillic, Hebrew and Arabic and the usual punctuation. Where none stands, there is neither a sign
#: of `_UNSPACED` nor a mark, and `_PLAIN_WORD` finds the same words faster.
_SPECIAL: Final = re.compile(
    "[^\0-\u02ff\u0370-\u0482\u048a-\u0590\u05d0-\u060f\u0620-\u064a\u1e00-\u20cf\u20f1-\u25ff]"
)
_PLAIN_WORD: Final = re.compile(r"\w+")
_UNSPACED_SIGN: Final = re.compile(f"[{_UNSPACED}]")

#: Bytes of an ASCII text: letters become small, what is no letter, digit or underscore becomes a blank.
_ASCII: Final = bytes(ord(chr(code).lower()) if chr(code).isalnum() or chr(code) == "_" else 32 for code in range(128)) + bytes(
    [32] * 128
)  # fmt: skip

_PASSED_ON: Final = re.compile(r"\s*RT\s+@\w+:?\s*")
#: Each way begins with one letter, so that texts are skipped to such a letter quickly; ignoring case would forbid that.
_ADDRESSES: Final = re.compile(
    r"h[tT][tT][pP][sSſ]?://\S+|H[tT][tT][pP][sSſ]?://\S+|w[wW][wW]\.\S+|W[wW][wW]\.\S+|@[\w.-]+"
)


def words(text: str) -> list[str]:
    """Return the words of `text`, folded, in their order. A hashtag is the word behind its sign.

    A word is a run of letters, digits, marks and underscores; in scripts without blanks, and of emoji, every sign is one.
    """
    if text.isascii():
        return text.encode().translate(_ASCII).decode().split()
    folded = fold(text)
    if folded.isascii():
        return folded.encode().translate(_ASCII).decode().split()
    return (_WORD if _SPECIAL.search(folded) else _PLAIN_WORD).findall(folded)


def fold(text: str) -> str:
    """Return `text` without what makes no difference: case, compatibility forms (NFKC), diacritics, invisible signs."""
    plain = _FOLDED.sub("", unicodedata.normalize("NFKD", text)).casefold()
    return plain if plain.isascii() else unicodedata.normalize("NFKC", plain)


@lru_cache(maxsize=64)  # copies and groups ask for the same post, one after the other
def content(text: str) -> tuple[str, ...]:
    """Return the words of `text` that say something: without "RT @name:" at its beginning, names of accounts and addresses."""
    start = _PASSED_ON.match(text)
    if start is not None:
        text = text[start.end() :]
    return tuple(words(_ADDRESSES.sub(" ", text) if "@" in text or "://" in text or "www." in text else text))


def telling(text: str) -> list[str]:
    """Return the words of `text` that say what it is about, each once: those that only join others are left out, unless it has no other."""
    found = dict.fromkeys(content(text))
    joining = _joining()
    return [word for word in found if word not in joining] or [*found]


@cache
def _joining() -> frozenset[str]:
    lists = yaml.safe_load((files(__package__) / "function_words.yaml").read_text(encoding="utf-8"))
    return frozenset(fold(str(word)) for words in lists.values() for word in words)


def written(tokens: Sequence[str]) -> str:
    """Return words as they are written: with blanks between them, but none between two signs of scripts that know none."""
    text, joins = "", True
    for token in tokens:
        bare = unspaced(token)
        text += token if not text or (bare and joins) else f" {token}"
        joins = bare
    return text


def unspaced(token: str) -> bool:
    """Say whether `token` is one sign of a script without blanks, or an emoji."""
    return _UNSPACED_SIGN.match(token) is not None
