"""A Bluesky repository: Settings, Account, "Export my data". One CAR file with every public record of the account.

Format: https://atproto.com/specs/repository, https://ipld.io/specs/transport/car/carv1/; records after the lexicons `app.bsky.*`.

Time of a post: its record states `createdAt` by the clock of the app, its key (a TID) was made when it was written. As the network
itself does for sorting, the earlier of the two counts: an imported old post keeps its date, a clock that runs ahead does not. The
commit is signed by the account, but the key to check it is not in the file: the signature is not checked, every block's hash is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from callbox.networks.archives import rows
from callbox.networks.archives.car import Block, Broken, blocks, decode, is_car, links_of
from callbox.networks.archives.container import is_single, open_container
from callbox.networks.archives.contract import ArchiveError, Batch, Reading
from callbox.networks.archives.json_stream import Element
from callbox.networks.bluesky.embeds import embeds_of, media_of

LABEL = "Bluesky repository"

_POST: Final = "app.bsky.feed.post"
_REPOST: Final = "app.bsky.feed.repost"
_PROFILE: Final = "app.bsky.actor.profile"
_ASPECTS: Final = ["replies", "media", "alt_text", "captions", "language"]
_LETTERS: Final = "234567abcdefghijklmnopqrstuvwxyz"
_TID_LENGTH: Final = 13
#: The protocol opened in 2022; a key older or newer than the commit is no clock.
_FIRST: Final = datetime(2022, 1, 1, tzinfo=UTC)
_SLACK: Final = timedelta(days=1)


def recognises(path: Path) -> bool:
    """Whether the file begins as a CAR does."""
    return is_single(path) and is_car(path)


def read(path: Path, reading: Reading) -> Iterator[Batch]:
    """Yield posts and reposts, then the account.

    The file is read twice: its index (the tree that says which key each record has) first, then the records.

    Raises:
        ArchiveError: it is no CAR, or there is no commit that says whose repository it is, and no other account is named.
    """
    if not recognises(path):
        raise ArchiveError(f"{path.name} does not begin as a repository (CAR) does")
    with open_container(path) as container, container.open(path.name) as stream:
        index = _index(blocks(stream))
    repository = _Repository(path, index, reading.account)
    collector = rows.Collector(path, reading)
    with open_container(path, reading.advance) as container, container.open(path.name) as stream:
        for block in blocks(stream):
            if isinstance(block, Broken):
                place = Element(block.number, block.offset, {})
                collector.set_aside(place, block.code, {})
                continue
            _take(collector, repository, block, path.name)
            yield from collector.full()
        if repository.unplaced:
            collector.leave_out("index_damaged", repository.unplaced)
        yield from collector.finish(container, repository.summary())


@dataclass
class _Index:
    """What the first pass finds. keys: content id -> key of the record; whole: every node of the tree was there."""

    commit: dict[str, Any] = field(default_factory=dict)
    keys: dict[bytes, str] = field(default_factory=dict)
    seen: set[bytes] = field(default_factory=set)
    wanted: set[bytes] = field(default_factory=set)
    damaged: bool = False

    @property
    def whole(self) -> bool:
        return bool(self.commit) and not self.damaged and self.wanted <= self.seen


def _index(found: Iterator[Block | Broken]) -> _Index:
    index = _Index()
    for block in found:
        if isinstance(block, Broken):
            index.damaged = True
            continue
        value = decode(block.data) if block.may_be_index else None
        if not isinstance(value, dict):
            continue
        if {"did", "data", "rev"} <= value.keys():
            index.commit = max(index.commit, value, key=lambda commit: str(commit.get("rev", "")))
            index.wanted |= links_of(value.get("data"))
        elif value.keys() == {"e", "l"}:
            index.seen.add(block.digest)
            _leaves(index, value)
    return index


def _leaves(index: _Index, node: dict[str, Any]) -> None:
    """Read a node of the tree: keys share a prefix with the key before them."""
    index.wanted |= links_of(node["l"])
    key = b""
    for entry in rows.objects(node["e"]):
        shared, rest = entry.get("p"), entry.get("k")
        if not isinstance(shared, int) or not isinstance(rest, bytes):
            index.damaged = True
            return
        key = key[:shared] + rest
        index.wanted |= links_of(entry.get("t"))
        name = key.decode("ascii", "replace")
        if name.startswith((f"{_POST}/", f"{_REPOST}/", f"{_PROFILE}/")):
            for link in links_of(entry.get("v")):
                index.keys[link] = name


def _take(collector: rows.Collector, repository: _Repository, block: Block, member: str) -> None:
    key = repository.index.keys.get(block.digest)
    if key is None and (repository.index.whole or block.may_be_index):
        return
    value = decode(block.data)
    if not isinstance(value, dict):
        return
    kind = value.get("$type")
    if kind == _PROFILE:
        name = value.get("displayName")
        repository.name = name if isinstance(name, str) else None
    elif kind in (_POST, _REPOST):
        element = Element(block.number, block.offset, value)
        collector.take(element, member, lambda record: repository.row(record, kind, key, block))


class _Repository:
    """Translates the records of one account."""

    def __init__(self, path: Path, index: _Index, fallback: str | None) -> None:
        did = index.commit.get("did")
        if not isinstance(did, str) and fallback is None:
            raise ArchiveError(
                f"{path.name} holds no commit, so it is no repository of an account, or its beginning is damaged"
            )
        self.index = index
        self.name: str | None = None
        self.unplaced = 0
        self._did = did if isinstance(did, str) else str(fallback)
        self._rev = tid_time(index.commit.get("rev"))

    @property
    def account(self) -> str:
        return f"bluesky:{self._did}"

    def summary(self) -> rows.Row:
        """Return the row of the account."""
        stated = {"account": self.account, "network": "bluesky", "handle": self._did, "name": self.name}
        return stated | {"carries": list(_ASPECTS), "as_of": self._rev}

    def row(self, record: dict[str, Any], kind: str, key: str | None, block: Block) -> rows.Row:
        """Return the row of a record. Without its key it is known by its content's hash."""
        if key is None:
            self.unplaced += 1
        rkey = key.partition("/")[2] if key else None
        row: rows.Row = {
            "account": self.account,
            "post": f"at://{self._did}/{key or f'{kind}/{block.digest.hex()}'}",
            "at": self._at(record.get("createdAt"), rkey),
            "action": "repost",
        }
        if kind == _REPOST:
            return row
        reply, embeds = record.get("reply"), list(embeds_of(record.get("embed")))
        row |= {
            "action": "quote" if any(_quotes(embed) for embed in embeds) else "post",
            "language": rows.language(next(iter(record.get("langs") or ()), None)),
            "text": str(record.get("text") or ""),
        }
        if isinstance(reply, dict):
            row |= {"action": "reply", **self._answered(reply)}
        return row | media_of(embeds)

    def _answered(self, reply: dict[str, Any]) -> rows.Row:
        parent, root = (str((reply.get(end) or {}).get("uri") or "") for end in ("parent", "root"))
        own = f"at://{self._did}/"
        return {
            "addressee": "self" if parent.startswith(own) else "other" if parent else "unknown",
            "thread": root if root.startswith(own) else None,
        }

    def _at(self, stated: object, rkey: str | None) -> datetime:
        written = tid_time(rkey)
        latest = (self._rev or datetime.max.replace(tzinfo=UTC) - _SLACK) + _SLACK
        if written is None or not _FIRST <= written <= latest:
            return rows.iso_time(stated)
        try:
            return min(rows.iso_time(stated), written)
        except rows.Unfit:
            return written


def tid_time(tid: object) -> datetime | None:
    """Return the time in a TID (13 letters of base32-sortable, microseconds since 1970 above ten bits of a clock's id)."""
    if not isinstance(tid, str) or len(tid) != _TID_LENGTH or any(letter not in _LETTERS for letter in tid):
        return None
    number = 0
    for letter in tid:
        number = number * 32 + _LETTERS.index(letter)
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=number >> 10)
    except OverflowError:
        return None


def _quotes(embed: dict[str, Any]) -> bool:
    """Whether an embed is another post (it may be a list or a feed)."""
    record = embed.get("record")
    return isinstance(record, dict) and f"/{_POST}/" in str(record.get("uri"))
