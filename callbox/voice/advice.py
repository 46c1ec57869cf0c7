"""Which channels to begin with, from the answers of the first-week guide. Pure.

The rules are written out, each with its reason and the question it looks at; nothing is weighed unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from callbox.voice.guide import guide

#: How many channels a person can keep alive beside the own newsroom, by the time of a working day.
CAPACITY: Final[dict[str, int]] = {"quarter": 1, "half": 2, "hour": 3, "more": 5}
#: Without an answer about the time, half an hour is taken, and said.
ASSUMED: Final = "half"
#: Channels that Callbox itself can write to.
CONNECTED: Final = frozenset({"newsroom", "email", "paper", "mastodon", "bluesky"})


class Verdict(StrEnum):
    """What the advice says of a channel."""

    BEGIN = "begin"
    LATER = "later"
    NOT_NOW = "not-now"


class Reason(StrEnum):
    """Why. The desk has the sentence for each."""

    OWN_GROUND = "own-ground"
    PEOPLE_ARE_THERE = "people-are-there"
    REACHES_OFFLINE = "reaches-offline"
    REACHES_OLDER = "reaches-older"
    REACHES_PRESS = "reaches-press"
    REACHES_YOUNG = "reaches-young"
    GOOD_FOR_ANSWERS = "good-for-answers"
    GOOD_FOR_REMINDERS = "good-for-reminders"
    OPEN_TO_ALL = "open-to-all"
    NOT_CONNECTED = "not-connected"
    NOBODY_NAMED_IT = "nobody-named-it"
    NO_TIME = "no-time"


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason, and the question whose answer it rests on; empty where it holds for every agency."""

    reason: Reason
    question: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """What is advised for one channel, with every reason for and against."""

    channel: str
    verdict: Verdict
    speaks_for: tuple[Ground, ...]
    speaks_against: tuple[Ground, ...]


#: The rules: channel, question, any of these choices -> reason. In the order in which the reasons are shown.
RULES: Final[tuple[tuple[str, str, frozenset[str], Reason], ...]] = (
    ("email", "missed", frozenset({"offline"}), Reason.REACHES_OFFLINE),
    ("email", "missed", frozenset({"older"}), Reason.REACHES_OLDER),
    ("email", "aims", frozenset({"prevent"}), Reason.GOOD_FOR_REMINDERS),
    ("email", "aims", frozenset({"answer"}), Reason.GOOD_FOR_ANSWERS),
    ("paper", "missed", frozenset({"offline"}), Reason.REACHES_OFFLINE),
    ("paper", "missed", frozenset({"older"}), Reason.REACHES_OLDER),
    ("mastodon", "missed", frozenset({"press"}), Reason.REACHES_PRESS),
    ("mastodon", "aims", frozenset({"warn", "witnesses"}), Reason.OPEN_TO_ALL),
    ("bluesky", "missed", frozenset({"press"}), Reason.REACHES_PRESS),
    ("bluesky", "aims", frozenset({"warn", "witnesses"}), Reason.OPEN_TO_ALL),
    ("facebook", "aims", frozenset({"answer"}), Reason.GOOD_FOR_ANSWERS),
    ("instagram", "missed", frozenset({"young"}), Reason.REACHES_YOUNG),
)


def advise(answers: Mapping[str, str]) -> tuple[Advice, ...]:
    """Return the advice for every channel, those to begin with first.

    The own newsroom is always advised. Of the others those with most reasons come first, named ones before unnamed, in the order of the
    question; as many as the time of the day carries are to begin with, the rest comes later. A channel nothing speaks for is not for now.
    answers: by question id, as they are kept.
    """
    channels = list(guide().question("networks").choices)
    grounds = {channel: _grounds(channel, answers) for channel in channels}
    wanted = [channel for channel in channels if grounds[channel] and channel != "newsroom"]
    wanted.sort(key=lambda channel: -len(grounds[channel]))
    room = CAPACITY.get(answers.get("time", ""), CAPACITY[ASSUMED])
    begin = {"newsroom", *wanted[:room]}
    found = [_advice(channel, grounds[channel], begin, answers) for channel in ["newsroom", *wanted]]
    rest = [_advice(channel, (), begin, answers) for channel in channels if channel not in {"newsroom", *wanted}]
    return (*found, *rest)


def _grounds(channel: str, answers: Mapping[str, str]) -> tuple[Ground, ...]:
    found = [Ground(Reason.OWN_GROUND)] if channel == "newsroom" else []
    if channel in _chosen("where", answers):
        found.append(Ground(Reason.PEOPLE_ARE_THERE, "where"))
    for subject, question, needed, reason in RULES:
        if subject == channel and needed & _chosen(question, answers):
            found.append(Ground(reason, question))
    return tuple(found)


def _advice(channel: str, grounds: tuple[Ground, ...], begin: set[str], answers: Mapping[str, str]) -> Advice:
    against = []
    if channel not in CONNECTED:
        against.append(Ground(Reason.NOT_CONNECTED))
    if channel != "newsroom" and channel not in _chosen("where", answers):
        against.append(Ground(Reason.NOBODY_NAMED_IT, "where"))
    if channel in begin:
        verdict = Verdict.BEGIN
    elif grounds:
        verdict = Verdict.LATER
        against.append(Ground(Reason.NO_TIME, "time"))
    else:
        verdict = Verdict.NOT_NOW
    return Advice(channel, verdict, grounds, tuple(against))


def _chosen(question: str, answers: Mapping[str, str]) -> frozenset[str]:
    return frozenset(guide().question(question).chosen(answers.get(question, "")))
