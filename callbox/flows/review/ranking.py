"""Which of the things that wait come first. Pure: facts in, the order out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

#: A half hour holds no more.
MOST: Final = 5
#: What runs out within this time comes before everything that does not.
SOON: Final = timedelta(days=1)


class Kind(StrEnum):
    """What waits, in the order in which equally pressing things come."""

    LAPSED = "lapsed"  # dispatch acknowledged nothing: somebody must call
    DANGER = "danger"  # a resident's words speak of danger
    ALONE = "alone"  # one person sent something alone: a second one must look
    TIPS = "tips"  # sealed tips nobody opened
    STUCK = "stuck"  # a message of ours hangs between here and a network
    REFUSED = "refused"  # an account no longer lets us in
    ALERTS = "alerts"  # an alert waits for a second and a third person
    APPROVE = "approve"  # a message waits for a second person
    ANSWER = "answer"  # residents wait
    EVENTS = "events"  # something was noticed, and nobody has looked
    ARRIVALS = "arrivals"  # a partner offers something
    APPEALS = "appeals"  # an author objects to a hidden comment
    SILENCE = "silence"  # the longest silence is about to open
    KEYS = "keys"  # a key of tips waits for somebody who did not bring it
    SIGNING = "signing"  # a watch touches what law protects, a legal adviser must say
    WATCHES = "watches"  # a watch waits for somebody who did not write it
    REVIEW = "review"  # evidence waits for a second person
    EXPIRING = "expiring"  # evidence that soon no longer counts
    GOALS = "goals"  # a goal is due for a look
    ACCOUNTS = "accounts"  # nobody has said lately who holds an account
    PURGED = "purged"  # a certificate of last night
    HOLDS = "holds"  # a hold has stood for long


#: Lives come before hours.
_FIRST: Final = frozenset({Kind.LAPSED, Kind.DANGER, Kind.ALONE, Kind.TIPS, Kind.ALERTS})
_ORDER: Final = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that waits for this person.

    count: how many of it.  due: when the first of them runs out, None where nothing runs out.  since: since when the oldest waits.
    about: the number of the one, where it is one alone.  practice: of the maturity model, which doing it supports.
    """

    kind: Kind
    count: int
    practice: str
    due: datetime | None = None
    since: datetime | None = None
    about: int | None = None


def first(facts: Iterable[Fact], *, now: datetime, most: int = MOST) -> list[Fact]:
    """Return the `most` that come first.

    Never acknowledged by dispatch, danger, sent alone, tips and alerts stand before what runs out within a day, and that before the rest.

    Each part by kind, then by hour. A fact that counts nothing is done, and is not there.
    """
    return sorted((fact for fact in facts if fact.count), key=lambda fact: _rank(fact, now))[:most]


def _rank(fact: Fact, now: datetime) -> tuple[int, int, float]:
    pressing = fact.due is not None and fact.due <= now + SOON
    part = 0 if fact.kind in _FIRST else 1 if pressing else 2
    hour = fact.due or fact.since
    return part, _ORDER[fact.kind], hour.timestamp() if hour else 0.0
