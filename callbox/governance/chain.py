"""The hash chain as pure values: an exported file is verified without a database.

digest of an event = SHA-256 of its canonical JSON (keys sorted, no blanks, UTF-8); digest of link n = SHA-256 of
`previous link : n : digest of event`. The nonce in each event keeps a bare digest from being guessed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

#: What stands before the first link.
GENESIS = hashlib.sha256(b"callbox audit chain 1").hexdigest()


#: Made once: a chain of a million events is verified with it.
_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
).encode


#: One text as JSON, by the same rules.
_quoted = json.encoder.encode_basestring


def canonical(value: Any) -> bytes:
    """Return JSON that is the same for the same value everywhere.

    Raises:
        TypeError: a float, a NUL character, or anything that is not plain JSON.
    """
    _refuse(value)
    return _encode(value).encode()


def _refuse(value: Any) -> None:
    match value:
        case None | bool() | int():
            return
        case str():
            if "\0" not in value:
                return
        case list():
            for item in value:
                _refuse(item)
            return
        case dict():
            for key, item in value.items():
                if not isinstance(key, str):
                    break
                _refuse(key)
                _refuse(item)
            else:
                return
    raise TypeError(f"an audit event cannot hold {value!r}")


@dataclass(frozen=True, slots=True)
class Event:
    """One event as it was recorded. at: UTC, to the millisecond. agency: its short name, empty for the installation."""

    nonce: str
    agency: str
    at: datetime
    by_id: int | None
    by_name: str
    action: str
    target: str
    data: Mapping[str, Any]

    def plain(self) -> dict[str, Any]:
        """Return the event as plain JSON values."""
        return {
            "nonce": self.nonce,
            "agency": self.agency,
            "at": self._moment(),
            "by_id": self.by_id,
            "by_name": self.by_name,
            "action": self.action,
            "target": self.target,
            "data": dict(self.data),
        }

    def digest(self) -> str:
        """Return the SHA-256 of the event's canonical JSON; `canonical` has been asked when it was recorded.

        The shape is known, so the outer braces are written out here: half the time of a verification. A test holds it to `plain`.
        """
        by_id = "null" if self.by_id is None else _encode(self.by_id)
        text = (
            f'{{"action":{_quoted(self.action)},"agency":{_quoted(self.agency)},"at":"{self._moment()}","by_id":{by_id},'
            f'"by_name":{_quoted(self.by_name)},"data":{_encode(self.data)},"nonce":{_quoted(self.nonce)},'
            f'"target":{_quoted(self.target)}}}'
        )
        return hashlib.sha256(text.encode()).hexdigest()

    def _moment(self) -> str:
        at = self.at if self.at.tzinfo is UTC else self.at.astimezone(UTC)
        return at.isoformat(timespec="milliseconds")


def link_digest(previous: str, sequence: int, event_digest: str) -> str:
    """Return the digest of link `sequence` after `previous`."""
    return hashlib.sha256(f"{previous}:{sequence}:{event_digest}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """One link; `event` is None where only its digest may be shown."""

    sequence: int
    event_digest: str
    chain_digest: str
    event: Event | None = None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The chain as a witness saw it: up to `sequence` it must end in `chain_digest` for ever."""

    sequence: int
    chain_digest: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain does not hold. sequence: its place.  what: a key of `BREAKS`."""

    sequence: int
    what: str

    @property
    def sentence(self) -> str:
        """Say what was found, in English."""
        return BREAKS[self.what] % {"n": self.sequence}


BREAKS = {
    "changed": "event %(n)d was changed after it was sealed",
    "missing": "event %(n)d is missing",
    "inserted": "an event stands twice at place %(n)d",
    "order": "event %(n)d stands out of order",
    "relinked": "event %(n)d does not follow from the one before it",
    "cut": "the chain ends before event %(n)d, which a checkpoint has seen",
    "headless": "the record of the chain's end was removed, so nothing tells whether events after %(n)d were cut off",
    "rewritten": "event %(n)d is not the one a checkpoint has seen",
    "tail": "unsealed event with id %(n)d was changed after it was recorded",
    "unreadable": "line %(n)d of the file cannot be read",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying found. events: sealed events read.  hidden: those of them known by digest alone.  head: digest of the last
    good link.  unsealed: events not yet chained, the oldest from `unsealed_since`.
    """

    events: int
    hidden: int
    head: str
    first_break: Break | None = None
    unsealed: int = 0
    unsealed_since: datetime | None = None
    checkpoints: int = field(default=0)

    @property
    def whole(self) -> bool:
        """Whether nothing was touched."""
        return self.first_break is None

    def with_tail(self, *, count: int, oldest: datetime | None, broken: int | None) -> Verdict:
        """Return the verdict with what is known of the unsealed tail."""
        first = self.first_break or (None if broken is None else Break(broken, "tail"))
        return replace(self, unsealed=count, unsealed_since=oldest, first_break=first)


def verify(links: Iterable[Link], *, checkpoints: Iterable[Checkpoint] = ()) -> Verdict:
    """Recompute the chain from its beginning and stop at the first break."""
    seen: dict[int, set[str]] = {}
    for point in checkpoints:  # two witnesses of one place must agree: neither stands in for the other
        seen.setdefault(point.sequence, set()).add(point.chain_digest)
    head, count, hidden = GENESIS, 0, 0
    for link in links:
        expected = count + 1
        what = _fault(link, expected, head, seen)
        if what is not None:
            place = expected if what == "missing" else link.sequence
            return Verdict(count, hidden, head, Break(place, what), checkpoints=len(seen))
        head, count, hidden = link.chain_digest, expected, hidden + (link.event is None)
    cut = any(sequence > count for sequence in seen)
    return Verdict(count, hidden, head, Break(count + 1, "cut") if cut else None, checkpoints=len(seen))


def _fault(link: Link, expected: int, head: str, seen: Mapping[int, set[str]]) -> str | None:
    if link.sequence != expected:
        return "missing" if link.sequence > expected else ("inserted" if link.sequence == expected - 1 else "order")
    if link.event is not None and _digest(link.event) != link.event_digest:
        return "changed"
    if link_digest(head, expected, link.event_digest) != link.chain_digest:
        return "relinked"
    if expected in seen and seen[expected] != {link.chain_digest}:
        return "rewritten"
    return None


def _digest(event: Event) -> str:
    try:
        return event.digest()
    except (TypeError, ValueError):  # what no event of ours can hold
        return "unreadable"


def to_line(link: Link) -> str:
    """Return a link as one line of JSON Lines, without the line's end."""
    plain = {
        "sequence": link.sequence,
        "event_digest": link.event_digest,
        "chain_digest": link.chain_digest,
        "event": link.event.plain() if link.event else None,
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)


def from_line(line: str) -> Link:
    """Read what `to_line` wrote.

    Raises:
        ValueError: the line is not such a link.
    """
    try:
        plain = json.loads(line)
        body = plain["event"]
        event = None if body is None else Event(**{**body, "at": datetime.fromisoformat(body["at"])})
        return Link(int(plain["sequence"]), str(plain["event_digest"]), str(plain["chain_digest"]), event)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a link of an audit chain: {error}") from error


def verify_file(path: Path, *, checkpoints: Iterable[Checkpoint] = ()) -> Verdict:
    """Verify an exported chain (JSON Lines) without a database.

    Raises:
        OSError: the file cannot be read.
    """
    line_number = 0

    def links() -> Iterator[Link]:
        nonlocal line_number
        with path.open(encoding="utf-8") as handle:
            for line_number, line in enumerate(handle, start=1):  # noqa: B007 - the place of an unreadable line
                if line.strip():
                    yield from_line(line)

    try:
        return verify(links(), checkpoints=checkpoints)
    except ValueError:  # also bytes that are not UTF-8
        return Verdict(0, 0, GENESIS, Break(max(line_number, 1), "unreadable"))


def write_checkpoint(path: Path, point: Checkpoint) -> None:
    """Append a checkpoint to a witness file (JSON Lines); keep that file, or a copy, out of reach of the database's owner."""
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = {
        "sequence": point.sequence,
        "chain_digest": point.chain_digest,
        "at": point.at.isoformat(timespec="milliseconds"),
    }
    with path.open("a", encoding="utf-8") as handle:
        handle.write(json.dumps(plain, sort_keys=True) + "\n")


def read_checkpoints(path: Path) -> list[Checkpoint]:
    """Read a witness file; none when it does not exist.

    Raises:
        ValueError: a line is not a checkpoint; it names the line.
    """
    if not path.exists():
        return []
    points = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            plain = json.loads(line)
            points.append(
                Checkpoint(int(plain["sequence"]), str(plain["chain_digest"]), datetime.fromisoformat(plain["at"]))
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"line {number} of {path.name} is not a checkpoint") from error
    return points
