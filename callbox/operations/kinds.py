"""Kinds of reports whose callers may look up how they stand, kinds that never get a row, and words that betray one. Pure.

Source: model, section 6: updates to callers and victims, never for domestic violence, sexual assault or danger in progress.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from callbox.governance.urgent import flattened, pattern_of
from callbox.operations.tables import EXCLUDED

#: A caller who waits for an officer is told of the delay from here on (San Luis Obispo), at the latest by then (Denver).
DELAY_FROM: Final = timedelta(minutes=20)
DELAY_BY: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind, as kinds.yaml explains."""

    id: str
    title: str
    drafts: tuple[str, ...]
    delay: bool = False


@dataclass(frozen=True, slots=True)
class Excluded:
    """A kind that never gets a row. instead: what to do for the person."""

    id: str
    title: str
    why: str
    instead: str


@cache
def kinds() -> dict[str, Kind]:
    """Return every kind by its id, as written."""
    rows = _read()["kinds"]
    return {row["id"]: Kind(row["id"], row["title"], tuple(row["drafts"]), bool(row.get("delay"))) for row in rows}


@cache
def excluded() -> dict[str, Excluded]:
    """Return the excluded kinds by their id.

    Raises:
        ValueError: they are not exactly those the measures count as breaches, or one is among the kinds as well.
    """
    found = {row["id"]: Excluded(**row) for row in _read()["excluded"]}
    if set(found) != EXCLUDED or set(found) & set(kinds()):
        raise ValueError("the excluded kinds of kinds.yaml and of the measures differ")
    return found


def danger_words(text: str) -> tuple[str, ...]:
    """Return the listed words found in `text`, each once: what speaks of a kind of report nobody may be sent word of."""
    flat = flattened(text)
    return tuple(word for word, pattern in _patterns() if pattern.search(flat))


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    words = dict.fromkeys(str(word) for listed in _read()["words"].values() for word in listed)
    return tuple((word, pattern_of(word)) for word in words)


@cache
def _read() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("kinds.yaml").read_text("utf-8"))
    return found
