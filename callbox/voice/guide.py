"""The first-week guide: its questions, and how far an agency has come with them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

#: How several choices are kept in one text.
SEPARATOR: Final = ", "


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Chapter(_Written):
    """A group of questions that belong on one page."""

    id: str
    name: str
    says: str


class Question(_Written):
    """One question.

    kind: words (free text), one or several of `choices` (id to words).  why: why it is asked.
    example: what a ten-officer agency might say.  conditions: those of the maturity model that an answer speaks for.
    """

    id: str = Field(pattern=r"^[a-z_]{2,60}$")
    chapter: str
    kind: Literal["words", "one", "several"]
    asks: str
    why: str
    example: str
    source: str
    choices: dict[str, str] = {}
    conditions: tuple[str, ...] = ()

    def chosen(self, text: str) -> tuple[str, ...]:
        """Return the choices that `text` holds, in the order of the question; words have none."""
        kept = set(text.split(SEPARATOR))
        return tuple(name for name in self.choices if name in kept)

    def shown(self, text: str) -> str:
        """Return an answer in words."""
        return "; ".join(self.choices[name] for name in self.chosen(text)) if self.choices else text


class Guide(_Written):
    """All of it, in order."""

    chapters: tuple[Chapter, ...]
    questions: tuple[Question, ...]

    def of(self, chapter: str) -> tuple[Question, ...]:
        """Return the questions of a chapter."""
        return tuple(question for question in self.questions if question.chapter == chapter)

    def question(self, name: str) -> Question:
        """Return one question.

        Raises:
            KeyError: there is none of that name.
        """
        for question in self.questions:
            if question.id == name:
                return question
        raise KeyError(name)

    def for_condition(self, condition: str) -> tuple[Question, ...]:
        """Return the questions whose answers speak for a condition of the maturity model."""
        return tuple(question for question in self.questions if condition in question.conditions)


@cache
def guide() -> Guide:
    """Return the guide as it stands in guide.yaml.

    Raises:
        ValueError: a question of no chapter, an id twice, choices where words are asked or none where they are needed.
    """
    data: Any = yaml.safe_load(files("callbox.voice").joinpath("guide.yaml").read_text(encoding="utf-8"))
    return checked(Guide.model_validate(data))


def checked(found: Guide) -> Guide:
    """Return `found` when it holds together.

    Raises:
        ValueError: with every problem in one line each.
    """
    ids = [question.id for question in found.questions]
    chapters = [chapter.id for chapter in found.chapters]
    problems = [f"{name} stands twice" for name in {*ids, *chapters} if ids.count(name) > 1 or chapters.count(name) > 1]
    for question in found.questions:
        if question.chapter not in chapters:
            problems.append(f"{question.id}: there is no chapter {question.chapter}")
        if (question.kind == "words") == bool(question.choices):
            problems.append(f"{question.id}: words have no choices, and choices are needed for the rest")
    order = [chapters.index(question.chapter) for question in found.questions if question.chapter in chapters]
    if order != sorted(order):
        problems.append("the questions of a chapter must stand together, in the order of the chapters")
    if problems:
        raise ValueError("\n".join(sorted(problems)))
    return found


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an agency has come. following: the first question without an answer, None when all are answered."""

    answered: int
    total: int
    following: Question | None

    @property
    def whole(self) -> bool:
        """Whether every question has an answer."""
        return self.following is None


def progress(answers: Mapping[str, str], questions: Iterable[Question] | None = None) -> Progress:
    """Return how many of `questions` (all of them unless told) have an answer; a blank is none."""
    asked = tuple(guide().questions if questions is None else questions)
    open_ = [question for question in asked if not answers.get(question.id, "").strip()]
    return Progress(len(asked) - len(open_), len(asked), open_[0] if open_ else None)
