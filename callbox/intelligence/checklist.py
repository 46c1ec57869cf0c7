"""The points of verification, and the grades of source and information (Admiralty or NATO system, AJP-2.1). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import yaml


def gettext_noop(message: str) -> str:
    """Mark `message` for the translation catalogue without importing Django."""
    return message


N_ = gettext_noop

#: How far the source can be relied on, by what it did before; about a source of information, never about a person as such.
SOURCE: Final = {
    "A": N_("completely reliable"),
    "B": N_("usually reliable"),
    "C": N_("fairly reliable"),
    "D": N_("not usually reliable"),
    "E": N_("unreliable"),
    "F": N_("reliability cannot be judged"),
}
#: How far the information can be believed, whoever tells it.
CONTENT: Final = {
    "1": N_("confirmed by other sources"),
    "2": N_("probably true"),
    "3": N_("possibly true"),
    "4": N_("doubtful"),
    "5": N_("improbable"),
    "6": N_("truth cannot be judged"),
}


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to look at."""

    id: str
    title: str
    help: str


@cache
def points() -> dict[str, Point]:
    """Return the points by their id, in the order they are looked at."""
    rows = yaml.safe_load((files("callbox.intelligence") / "checklist.yaml").read_text(encoding="utf-8"))
    return {row["id"]: Point(**row) for row in rows}


def rated(source_grade: str, content_grade: str) -> bool:
    """Whether a finding was rated: F and 6 say that it cannot be, which is honest and no rating."""
    return source_grade in set(SOURCE) - {"F"} and content_grade in set(CONTENT) - {"6"}
