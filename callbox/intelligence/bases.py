"""On what a watch may rest: lawful bases as bases.yaml explains them, each with the longest span it carries. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

#: No basis carries a watch longer than this, in days: it is written and allowed anew.
MOST_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class Basis:
    """One lawful basis. days: the longest span of a watch that rests on it.  reference: whether a case or plan number is needed."""

    id: str
    title: str
    means: str
    example: str
    jurisdiction: str
    source: str
    days: int
    reference: bool

    def __post_init__(self) -> None:
        if not 0 < self.days <= MOST_DAYS:
            raise ValueError(f"{self.id}: a watch lasts 1 to {MOST_DAYS} days")

    @property
    def span(self) -> timedelta:
        """The longest span of a watch that rests on it."""
        return timedelta(days=self.days)


@cache
def bases() -> dict[str, Basis]:
    """Return every basis by its id, as written.

    Raises:
        ValueError: two have one id, or one lasts too long.
    """
    rows: list[dict[str, Any]] = yaml.safe_load(files(__package__).joinpath("bases.yaml").read_text("utf-8"))
    found = {row["id"]: Basis(**row) for row in rows}
    if len(found) != len(rows):
        raise ValueError("two bases have the same id")
    return found
