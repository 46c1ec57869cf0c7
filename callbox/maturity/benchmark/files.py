"""Files of contributions as they travel: one contribution, or a pool of many that somebody merged. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from callbox.maturity.benchmark import contribution
from callbox.maturity.benchmark.contribution import Contribution, ContributionError
from callbox.maturity.benchmark.pool import merge

FORMAT = "callbox-benchmark-pool-1"
#: The largest file that is read, in bytes: about 5,000 contributions.
LIMIT = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that was not taken in. name: of the file, with the place in it when it holds many."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file holds: its sound contributions, and what was refused of it."""

    contributions: tuple[Contribution, ...] = ()
    refused: tuple[Refused, ...] = field(default=())


def open_file(name: str, content: bytes, *, today: date) -> Opened:
    """Read a contribution or a pool; each contribution in it is checked on its own, and one that is refused costs no other.

    today: one that speaks of a month still to come is refused, because no later file could ever take its place.
    """
    if len(content) > LIMIT:
        return _refused(name, f"The file is larger than {LIMIT // 1024 // 1024} MB. Ask for it in parts.")
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return _refused(name, "This is no Callbox benchmark file: it is not text.")
    entries = _entries(text)
    if entries is None:
        return _checked([(name, text)], today)
    if not entries:
        return _refused(name, "The pool is empty.")
    return _checked(
        [(f"{name}, entry {place}", json.dumps(entry)) for place, entry in enumerate(entries, start=1)], today
    )


def _checked(texts: Iterable[tuple[str, str]], today: date) -> Opened:
    found, refused = [], []
    for name, text in texts:
        try:
            one = contribution.read(text)
        except ContributionError as error:
            refused.append(Refused(name, str(error)))
            continue
        if one.month > today:
            refused.append(Refused(name, f"It speaks of a month still to come, {one.month:%B %Y}."))
        else:
            found.append(one)
    return Opened(tuple(found), tuple(refused))


def write_pool(contributions: Iterable[Contribution]) -> str:
    """Return a pool as the text of one file, JSON: the same contributions give the same text, in whatever order they come."""
    entries = [json.loads(contribution.write(one)) for one in merge(contributions)]
    return json.dumps({"format": FORMAT, "contributions": entries}, indent=2, sort_keys=True) + "\n"


def _entries(text: str) -> list[object] | None:
    """Return the entries of a pool, None when `text` is none."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        return None
    entries = content.get("contributions")
    return entries if isinstance(entries, list) else []


def _refused(name: str, why: str) -> Opened:
    return Opened(refused=(Refused(name, why),))
