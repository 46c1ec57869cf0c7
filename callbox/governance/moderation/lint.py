"""Warns of words in a comment policy that judge a viewpoint, or that two people would not apply alike. Pure; it hides nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class Finding:
    """words: as they stand in the text.  line: counted from 1.  why, source: as lint.yaml says."""

    words: str
    line: int
    why: str
    source: str


def findings(text: str) -> list[Finding]:
    """Return what a policy should not say, in the order of the text."""
    found = [
        (number, hit.start(), Finding(hit.group(), number, why, source))
        for number, line in enumerate(text.splitlines(), start=1)
        for pattern, why, source in _patterns()
        for hit in pattern.finditer(line)
    ]
    return [finding for _number, _start, finding in sorted(found, key=lambda each: each[:2])]


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    rows: list[dict[str, str]] = yaml.safe_load(files(__package__).joinpath("lint.yaml").read_text("utf-8"))
    return tuple(
        (re.compile(rf"(?<![\w-])(?:{row['words']})(?![\w-])", re.IGNORECASE), row["why"], row["source"])
        for row in rows
    )
