"""The seed of the benchmark: figures others have published, always labelled as such."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from callbox.core.plain import from_plain


@dataclass(frozen=True, slots=True)
class Published:
    """One published figure. value: as its source prints it.  n: what was asked or counted, None where the source does not say."""

    practice: str
    what: str
    value: str
    year: int
    where: str
    source: str
    n: int | None = None


@cache
def published() -> tuple[Published, ...]:
    """Return every published figure, in the order of the file."""
    text = files(__package__).joinpath("published.yaml").read_text(encoding="utf-8")
    return tuple(from_plain(Published, entry) for entry in yaml.safe_load(text))
