"""Tells somebody's name from the name of a place, an organisation or a storm, by the written lists of names.yaml. Pure.

It is a net, not a proof: a rare first name in small letters passes, which is why a second person reads every watch.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Final

import yaml

from callbox.intelligence.engine import tokens

#: Letters that have no accent to take off.
_LETTERS: Final = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SPEAKS: Final = re.compile(r"\b(?:AND|NOT)\b|NEAR/\d+|~\d+|[\s\"“”„«»+*-]+")
_QUOTED: Final = re.compile(r'["“”„«»][^"“”„«»]*["“”„«»]?')
_HUMPS: Final = re.compile(r"[A-ZÀ-Þ]?[a-zß-ÿ]+|[A-ZÀ-Þ]+(?![a-zß-ÿ])|\d+")
_OPERATORS: Final = frozenset({"AND", "OR", "NOT", "NEAR"})
_SHORTEST_PLACE: Final = 3  # letters in front of an ending such as -ton
_SHORTENED: Final = 2  # letters in front of a full stop that ends no sentence: J. St.
_ACRONYM: Final = 5  # letters: BBC, NASA, no name


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it stands in a text. plain: without capitals, accents and what is unseen.  at: its place, counted from 0.

    joined: whether only blanks, quotation marks or AND stand between it and the word before.  phrase: number of the quotation it stands
    in, 0 outside: only there words are found in this order.
    """

    raw: str
    plain: str
    at: int
    joined: bool
    phrase: int = 0

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.raw[:1].isupper()


def plain(text: str) -> str:
    """Return `text` without case, accents, forms of letters and what is unseen."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS)).casefold().translate(_LETTERS)
    return "".join(sign for sign in apart if unicodedata.category(sign) not in {"Mn", "Cf"})


def words(text: str) -> list[Word]:
    """Return the words of `text` in order, operators left out; a hashtag in capitals (#AnnaBerg) is followed by its parts, and so
    is any word that begins with a first name: it finds the hashtag too.
    """
    text, places = _read(text)
    found: list[Word] = []
    quotes = [match.span() for match in _QUOTED.finditer(text)]
    last = 0
    for match in _WORD.finditer(text):
        raw, at = match[0], match.start()
        if raw in _OPERATORS or text[max(0, at - 5) : at] == "NEAR/":
            continue
        gap = _SPEAKS.sub("", text[last:at])
        joined = bool(found) and (not gap or (gap == "." and len(found[-1].raw) <= _SHORTENED))
        last = match.end()
        phrase = next((number for number, (begin, end) in enumerate(quotes, 1) if begin <= at < end), 0)
        found.extend(_parts(raw, at, joined=joined, phrase=phrase))
        inside = list(_humps(raw, at))
        if text[max(0, at - 1) : at] == "#" or _is_full_name(inside):
            found.extend(inside)
    return [replace(word, at=places[word.at]) for word in found]


def _read(text: str) -> tuple[str, Sequence[int]]:
    """Return `text` as the engine reads it, in its own case, and the place each sign had: signs that nobody sees are left out, letters
    in circles or of another width are letters. What is looked for is judged, however it is written.
    """
    if text.isascii():
        return text, range(len(text))
    signs = [(sign, at) for at, whole in enumerate(text) if tokens.fold(whole) for sign in _plain_sign(whole)]
    return "".join(sign for sign, _at in signs), [at for _sign, at in signs]


def _plain_sign(sign: str) -> str:
    shown = unicodedata.normalize("NFKC", sign)
    return shown if all(each.isalnum() or each == " " for each in shown) else sign


def _is_full_name(inside: Sequence[Word]) -> bool:
    return len(inside) > 1 and inside[0].plain in _lists().given and inside[1].capital


def _parts(raw: str, at: int, *, joined: bool, phrase: int) -> Iterator[Word]:
    """Yield a word with apostrophes: l'eau is two, can't is one."""
    pieces = re.split("['’]", raw)
    if len(pieces[0]) > 1:
        pieces = [raw]
    for piece in pieces:
        if bare := plain(re.sub("['’]", "", piece)):
            yield Word(piece, bare, at, joined, phrase)
            joined = True
        at += len(piece) + 1


def _humps(raw: str, at: int) -> Iterator[Word]:
    parts = list(_HUMPS.finditer(raw))
    if len(parts) > 1:
        yield from (Word(part[0], plain(part[0]), at + part.start(), part is not parts[0]) for part in parts)


@dataclass(frozen=True, slots=True)
class Named:
    """What looks like a person. words: as written.  at: the place of the first."""

    words: str
    at: int


def persons(
    found: Sequence[Word], *, places: Collection[tuple[str, ...]] = (), capitals: bool = True, prose: bool = False
) -> Iterator[Named]:
    """Yield what looks like somebody's name.

    places: names of the agency's own places, as runs of plain words, that pass.  capitals: whether two capitalised unknown words are taken
    for a name (not in German, where every noun has a capital).  prose: sentences, where a first name alone is nobody yet.
    """
    lists = _lists()
    allowed = _allowed(found, places)
    runs = _place_runs(found, lists) if not prose else frozenset()
    taken = -1
    for i, word in enumerate(found):
        if i <= taken or i in allowed:
            continue
        before = found[i - 1] if i and word.joined else None
        after = found[i + 1] if i + 1 < len(found) and found[i + 1].joined and i + 1 not in allowed else None
        kind = _kind(word, before, after, lists, capitals=capitals and i not in runs, prose=prose)
        if kind:
            two = after is not None and kind == "pair"
            yield Named(f"{word.raw} {after.raw}" if two and after else word.raw, word.at)
            taken = i + 1 if two else i


def _kind(word: Word, before: Word | None, after: Word | None, lists: _Lists, *, capitals: bool, prose: bool) -> str:
    """Return "pair" where `word` and the one after it look like a name, "one" where it does alone, else nothing."""
    follows = after is not None and after.plain.isalpha() and not lists.spoken_of(after.plain)
    named = (
        follows
        and after is not None
        and after.capital
        and len(after.plain) > 1
        and after.plain not in lists.surname_places
    )
    if word.plain in lists.addresses and follows and not prose:
        return "pair"
    if (word.plain in lists.titles or _initial(word)) and named and not prose:
        return "pair"
    if word.plain in lists.given and not _excused(word, before, after, lists):
        if prose:
            return "pair" if word.capital and follows and after is not None and after.capital else ""
        return "pair" if follows else "one"
    if word.plain in lists.given_words:
        free = before is None or before.plain not in lists.before
        return "pair" if word.capital and named and free and not prose else ""
    pair = capitals and not prose and named and after is not None and _unknown(word, lists) and _unknown(after, lists)
    return "pair" if pair else ""


def _excused(word: Word, before: Word | None, after: Word | None, lists: _Lists) -> bool:
    """Whether a first name is part of a place's, a ship's or a storm's name."""
    if before is not None and (before.plain in lists.before or before.plain in lists.storms):
        return True
    if after is None:
        return False
    return after.plain in lists.storms or (after.plain in lists.places and after.phrase == word.phrase != 0)


def _initial(word: Word) -> bool:
    return len(word.raw) == 1 and word.raw.isupper() and word.raw not in {"I", "A"}


def _unknown(word: Word, lists: _Lists) -> bool:
    """Whether a capitalised word is nothing the lists know, and no acronym."""
    acronym = word.raw.isupper() and len(word.raw) <= _ACRONYM
    known = lists.spoken_of(word.plain) or word.plain in lists.surname_places or word.plain in lists.before
    return (
        word.capital
        and word.plain.isalpha()
        and len(word.plain) > 1
        and not acronym
        and not known
        and not lists.ends(word.plain)
    )


def _place_runs(found: Sequence[Word], lists: _Lists) -> frozenset[int]:
    """Return which words stand in a run of capitals that holds a word of a place or an organisation: Van Nuys Airport."""
    inside: set[int] = set()
    run: list[int] = []
    for i, word in enumerate([*found, None]):
        if word is not None and run and word.joined and word.capital:
            run.append(i)
            continue
        if any(lists.makes_place(found[n].plain) for n in run):
            inside.update(run)
        run = [i] if word is not None and word.capital else []
    return frozenset(inside)


def _allowed(found: Sequence[Word], places: Collection[tuple[str, ...]]) -> frozenset[int]:
    spoken = [word.plain for word in found]
    return frozenset(
        i + step
        for place in places
        for i in range(len(spoken) - len(place) + 1)
        if tuple(spoken[i : i + len(place)]) == place
        for step in range(len(place))
    )


@dataclass(frozen=True, slots=True)
class _Lists:
    given: frozenset[str]
    given_words: frozenset[str]
    titles: frozenset[str]
    addresses: frozenset[str]
    before: frozenset[str]
    storms: frozenset[str]
    places: frozenset[str]
    surname_places: frozenset[str]
    matters: frozenset[str]
    known_places: frozenset[str]
    endings: tuple[str, ...]

    def makes_place(self, word: str) -> bool:
        """Whether a word makes its neighbours a place."""
        return word in self.places or word in self.surname_places or word in self.known_places or word in self.before

    def spoken_of(self, word: str) -> bool:
        """Whether a word is of a place, an organisation or a matter, and so nobody's surname."""
        return word in self.places or word in self.matters or word in self.known_places

    def ends(self, word: str) -> bool:
        """Whether a word ends as places do: Riverton."""
        return any(word.endswith(ending) and len(word) >= len(ending) + _SHORTEST_PLACE for ending in self.endings)


@cache
def _lists() -> _Lists:
    rows: dict[str, str] = yaml.safe_load(files(__package__).joinpath("names.yaml").read_text("utf-8"))
    sets = {name: frozenset(row.split()) for name, row in rows.items() if name != "endings"}
    return _Lists(**sets, endings=tuple(rows["endings"].split()))
