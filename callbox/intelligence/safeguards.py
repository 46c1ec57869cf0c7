"""What a watch's words touch: what the law protects stops it until a legal adviser signs, who is somebody refuses it. Pure.

Sources: 28 CFR 23.20(b); the First Amendment; European Convention on Human Rights, articles 9 to 11; LED article 10; model 4.2 and 4.3.
The words stand in safeguards.yaml and names.yaml, for counsel to read. Person search does not exist: a query that looks like a name, an
account, an address or a number is refused, and no signature changes that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

import yaml

from callbox.core.text import Reason
from callbox.intelligence.engine import tokens
from callbox.intelligence.engine.query import And, Near, Node, Not, Or, Query, Term, parse
from callbox.intelligence.names import Word, persons, plain, words

type Demand = Literal["sign", "refuse"]
type Field = Literal["query", "title", "purpose", "area"]

_ACCOUNT: Final = re.compile(
    r"(?<![\w/.])@[\w][\w.-]*(?:@[\w.-]+)?|\b[\w-]+\.bsky\.social\b|\bdid:(?:plc|web):\S+", re.IGNORECASE
)
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PROFILE: Final = re.compile(
    r"\b(?:(?:https?://)?(?:[\w-]+\.)?(?:twitter|x|facebook|fb|instagram|tiktok|threads|snapchat|linkedin|youtube|reddit|vk|bsky|t|ok)"
    r"\.(?:com|net|me|app|social|ru)/[\w@]\S*|(?:https?://)\S+/(?:@|profile/|users?/|u/|~)\S+)",
    re.IGNORECASE,
)
_PHONE: Final = re.compile(r"(?<![\w/.-])(?:\+|00)?\(?\d[\d ()./-]{5,18}\d(?![\w/-])")
_DATE: Final = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|(?:19|20)\d\d(?:[ /-](?:19|20)\d\d)+")
#: Wide forms of ASCII signs, such as the at of Japanese keyboards.
_WIDE: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
#: Digits of a telephone number, at least and at most (ITU-T E.164).
_LEAST_DIGITS, _MOST_DIGITS = 7, 15
#: Letters a beginning must have, so that it does not listen to half a dictionary.
_LEAST_PREFIX: Final = 4
_FEW: Final = 2
#: Letters from which on a phrase is looked for as one word too.
_HASHTAG: Final = 6
_LETTER: Final = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a watch's words touch. code: of its sentence.  word: as written.  at: its place in `field`, counted from 0.

    topic: id of what the law protects, for those that ask for a signature.
    """

    demand: Demand
    code: str
    word: str
    field: Field
    at: int
    topic: str = ""

    @property
    def reason(self) -> Reason:
        """Why, in a sentence."""
        return Reason(self.code, {"word": self.word, "topic": topics()[self.topic].title if self.topic else ""})


@dataclass(frozen=True, slots=True)
class Topic:
    """Something the law protects. law: where.  terms: by language, as safeguards.yaml explains."""

    id: str
    title: str
    law: str
    terms: dict[str, tuple[str, ...]]
    but: tuple[str, ...]
    places: bool = False


def check(
    query: str,
    *,
    title: str = "",
    purpose: str = "",
    area: str = "",
    languages: tuple[str, ...] = (),
    places: tuple[str, ...] = (),
) -> tuple[Finding, ...]:
    """Return everything the words of a watch touch, in the order of the text, the query first.

    languages: BCP 47 tags the watch is narrowed to.  places: names of the agency's own streets and beats, which pass as no person's.

    Raises:
        QueryError: the query cannot be read.
    """
    known = parse(query)
    spoken = _spoken(query, known)
    own = _runs(places)
    around = tuple(run for run in _runs(re.split(r"[,;]|\band\b", area)) if not _somebody(run))
    german = any(tag.startswith("de") for tag in languages)
    named = persons(spoken, places=(*own, *around), capitals=not german)
    found = [
        *_contacts(query),
        *_mixed(spoken),
        *_protected("query", spoken),
        *_beginnings(known.words, spoken),
        *(Finding("refuse", "watch_person", name.words, "query", name.at) for name in named),
        *(Finding("refuse", "watch_wide", word, "query", _place(word, spoken)) for word in _wide(known.root)),
    ]
    beside: tuple[tuple[Field, str], ...] = (("title", title), ("purpose", purpose), ("area", area))
    for field, text in beside:
        said = words(text)
        found += _protected(field, said)
        in_words = persons(said, places=own, prose=True)
        found += (Finding("refuse", "watch_person", name.words, field, name.at) for name in in_words)
    return tuple(dict.fromkeys(found))


def refused(found: Collection[Finding]) -> tuple[Finding, ...]:
    """Return the findings that refuse a watch, whoever signs."""
    return tuple(finding for finding in found if finding.demand == "refuse")


def _spoken(query: str, known: Query) -> list[Word]:
    """Return the words that may bring a hit, as written; what NOT shuts out is nobody's business."""
    wanted = {word for term in known.words for word in _tokens(term)}
    found: list[Word] = []
    end = 0  # of the last word kept: parts of a hashtag follow it and lie inside
    for word in words(query):
        if word.at < end or not wanted.isdisjoint(_tokens(word.raw)):
            found.append(word)
            end = max(end, word.at + len(word.raw))
    return found


def _tokens(text: str) -> list[str]:
    """Return the words of a text as the engine reads them, those that are joined by strokes apart."""
    return [part for word in tokens.words(text) for part in word.split("_") if part]


def _runs(places: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Return names of places as runs of plain words; of one word only where it is no first name."""
    runs = (tuple(word.plain for word in words(place)) for place in places)
    return tuple(run for run in runs if len(run) > 1 or (run and not _somebody(run)))


def _somebody(run: Sequence[str]) -> bool:
    return next(persons(words(" ".join(run))), None) is not None


def _contacts(query: str) -> Iterator[Finding]:
    """Yield accounts, addresses and telephone numbers, also behind NOT: they are somebody's wherever they stand."""
    query = query.translate(_WIDE)
    covered: list[tuple[int, int]] = []
    for code, pattern in (("watch_address", _MAIL), ("watch_account", _PROFILE), ("watch_account", _ACCOUNT)):
        for match in pattern.finditer(query):
            if not any(begin <= match.start() < end for begin, end in covered):
                covered.append(match.span())
                yield Finding("refuse", code, match[0], "query", match.start())
    for match in _PHONE.finditer(query):
        digits = sum(sign.isdigit() for sign in match[0])
        if _LEAST_DIGITS <= digits <= _MOST_DIGITS and not _DATE.fullmatch(match[0].strip()):
            yield Finding("refuse", "watch_phone", match[0], "query", match.start())


def _mixed(spoken: Sequence[Word]) -> Iterator[Finding]:
    """Yield words whose letters come from several alphabets, so that they look like another word."""
    for word in spoken:
        alphabets = {unicodedata.name(sign, "").partition(" ")[0] for sign in word.raw if _LETTER.match(sign)}
        if len(alphabets & {"LATIN", "CYRILLIC", "GREEK"}) > 1:
            yield Finding("refuse", "watch_mixed", word.raw, "query", word.at)


def _protected(field: Field, spoken: Sequence[Word]) -> Iterator[Finding]:
    """Yield what the law protects, once for each place; what an exception covers is left out.

    In a query several words are an exception only between quotation marks: elsewhere they are found apart from each other too.
    """
    line = " ".join(word.plain for word in spoken)
    starts: dict[int, int] = {}
    length = 0
    for number, word in enumerate(spoken):
        starts[length] = number
        length += len(word.plain) + 1
    for topic, terms, exceptions, streets in _patterns():
        matches = list(terms.finditer(line))
        if not matches:
            continue
        spans = [(*match.span(), False) for match in exceptions.finditer(line)]
        spans += [(*match.span(), True) for match in streets.finditer(line)]
        excused = [
            (begin, end, street)
            for begin, end, street in spans
            if field != "query" or _together(spoken[starts[begin] : starts[begin] + line[begin:end].count(" ") + 1])
        ]
        last = 0
        for match in matches:
            word, span = spoken[starts[match.start()]], match.span()
            covered = any(
                begin <= span[0] and span[1] <= end and not (street and span == (begin, end))
                for begin, end, street in excused
            )
            if not covered and word.at >= last:
                last = word.at + len(word.raw)
                yield Finding("sign", "watch_topic", match[0], field, word.at, topic)


def _together(run: Sequence[Word]) -> bool:
    """Whether words are found in this order alone: one word, or all of them inside one quotation."""
    return len(run) == 1 or (run[0].phrase != 0 and len({word.phrase for word in run}) == 1)


def _beginnings(terms: Collection[str], spoken: Sequence[Word]) -> Iterator[Finding]:
    """Yield beginnings (prot*) that would also find words the law protects."""
    for term in sorted(terms):
        start = plain(term.removesuffix("*"))
        if term == start or " " in start or len(start) < _LEAST_PREFIX:
            continue
        for topic, cores in _cores():
            if any(core.startswith(start) and core != start for core in cores):
                yield Finding("sign", "watch_topic", term, "query", _place(start, spoken), topic)


def _wide(node: Node) -> Iterator[str]:
    """Yield the words by which a query would listen to everything; nothing where each of its branches holds something rarer."""
    match node:
        case Or():
            for part in node.parts:
                yield from _wide(part)
        case And():
            sides = [list(_wide(part)) for part in node.parts if not isinstance(part, Not)]
            if sides and all(sides):
                yield from sides[0]
        case Near():
            sides = [list(_wide(node.left)), list(_wide(node.right))]
            if all(sides):
                yield from sides[0]
        case Term():
            if _is_wide(node):
                yield node.text
        case Not():
            yield from ()


def _is_wide(term: Term) -> bool:
    spoken = [plain(word) for word in term.words]
    if len(spoken) > _FEW:
        return False
    if term.prefix and len(spoken) == 1 and len(spoken[0]) < _LEAST_PREFIX:
        return True
    return all(word in _common() or (word.isascii() and len(word) <= _FEW) for word in spoken)


def _place(term: str, spoken: Sequence[Word]) -> int:
    first = plain(term.removesuffix("*")).partition(" ")[0]
    return next((word.at for word in spoken if word.plain == first), 0)


@cache
def topics() -> dict[str, Topic]:
    """Return what the law protects, by its id, as written."""
    rows: list[dict[str, Any]] = _read()["topics"]
    return {
        row["id"]: Topic(
            row["id"],
            row["title"],
            row["law"],
            {language: _listed(terms) for language, terms in row["terms"].items()},
            _listed(row.get("but", "")),
            bool(row.get("places")),
        )
        for row in rows
    }


def _listed(text: str) -> tuple[str, ...]:
    return tuple(term.strip() for term in text.split(",") if term.strip())


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str], re.Pattern[str]], ...]:
    """Return each topic's id with what finds its terms, what means something else, and what is a street or a station."""
    after, before, ends = ("|".join(_read()["places"][name].split()) for name in ("after", "before", "endings"))
    found = []
    for topic in topics().values():
        terms = _either(term for listed in topic.terms.values() for term in listed)
        streets = (
            rf"(?:{terms}) (?:{after})",
            rf"(?:{before}) (?:(?:de|du|des|del|la|le|les|l|los|las|der|den) ){{0,2}}(?:{terms})",
        )
        place = rf"{'|'.join(streets)}" if topic.places else r"(?!)"
        other = [_either(topic.but)] if topic.but else []
        other += [rf"\w+(?:{ends})"] if topic.places else []
        found.append((topic.id, _whole(terms), _whole("|".join(other) or r"(?!)"), _whole(place)))
    return tuple(found)


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")


def _either(terms: Iterable[str]) -> str:
    """Return a pattern for any of the terms; a phrase is found as one word too, as hashtags write it."""
    found: dict[str, None] = {}
    for term in terms:
        pieces = [_piece(piece) for piece in term.split()]
        found[" ".join(pieces)] = None
        if len(pieces) > 1 and len(term) >= _HASHTAG:
            found["".join(pieces)] = None
    return "|".join(sorted(found, key=len, reverse=True))


def _piece(piece: str) -> str:
    if piece == "#":
        return r"\d+"
    core = re.escape(plain(piece.strip("*")))
    return rf"{r'\w*' * piece.startswith('*')}{core}{r'\w*' * piece.endswith('*')}" if core else r"\w+"


@cache
def _cores() -> tuple[tuple[str, frozenset[str]], ...]:
    """Return each topic's id with its single words without stars."""
    return tuple(
        (
            topic.id,
            frozenset(plain(term.strip("*")) for listed in topic.terms.values() for term in listed if " " not in term),
        )
        for topic in topics().values()
    )


@cache
def _common() -> frozenset[str]:
    return frozenset(plain(word) for listed in _read()["common"].values() for word in listed.split())


@cache
def _read() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("safeguards.yaml").read_text("utf-8"))
    return found
