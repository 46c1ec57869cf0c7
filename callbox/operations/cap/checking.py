"""What an alert of ours must keep beyond the schema: its names, what it follows, its hours, words, languages, areas. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from callbox.operations.cap import geometry
from callbox.operations.cap.reading import UnreadableError, read
from callbox.operations.cap.vocabulary import Content, Info, Message, Reference
from callbox.operations.cap.words import Problem
from callbox.operations.cap.writing import write

#: Characters: what receivers show of a headline (CAP 3.2.2 advises 160), and what a person reads in a hurry.
LONGEST: Final = {"headline": 160, "event": 120, "description": 4_000, "instruction": 2_000, "contact": 200, "web": 500}
#: An alert that holds longer is no alert.
LONGEST_LIFE: Final = timedelta(days=7)
#: What opens the headline of an exercise, by language; English elsewhere.
MARKS: Final = {"en": "EXERCISE", "es": "SIMULACRO", "fr": "EXERCICE", "ar": "تمرين", "de": "ÜBUNG"}
_NAME: Final = re.compile(r"[^\s,<&]{1,120}")
_WEB: Final = re.compile(r"https?://[^\s/<>\"]+[^\s<>\"]*")
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BLANK: Final = re.compile(r"\[[^\]\n]{1,80}\]")
#: What every language says alike.
_ALIKE: Final = ("category", "response", "urgency", "severity", "certainty", "effective", "onset", "expires")
#: What one language says when another does.
_SAID: Final = ("event", "headline", "description", "instruction")
_WORDS: Final = (*_SAID, "audience", "contact", "web", "sender_name")


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known around an alert. exercise: as it was begun.  before: its line, the oldest first.  now: the clock.

    home: the agency's own ground (west, south, east, north), None where it has drawn none.
    """

    exercise: bool
    now: datetime
    before: tuple[Reference, ...] = ()
    home: geometry.Box | None = None


def mark(language: str) -> str:
    """Return the word that opens the headline of an exercise."""
    return MARKS.get(language.partition("-")[0].lower(), MARKS["en"])


def marked(content: Content, *, exercise: bool) -> Content:
    """Return what is written with every headline of an exercise marked; a headline that is marked keeps its mark."""
    if not exercise:
        return content
    return replace(content, infos=tuple(_marked(info) for info in content.infos))


def _marked(info: Info) -> Info:
    word = mark(info.language)
    if not info.headline or info.headline.startswith(word):
        return info
    return replace(info, headline=f"{word} – {info.headline}")


def problems(message: Message, setting: Setting) -> list[Problem]:
    """Return everything that keeps a message from being sent, the head first."""
    return [*_head(message, setting), *_follows(message, setting), *content_problems(message.infos, message, setting)]


def _head(message: Message, setting: Setting) -> Iterator[Problem]:
    for name in ("identifier", "sender"):
        if not _NAME.fullmatch(getattr(message, name)):
            yield Problem("bad_name", name, {"text": getattr(message, name)[:60]})
    if message.scope != "Public":
        yield Problem("scope_refused", "scope", {"scope": message.scope})
    if message.status not in {"Actual", "Exercise"}:
        yield Problem("status_refused", "status", {"status": message.status})
    elif setting.exercise and message.status != "Exercise":
        yield Problem("exercise_as_actual", "status", {"status": message.status})
    elif not setting.exercise and message.status != "Actual":
        yield Problem("actual_as_exercise", "status", {"status": message.status})
    if setting.exercise and not message.note.strip():
        yield Problem("exercise_unnoted", "note")


def _follows(message: Message, setting: Setting) -> Iterator[Problem]:
    if message.kind not in {"Alert", "Update", "Cancel"}:
        yield Problem("kind_refused", "msgType", {"kind": message.kind})
    elif message.kind == "Alert":
        if message.references or setting.before:
            yield Problem("needless_reference", "references")
    elif not message.references:
        yield Problem("no_reference", "references", {"kind": message.kind})
    else:
        for each in message.references:
            if each not in setting.before:
                yield Problem("unknown_reference", "references", {"reference": each.text})
        if setting.before and setting.before[-1] not in message.references:
            yield Problem("not_newest", "references")


def content_problems(infos: Sequence[Info], message: Message, setting: Setting) -> Iterator[Problem]:
    """Yield what is wrong with the texts, hours and areas."""
    if not infos:
        yield Problem("no_info")
        return
    seen: set[str] = set()
    for info in infos:
        place = f"info {info.language}"
        if info.language.lower() in seen:
            yield Problem("same_language", place)
        seen.add(info.language.lower())
        for found in (*_words(info, message.kind, setting), *_hours(info, message, setting), *_areas(info)):
            yield found.within(place)
        if info is not infos[0]:
            yield from (each.within(place) for each in _beside(info, infos[0]))
    yield from (
        each.within(f"info {infos[0].language}") for each in geometry.problems(infos[0].areas, home=setting.home)
    )


def _words(info: Info, kind: str, setting: Setting) -> Iterator[Problem]:
    needed = ["event", "headline", "description", *(["instruction"] if kind != "Cancel" else [])]
    for name in needed:
        if not getattr(info, name).strip():
            yield Problem("missing", values={"what": name})
    if not info.category:
        yield Problem("missing", values={"what": "category"})
    for name in _WORDS:
        text = getattr(info, name)
        if name in LONGEST and len(text) > LONGEST[name]:
            yield Problem("too_long", values={"what": name, "length": len(text), "limit": LONGEST[name]})
        if _NOT_IN_XML.search(text):
            yield Problem("bad_text", values={"what": name})
        if name in _SAID and (blank := _BLANK.search(text)):
            yield Problem("blank_left", values={"text": blank[0], "what": name})
    if info.web and not _WEB.fullmatch(info.web):
        yield Problem("bad_web")
    yield from _marks(info, setting)


def _marks(info: Info, setting: Setting) -> Iterator[Problem]:
    if setting.exercise:
        if info.headline and not info.headline.startswith(mark(info.language)):
            yield Problem("exercise_unmarked", values={"word": mark(info.language)})
        return
    for word in MARKS.values():
        if info.headline.startswith(word):
            yield Problem("actual_marked", values={"word": word})


def _hours(info: Info, message: Message, setting: Setting) -> Iterator[Problem]:
    if info.expires is None:
        yield Problem("missing", values={"what": "expires"})
        return
    sent = max(message.sent, setting.now)
    if info.expires <= sent:
        yield Problem("expired")
    elif any(begins is not None and info.expires <= begins for begins in (info.effective, info.onset)):
        yield Problem("expires_early")
    elif info.expires - sent > LONGEST_LIFE:
        yield Problem("expires_late", values={"days": LONGEST_LIFE.days})


def _areas(info: Info) -> Iterator[Problem]:
    if not info.areas:
        yield Problem("no_area")
    for number, area in enumerate(info.areas, start=1):
        place = f"area {number}"
        if not area.description.strip():
            yield Problem("area_unnamed", place)
        if not (area.polygons or area.circles or area.geocodes):
            yield Problem("area_unshaped", place)
        if _NOT_IN_XML.search(area.description):
            yield Problem("bad_text", place, {"what": "areaDesc"})


def _beside(info: Info, first: Info) -> Iterator[Problem]:
    """Hold a language against the first: the same facts, and nothing said in one that is not said in the other."""
    for name in _ALIKE:
        if getattr(info, name) != getattr(first, name):
            yield Problem("languages_differ", values={"what": name, "first": first.language})
    for name in _SAID:
        if bool(getattr(info, name).strip()) != bool(getattr(first, name).strip()):
            yield Problem("half_translated", values={"what": name, "first": first.language})
    if [_place(area) for area in info.areas] != [_place(area) for area in first.areas]:
        yield Problem("languages_differ", values={"what": "area", "first": first.language})


def _place(area: object) -> object:
    return replace(area, description="")  # type: ignore[type-var]  # an Area


def finished(message: Message, setting: Setting) -> tuple[bytes, list[Problem]]:
    """Write a message, read its bytes back through the schema, and return them with everything that is wrong with either.

    The bytes are empty where something is.
    """
    found = problems(message, setting)
    if found:
        return b"", found
    data = write(message)
    try:
        again = read(data)
    except UnreadableError as error:
        return b"", list(error.problems)
    if again != plain(message):
        return b"", [Problem("not_as_written")]
    return data, []


def plain(message: Message) -> Message:
    """Return a message as its file holds it: no blanks around words, whole seconds, five decimals, line ends as XML has them."""
    return replace(message, sent=_second(message.sent), infos=tuple(plain_info(info) for info in message.infos))


def plain_info(info: Info) -> Info:
    """Return one language as a file holds it."""
    words = {name: _lines(getattr(info, name)) for name in _WORDS}
    hours = {name: _second(getattr(info, name)) for name in ("effective", "onset", "expires")}
    areas = tuple(
        replace(
            area,
            description=_lines(area.description),
            polygons=tuple(geometry.rounded(ring) for ring in area.polygons),
            circles=tuple(geometry.round_circle(circle) for circle in area.circles),
        )
        for area in info.areas
    )
    return replace(info, **words, **hours, areas=areas)  # type: ignore[arg-type]  # each under its own name


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _second[T: (datetime, datetime | None)](moment: T) -> T:
    return moment.replace(microsecond=0) if moment is not None else moment


def valid(data: bytes) -> bool:
    """Whether kept bytes are a CAP 1.2 message whose areas can be used: what is counted of exported alerts (O4)."""
    try:
        message = read(data)
    except UnreadableError:
        return False
    follows = message.kind not in {"Update", "Cancel"} or bool(message.references)
    return follows and not any(_any(geometry.problems(info.areas)) for info in message.infos)


def _any(found: Iterable[Problem]) -> bool:
    return next(iter(found), None) is not None
