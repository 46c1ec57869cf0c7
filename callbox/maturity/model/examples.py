"""One worked example of good practice for each practice, with its source. Checked when it is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from callbox.maturity.model import places
from callbox.maturity.model.loader import CURRENT, load
from callbox.maturity.model.places import ModelError, Problem
from callbox.maturity.model.practices import Model
from callbox.maturity.model.written import Sentence

FILE: Final = Path(__file__).with_name("examples.yaml")


class WrittenExample(BaseModel):
    """An example as it stands in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    says: Sentence
    take: Sentence
    source: Sentence


@dataclass(frozen=True, slots=True)
class Example:
    """What somebody did, what a small agency can take from it, and where it is told."""

    says: str
    take: str
    source: str


def example(practice: str) -> Example | None:
    """Return the worked example of a practice of the current model, None for one it does not have.

    Raises:
        ModelError: the file of examples does not hold together.
    """
    return examples().get(practice)


@cache
def examples() -> dict[str, Example]:
    """Return the worked example of every practice of the current model, by its id.

    Raises:
        ModelError: as `read`.
    """
    return read(FILE, load(CURRENT))


def read(path: Path, model: Model) -> dict[str, Example]:
    """Read and check a file of examples: every practice of `model` exactly once, every source known or written out in full.

    Raises:
        ModelError: with one line a problem: file, line, column and what is wrong.
    """
    document = places.read(path)
    try:
        rows = TypeAdapter(dict[str, WrittenExample]).validate_python(document.data)
    except ValidationError as error:
        found = [
            document.problem(each["loc"], f"“{each['loc'][-1]}”: {each['msg']}", at_key=True) for each in error.errors()
        ]
        raise ModelError(found) from error
    known = [practice.id for practice in model.practices]
    problems: list[Problem] = [
        document.problem((name,), f"there is no practice “{name}”", at_key=True) for name in rows if name not in known
    ]
    problems += [document.problem((), f"{name} has no example") for name in known if name not in rows]
    for name, row in rows.items():
        if row.source not in model.sources and " " not in row.source:
            problems.append(document.problem((name, "source"), f"there is no source “{row.source}” in model.yaml"))
    if problems:
        raise ModelError(problems)
    return {name: Example(rows[name].says, rows[name].take, _cited(model, rows[name].source)) for name in known}


def _cited(model: Model, source: str) -> str:
    named = model.sources.get(source)
    return f"{named.title}, {named.where}" if named else source
