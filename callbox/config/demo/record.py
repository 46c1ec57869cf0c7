"""Two years of an invented force, day by day, from a seed: what it posted where, whom it answered, who wrote to it.

The force grows up as it goes: at first it announces, then it describes its pictures, answers people and gives advice. Nobody in it
exists; every text is ours.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

#: Length of the record in days.
DAYS = 730
type Network = Literal["x", "mastodon", "facebook"]

#: Posts a week at the beginning and at the end, by network; Mastodon was joined after ten months.
_CADENCE: dict[Network, tuple[float, float]] = {"x": (5.0, 12.0), "mastodon": (3.0, 10.0), "facebook": (3.0, 6.0)}
_JOINED: dict[Network, int] = {"x": 0, "mastodon": 300, "facebook": 0}
#: From this day on a robot acknowledges every message.
_ROBOT = 400
#: Share of each kind of post at the beginning and at the end.
_MIX = {
    "incident": (0.66, 0.34),
    "appeal": (0.16, 0.14),
    "prevention": (0.06, 0.22),
    "services": (0.02, 0.12),
    "engage": (0.10, 0.18),
}


@dataclass(frozen=True, slots=True)
class Post:
    """One post or answer of the force. answers: handle of the person answered.  follows: id of the force's own post it continues."""

    id: int
    network: Network
    at: datetime
    kind: str
    text: str
    picture: str | None = None
    described: bool = False
    video: bool = False
    answers: str | None = None
    follows: int | None = None
    repost: bool = False
    likes: int = 0
    reposts: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """One private message of a resident. answerable: what somebody of the force labelled it, None where nobody has.

    answered, acknowledged: when a person, and before that a robot, replied.
    """

    conversation: int
    at: datetime
    text: str
    answerable: bool | None
    answered: datetime | None = None
    acknowledged: datetime | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Everything the force did until `until`."""

    until: datetime
    posts: tuple[Post, ...]
    messages: tuple[Message, ...]

    def before(self, moment: datetime) -> Record:
        """Return the record as it stood at an earlier moment."""
        return Record(
            moment,
            tuple(post for post in self.posts if post.at <= moment),
            tuple(_as_of(message, moment) for message in self.messages if message.at <= moment),
        )


def _as_of(message: Message, moment: datetime) -> Message:
    """Return a message as it stood before what came later."""
    answered, acknowledged = (
        at if at is not None and at <= moment else None for at in (message.answered, message.acknowledged)
    )
    return replace(message, answered=answered, acknowledged=acknowledged)


@cache
def _words() -> dict[str, Any]:
    text = files(__package__).joinpath("posts.yaml").read_text(encoding="utf-8")
    words: dict[str, Any] = yaml.safe_load(text)
    return words


def make(*, until: datetime, seed: int = 2014) -> Record:
    """Return the record of the two years that end at `until` (a time with a zone). The same seed and end give the same record."""
    chance = random.Random(seed)  # noqa: S311 - invents a record, guards nothing
    midnight = until.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    begins = midnight - timedelta(days=DAYS - 1)
    posts: list[Post] = []
    for network, joined in _JOINED.items():
        posts += _posts(chance, network, begins, range(joined, DAYS))
    posts = [post for post in posts if post.at <= until]
    return Record(until, tuple(sorted(posts, key=lambda post: post.at)), tuple(_messages(chance, begins, until)))


def _between(pair: tuple[float, float], day: int) -> float:
    return pair[0] + (pair[1] - pair[0]) * day / DAYS


def _posts(chance: random.Random, network: Network, begins: datetime, days: range) -> Iterator[Post]:
    number = 0
    quiet = {210 + offset for offset in range(9)}  # a summer in which nobody stood in
    for day in days:
        if day in quiet:
            continue
        expected = _between(_CADENCE[network], day) / 7
        for _post in range(_count(chance, expected)):
            number += 1
            at = begins + timedelta(days=day, minutes=chance.randrange(7 * 60, 21 * 60), seconds=chance.randrange(60))
            post = _post_of(chance, network, at, day, number)
            yield post
            if network != "facebook" and post.kind == "incident" and chance.random() < 0.12:
                number += 1
                yield _follow_up(chance, post, number, day)
        for _answer in range(_count(chance, expected * _between((0.06, 0.48), day))):
            number += 1
            at = begins + timedelta(days=day, minutes=chance.randrange(8 * 60, 20 * 60), seconds=chance.randrange(60))
            yield Post(_identifier(at, number), network, at, "answer", _fill(chance, chance.choice(_words()["answers"])),
                       answers=f"resident{chance.randrange(400)}", likes=chance.randrange(4))  # fmt: skip
        if network != "facebook" and chance.random() < 0.12:
            number += 1
            at = begins + timedelta(days=day, minutes=chance.randrange(9 * 60, 18 * 60))
            yield Post(
                _identifier(at, number), network, at, "repost", "The ring road is closed at the harbour.", repost=True
            )


def _post_of(chance: random.Random, network: Network, at: datetime, day: int, number: int) -> Post:
    kind = chance.choices(list(_MIX), [_between(pair, day) for pair in _MIX.values()])[0]
    written = chance.choice(_words()[kind])
    shown = "picture" in written and chance.random() < 0.95
    described = shown and network == "mastodon" and chance.random() < _between((0.2, 1.02), day)
    reach = chance.lognormvariate(2.4, 0.7)
    return Post(
        id=_identifier(at, number),
        network=network,
        at=at,
        kind=kind,
        text=_fill(chance, written["text"]),
        picture=written.get("picture") if shown else None,
        described=described,
        video=not shown and chance.random() < 0.03,
        likes=int(reach * 2),
        reposts=int(reach * (1.8 if kind == "appeal" else 0.5)),
    )


def _follow_up(chance: random.Random, post: Post, number: int, day: int) -> Post:
    at = post.at + timedelta(minutes=chance.randrange(20, 90))
    text = chance.choice(
        [
            "Update: the road is open again.",
            "Update: nobody was seriously hurt.",
            "Update: thank you, we have found the owner.",
        ]
    )
    return Post(
        _identifier(at, number),
        post.network,
        at,
        "incident",
        text,
        follows=post.id,
        likes=chance.randrange(9 + day // 90),
    )


def _messages(chance: random.Random, begins: datetime, until: datetime) -> Iterator[Message]:
    """Private messages to the page: at first answered after a day or not at all, at the end mostly within the hour."""
    conversation = 0
    for day in range(DAYS):
        for _message in range(_count(chance, _between((0.6, 1.3), day))):
            conversation += 1
            at = begins + timedelta(days=day, minutes=chance.randrange(24 * 60))
            thanks = chance.random() < 0.15
            labelled = chance.random() < _between((0.6, 0.98), day)
            answered = chance.random() < (0.2 if thanks else _between((0.1, 0.95), day))
            waited = timedelta(minutes=chance.lognormvariate(_between((8.2, 3.6), day), 0.9))
            text = _fill(chance, chance.choice(_words()["thanks" if thanks else "questions"]))
            message = Message(
                conversation,
                at,
                text,
                answerable=not thanks if labelled else None,
                answered=at + waited if answered else None,
                acknowledged=at + timedelta(seconds=4) if day >= _ROBOT else None,
            )
            if at <= until:
                yield _as_of(message, until)


def _count(chance: random.Random, expected: float) -> int:
    whole = int(expected)
    return whole + (chance.random() < expected - whole)


def _fill(chance: random.Random, text: str) -> str:
    words = _words()
    return text.format(
        street=chance.choice(words["streets"]),
        district=chance.choice(words["districts"]),
        place=chance.choice(words["places"]),
        name=chance.choice(words["names"]),
        time=f"{chance.randrange(7, 22)}:{chance.choice(('00', '15', '30', '45'))}",
        ref=f"RV{chance.randrange(10_000, 99_999)}",
        age=chance.randrange(19, 71),
        n=chance.randrange(3, 29),
    )


def _identifier(at: datetime, number: int) -> int:
    """Return an id in the manner of the networks: time in milliseconds, then a counter."""
    return (int(at.timestamp() * 1000) << 12) | (number & 0xFFF)
