"""The common kinds of alerts with words to start from, and the words with which each of them ends or is taken back. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from callbox.core.plain import from_plain
from callbox.operations.cap.vocabulary import Category, Certainty, Content, Info, Response, Severity, Urgency

#: The language every template is written in.
SOURCE: Final = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """One language of a template. Blanks to fill in stand in square brackets.  over: its end.  wrong: that it was an error."""

    event: str
    headline: str
    description: str
    instruction: str
    over: str
    wrong: str


@dataclass(frozen=True, slots=True)
class Template:
    """One kind. hours: how long it holds when nothing else is said.  words: by language, BCP 47."""

    id: str
    title: str
    category: tuple[Category, ...]
    response: tuple[Response, ...]
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    hours: int
    words: Mapping[str, Words]


@cache
def templates() -> Mapping[str, Template]:
    """Return every template by its id. None comes without its words of correction: the reader refuses it.

    Raises:
        pydantic.ValidationError: the file lacks something; it names the place.
    """
    data: Any = yaml.safe_load(files(__package__).joinpath("templates.yaml").read_text(encoding="utf-8"))
    return {each["id"]: from_plain(Template, each) for each in data}


def begun(template: Template, languages: Sequence[str], *, now: datetime) -> Content:
    """Return the words of a template in the languages it has, the agency's first language first."""
    known = [code for code in languages if _tag(code) in template.words] or [SOURCE]
    expires = (now + timedelta(hours=template.hours)).replace(second=0, microsecond=0)
    return Content(tuple(_info(template, code, expires) for code in known))


def _info(template: Template, language: str, expires: datetime) -> Info:
    words = template.words[_tag(language)]
    return Info(
        language=language,
        category=template.category,
        event=words.event,
        response=template.response,
        urgency=template.urgency,
        severity=template.severity,
        certainty=template.certainty,
        expires=expires,
        headline=words.headline,
        description=words.description,
        instruction=words.instruction,
    )


def ended(content: Content, *, now: datetime) -> Content:
    """Return what a cancel says at first: the same area and event, the words of the end, danger past; it holds for six hours more."""
    until = (now + timedelta(hours=6)).replace(second=0, microsecond=0)
    return Content(tuple(_ended(info, until) for info in content.infos))


def _ended(info: Info, until: datetime) -> Info:
    words = _words_of(info)
    return replace(
        info,
        response=("AllClear",),
        urgency="Past",
        effective=None,
        onset=None,
        expires=until,
        description=words.over if words else "",
        instruction="",
    )


def _words_of(info: Info) -> Words | None:
    """Return the words of the template that an alert was begun from, as far as its event tells."""
    tag = _tag(info.language)
    found = (each.words.get(tag) for each in templates().values())
    return next((words for words in found if words is not None and words.event == info.event), None)


def _tag(language: str) -> str:
    return language.partition("-")[0].lower()
