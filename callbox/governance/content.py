"""What a message must have before it leaves, and what deserves one more look. Decided from values; nothing is ever changed by itself.

Only `problems` stops a message. `hints` are questions to the author and the approver: patterns are wrong often enough that a machine
must not decide on them (reliability: T-65).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from callbox.core.text import Reason

#: Messages of one account this close together compete (features: B11).
CLASH: Final = timedelta(hours=1)
#: The hardest school year that public bodies advise for the public (features: B16).
TARGET_GRADE: Final = 8
#: Fewer words than this say nothing about how hard a text is.
GRADED_WORDS: Final = 30


class Picture(Protocol):
    """What is judged of an image or a video."""

    @property
    def kind(self) -> str:
        """image or video."""
        ...

    @property
    def alt(self) -> str:
        """What it shows."""
        ...

    @property
    def captions(self) -> str:
        """Digest of the captions, empty without them."""
        ...


class Words(Protocol):
    """What is judged of a message: the shape of `networks.vocabulary.Content`, which this room may not know."""

    @property
    def text(self) -> str:
        """The words for every account."""
        ...

    @property
    def title(self) -> str:
        """The heading."""
        ...

    @property
    def language(self) -> str:
        """BCP 47."""
        ...

    @property
    def link(self) -> str:
        """An address shown with it."""
        ...

    @property
    def media(self) -> Sequence[Picture]:
        """Images and videos."""
        ...

    @property
    def own(self) -> Mapping[str, str]:
        """Account to its own words."""
        ...


@dataclass(frozen=True, slots=True)
class Earlier:
    """A message that left or will leave."""

    account: str
    text: str
    due: datetime


def problems(
    words: Words,
    *,
    accounts: Collection[str],
    due: datetime | None,
    expires: datetime | None,
    now: datetime,
    described: Callable[[object], bool],
) -> list[Reason]:
    """Return what keeps a message from being submitted. described: whether an alternative text says something."""
    found = []
    if not words.text.strip():
        found.append(Reason("no_words"))
    if not accounts:
        found.append(Reason("no_account_chosen"))
    if words.link and not re.fullmatch(r"https?://[^\s/]+\S*", words.link):
        found.append(Reason("link_bad"))
    for number, each in enumerate(words.media, start=1):
        if each.kind == "image" and not described(each.alt):
            found.append(Reason("alt_missing", {"n": number}))
        if each.kind == "video" and not each.captions:
            found.append(Reason("captions_missing", {"n": number}))
    if due is not None and due <= now:
        found.append(Reason("due_past"))
    if expires is not None and expires <= (due or now):
        found.append(Reason("due_after_expiry"))
    return found


def hints(
    words: Words,
    *,
    accounts: Collection[str],
    due: datetime | None,
    now: datetime,
    earlier: Iterable[Earlier] = (),
    closed_tags: Collection[str] = (),
) -> list[Reason]:
    """Return what deserves one more look. earlier: of the last month and still to come.  closed_tags: hashtags of ended appeals."""
    everything = "\n".join([words.title, words.text, *words.own.values()])
    return [
        *_link_hints(everything + "\n" + words.link),
        *_claim_hints(everything),
        *_person_hints(everything),
        *_tag_hints(everything, closed_tags),
        *_earlier_hints(words, accounts, due or now, list(earlier)),
        *_grade_hints(words),
    ]


def _link_hints(text: str) -> list[Reason]:
    return [Reason("link_plain", {"link": found}) for found in dict.fromkeys(re.findall(r"\bhttp://\S+", text))]


_CLAIM: Final = re.compile(
    r"\b(?:armed(?: and dangerous)?|gunman|shooter|terrorist|terror attack|hostages?|bomb|explosives?"
    r"|the (?:suspect|perpetrator|killer|attacker|offender)|drug dealer|gang member)\b",
    re.IGNORECASE,
)
_SOURCE: Final = re.compile(
    r"\b(?:according to|confirm(?:ed|s)?|reported|reports?|witness(?:es)?|investigators?|detectives?|officers? (?:say|said)"
    r"|prosecutors?|court|charged|alleged(?:ly)?|believed to|suspected of|source)\b",
    re.IGNORECASE,
)


def _claim_hints(text: str) -> list[Reason]:
    found = _CLAIM.search(text)
    return [] if found is None or _SOURCE.search(text) else [Reason("claim_unsourced", {"words": found.group()})]


_PLATE: Final = re.compile(
    r"\b(?:[A-Z]{2}\d{2}[ ]?[A-Z]{3}|[A-Z]{1,3}[- ][A-Z]{1,2}[ -]?\d{1,4}|[A-Z]{2}[ ]\d{5}|\d[A-Z]{3}\d{3}|[A-Z]{3}[- ]\d{3,4})\b"
)
# Seven to fifteen digits in one run (E.164 allows fifteen), unless they begin with a date or a case number of a year.
_PHONE: Final = re.compile(
    r"(?<![\w#/.:-])(?!(?:19|20)\d\d[-./]|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b)[+(]?\d(?:[ ().-]{0,2}\d){6,14}(?![\w/:]|[.-]\d)"
)
_ADDRESS: Final = re.compile(
    r"\b\d{1,5}[a-z]?\s+(?:[A-Z][\w'’-]+\s+){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Court|Ct|Boulevard|Blvd|Close|Way|Terrace)\b\.?"
)
_NAME: Final = r"[A-Z][a-zà-ÿ'’-]+(?:\s+[A-Z][a-zà-ÿ'’-]+)+"
_MINOR: Final = re.compile(
    rf"\b(?:{_NAME},?\s+(?:\(?(?:aged?\s+)?(?:[1-9]|1[0-7])\b(?!\s*(?:years?|months?|days?|minutes?|hours?) (?:ago|in))\)?)"
    rf"|(?:[1-9]|1[0-7])[- ]year[- ]old\s+(?:(?:boy|girl|child|student|pupil)\s+)?{_NAME})"
)


_PERSONAL: Final = {
    "maybe_plate": _PLATE,
    "maybe_phone": _PHONE,
    "maybe_address": _ADDRESS,
    "maybe_minor": _MINOR,
}


def _person_hints(text: str) -> list[Reason]:
    return [
        Reason(code, {"words": words})
        for code, pattern in _PERSONAL.items()
        for words in dict.fromkeys(match.group().strip() for match in pattern.finditer(text))
    ]


def _tag_hints(text: str, closed: Collection[str]) -> list[Reason]:
    ended = {tag.casefold().lstrip("#") for tag in closed}
    used = dict.fromkeys(re.findall(r"#(\w+)", text))
    return [Reason("closed_tag", {"tag": tag}) for tag in used if tag.casefold() in ended]


def _earlier_hints(words: Words, accounts: Collection[str], due: datetime, earlier: Sequence[Earlier]) -> list[Reason]:
    found = []
    for account in accounts:
        text = _bare(words.own.get(account) or words.text)
        mine = [each for each in earlier if each.account == account]
        same = [each.due for each in mine if text and _bare(each.text).startswith(text)]
        if same:
            found.append(Reason("same_words", {"account": account, "date": f"{max(same):%Y-%m-%d}"}))
        if any(abs(each.due - due) < CLASH for each in mine):
            found.append(Reason("same_hour", {"account": account}))
    return found


def _bare(text: str) -> str:
    """Words alone, so that a comma or a capital more does not make a text another one."""
    flat = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", flat))


def _grade_hints(words: Words) -> list[Reason]:
    if not words.language.lower().startswith("en"):
        return []
    grade = reading_grade(words.text)
    return [] if grade is None or grade <= TARGET_GRADE else [Reason("hard_to_read", {"grade": round(grade)})]


def reading_grade(text: str) -> float | None:
    """Return the Flesch-Kincaid grade of an English text, None under 30 words.

    0.39 words per sentence + 11.8 syllables per word - 15.59 (Kincaid, Fishburne, Rogers, Chissom 1975). Syllables are counted by
    groups of vowels, so the figure is good to about one year.
    """
    plain = re.sub(r"https?://\S+|[#@]\w+", " ", text)
    found = re.findall(r"[A-Za-z][A-Za-z'’-]*", plain)
    if len(found) < GRADED_WORDS:
        return None
    sentences = max(1, len(re.findall(r"[.!?…]+(?:\s|$)|\n\s*\n", plain.strip() + " ")))
    return 0.39 * len(found) / sentences + 11.8 * sum(map(_syllables, found)) / len(found) - 15.59


def _syllables(word: str) -> int:
    flat = word.lower()
    if len(flat) > 3:
        flat = re.sub(r"(?:[^laeiouy]es|[^td]ed|[^laeiouy]e)$", "", flat)
    return max(1, len(re.findall(r"[aeiouy]+", flat)))
