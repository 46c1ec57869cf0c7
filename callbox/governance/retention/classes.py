"""Retention classes, read from classes.yaml and checked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

type Then = Literal["delete", "blank", "keep"]


@dataclass(frozen=True, slots=True)
class RetentionClass:
    """What is kept how long, as classes.yaml explains. days, least: whole days; `days` is None exactly where nothing is purged."""

    id: str
    title: str
    what: str
    jurisdiction: str
    source: str
    basis: str
    starts: str
    then: Then
    days: int | None = None
    least: int = 1
    why: str = ""

    def __post_init__(self) -> None:
        if (self.then == "keep") != (self.days is None) or (self.then == "keep") != bool(self.why):
            raise ValueError(f"{self.id}: what is kept needs a reason and no days; what goes needs days and no reason")
        if self.days is not None and not 1 <= self.least <= self.days:
            raise ValueError(f"{self.id}: the least number of days must lie between 1 and {self.days}")


@cache
def classes() -> dict[str, RetentionClass]:
    """Return every class by its id, in the order they are written.

    Raises:
        ValueError: two classes have one id, or one contradicts itself.
    """
    rows: list[dict[str, Any]] = yaml.safe_load(files(__package__).joinpath("classes.yaml").read_text("utf-8"))
    found = {row["id"]: RetentionClass(**row) for row in rows}
    if len(found) != len(rows):
        raise ValueError("two retention classes have the same id")
    return found
