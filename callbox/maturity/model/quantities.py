"""Thresholds as people write them (`25 %`, `24 h`, `14 d`, `12 points`) and figures as people read them."""

from __future__ import annotations

import math
import re
from typing import Final

#: For each unit of a measure: the words a threshold may be written in and what one of them is worth, and an example.
_WORDS: Final[dict[str, tuple[dict[str, float], str]]] = {
    "share": ({"%": 0.01}, "25 %"),
    "minutes": ({"min": 1, "h": 60, "d": 1440}, "24 h"),
    "days": ({"d": 1}, "14 d"),
    "points": ({"points": 1}, "12 points"),
    "per week": ({"": 1}, "3"),
    "count": ({"": 1}, "3"),
    "ratio": ({"": 1}, "0.9"),
}
UNITS: Final = tuple(_WORDS)


def read(text: str | float, unit: str) -> float:
    """Return the number a written threshold stands for, in `unit`.

    Raises:
        ValueError: it is not written as a figure of this unit is written; the message gives an example.
    """
    words, example = _WORDS[unit]
    found = re.fullmatch(r"(-?\d+(?:\.\d+)?)\s*(%|[a-z]*)", str(text).strip())
    if found is None or found[2] not in words:
        written = text if isinstance(text, str) else f"{text:g}"
        raise ValueError(f"“{written}” is no figure of this measure; write it like “{example}”")
    return round(float(found[1]) * words[found[2]], 9)


def show(value: float, unit: str) -> str:
    """Return a figure as people read it: `0.251` as a share is `25.1 %`, 90 minutes are `1.5 h`."""
    if math.isinf(value):
        return "never"
    if unit == "share":
        return f"{_number(100 * value)} %"
    if unit == "minutes":
        return f"{_number(value)} min" if abs(value) < 60 else f"{_number(value / 60)} h"
    return f"{_number(value)} {unit}" if unit in {"days", "points"} else _number(value, places=2)


def _number(value: float, *, places: int = 1) -> str:
    return f"{value:.{places}f}".rstrip("0").rstrip(".")
