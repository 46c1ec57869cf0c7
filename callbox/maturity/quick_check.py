"""The quick check: plain questions whose answers are declared levels. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml
from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer and the level it declares."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question about one practice."""

    practice: str
    question: str
    answers: tuple[Answer, ...]


@cache
def questions() -> tuple[Question, ...]:
    """Return the questions in the order they are asked."""
    text = files("callbox.maturity").joinpath("quick_check.yaml").read_text(encoding="utf-8")
    return TypeAdapter(tuple[Question, ...]).validate_python(yaml.safe_load(text))


def declared(answers: Mapping[str, str]) -> dict[str, int]:
    """Return declared level by practice from the submitted `answers`; what is missing, "Not sure" or no answer of ours declares nothing."""
    levels = {}
    for question in questions():
        given = answers.get(question.practice, "")
        for answer in question.answers:
            if given == str(answer.level):
                levels[question.practice] = answer.level
    return levels
