"""Where an event stands on the board, and why: a score made of points, each with its reason. Pure, and about posts alone.

Nothing here speaks of a person: authors are counted, never weighed. The points order a list that a person reads from the top;
nothing else follows from them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from callbox.core.measure import wilson_lower
from callbox.core.text import Reason

#: The most points one reason can give, so that none drowns the others.
MOST: Final = {
    "event_size": 5.0,
    "event_growth": 4.0,
    "event_authors": 3.0,
    "event_sources": 2.0,
    "event_urgent": 4.0,
    "event_place": 3.0,
    "event_hit_rate": 2.0,
}
#: An event rises when so many posts came within half an hour (docs/events.md: the share of noise at 3, 5 and 8)
BURST: Final = 5
#: ... by so many authors; and is said to rise once in so long, however it goes on (alerts debounced by event).
VOICES: Final = 3
QUIET: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is counted of one event. size, authors, sources: posts, pseudonyms, places where we listen.

    half_hour, last_hour: posts within it.  before: posts an hour, over the day before the last hour or since the event began.
    urgent, places: words of danger and names of the agency's places in its posts, each once.
    right, judged: of the events its watches found before, how many turned out true.
    """

    size: int
    authors: int
    sources: int
    half_hour: int = 0
    last_hour: int = 0
    before: float = 0.0
    urgent: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    right: int = 0
    judged: int = 0


@dataclass(frozen=True, slots=True)
class Because:
    """One reason with the points it gives."""

    reason: Reason
    points: float

    def plain(self) -> dict[str, Any]:
        """Return it as a row keeps it."""
        return {"code": self.reason.code, "points": self.points, "values": dict(self.reason.values)}


@dataclass(frozen=True, slots=True)
class Rating:
    """The place of an event on the board: the sum of the points, heaviest reason first."""

    score: float
    because: tuple[Because, ...]


def rate(facts: Facts) -> Rating:
    """Return the score of an event with its reasons, those that give no points too where they say something."""
    found = [
        _because("event_size", math.log2(1 + facts.size), n=facts.size),
        _authors(facts),
        _because("event_sources", facts.sources - 1.0, n=facts.sources) if facts.sources > 1 else None,
        _growth(facts),
        _because("event_urgent", 2.0 + len(facts.urgent), words=_few(facts.urgent)) if facts.urgent else None,
        _because("event_place", 1.5 + len(facts.places) / 2, places=_few(facts.places)) if facts.places else None,
        _hit_rate(facts),
    ]
    because = sorted((each for each in found if each), key=lambda each: (-each.points, each.reason.code))
    return Rating(round(sum(each.points for each in because), 3), tuple(because))


def rises(facts: Facts) -> bool:
    """Whether an event is one to look at now: many posts at once by several authors, and danger, a place of ours or a second source."""
    speaks_of_us = bool(facts.urgent or facts.places) or facts.sources > 1
    return facts.half_hour >= BURST and facts.authors >= VOICES and speaks_of_us


def raised(facts: Facts, *, before: datetime | None, now: datetime) -> datetime | None:
    """Return when an event was last said to rise: now, or `before` while that is not long enough ago to say it again."""
    quiet = before is not None and now - before < QUIET
    return now if rises(facts) and not quiet else before


def _authors(facts: Facts) -> Because:
    if facts.authors <= 1 < facts.size:
        return _because("event_one_author", 0.0)
    return _because("event_authors", math.log2(max(facts.authors, 1)), n=facts.authors)


def _growth(facts: Facts) -> Because | None:
    if not facts.last_hour:
        return None
    points = math.log2((1 + facts.last_hour) / (1 + facts.before))
    return _because("event_growth", points, last=facts.last_hour, before=round(facts.before, 1))


def _hit_rate(facts: Facts) -> Because | None:
    if not facts.judged:
        return None
    points = MOST["event_hit_rate"] * wilson_lower(facts.right, facts.judged)
    return _because("event_hit_rate", points, right=facts.right, judged=facts.judged)


def _because(code: str, points: float, **values: Any) -> Because:
    held = min(max(points, 0.0), MOST.get(code, 0.0))
    return Because(Reason(code, values), round(held, 3))


def _few(words: tuple[str, ...]) -> str:
    return ", ".join(words[:5]) + ("…" if len(words) > 5 else "")
