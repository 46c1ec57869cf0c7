"""What travels in the log: one post that watches matched, or that one of those was deleted. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from callbox.core.log.contract import Entry
from callbox.core.plain import canonical


class Matched(NamedTuple):
    """That a watch matched. digest: of the version that was allowed then.  words: the terms that decided."""

    watch: int
    digest: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One post for one agency. Nobody's name is in it: `pseudonym` and `text` are veiled, `sealed` holds the author, the network's own
    id and the address.

    key: SHA-256 of network and id.  heard: when it came to us.  at: by the author's clock.  gone: its author deleted it, and the rest is
    empty.
    """

    agency: int
    source: int
    key: str
    heard: datetime
    gone: bool = False
    matched: tuple[Matched, ...] = ()
    at: datetime | None = None
    pseudonym: str = ""
    sealed: str = ""
    text: str = ""
    language: str = ""

    def entry(self) -> Entry:
        """Return it as an entry of the log. The same words matched by the same watches have the same id, whenever they were heard."""
        watches = [[one.watch, one.digest] for one in self.matched]
        stands_for = [self.agency, self.key, self.gone, self.text, watches]
        return Entry(hashlib.sha256(canonical(stands_for)).hexdigest(), json.dumps(self._plain()).encode())

    def _plain(self) -> dict[str, object]:
        return {
            "agency": self.agency,
            "source": self.source,
            "key": self.key,
            "heard": self.heard.isoformat(),
            "gone": self.gone,
            "matched": self.matched,
            "at": self.at.isoformat() if self.at else None,
            "pseudonym": self.pseudonym,
            "sealed": self.sealed,
            "text": self.text,
            "language": self.language,
        }


def key_of(network: str, remote_id: str) -> str:
    """Return the digest that stands for a post instead of its id, which names its author on some networks."""
    return hashlib.sha256(f"{network}\n{remote_id}".encode("utf-8", "replace")).hexdigest()


def read(data: bytes) -> Finding:
    """Return what an entry holds.

    Raises:
        ValueError: nothing that was written here.
    """
    try:
        plain: Mapping[str, Any] = json.loads(data)
        return Finding(
            agency=_is(plain["agency"], int),
            source=_is(plain["source"], int),
            key=_is(plain["key"], str),
            heard=_moment(plain["heard"]),
            gone=_is(plain["gone"], bool),
            matched=tuple(
                Matched(_is(watch, int), _is(digest, str), tuple(_is(word, str) for word in words))
                for watch, digest, words in plain["matched"]
            ),
            at=_moment(plain["at"]) if plain["at"] is not None else None,
            pseudonym=_is(plain["pseudonym"], str),
            sealed=_is(plain["sealed"], str),
            text=_is(plain["text"], str),
            language=_is(plain["language"], str),
        )
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"an entry without {error}") from None


def _is[T](value: object, kind: type[T]) -> T:
    if type(value) is not kind:
        raise TypeError(kind.__name__)
    return value


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_is(value, str))
    if moment.tzinfo is None:
        raise ValueError("a moment without its zone")
    return moment
