"""CAR files (version 1) block by block: https://ipld.io/specs/transport/car/carv1/. Content is checked against its hash.

libipld decodes the blocks (DAG-CBOR); it reads a CAR only as a whole, so the frames around the blocks are taken apart here. A block
whose contents do not match is set aside; where the frame itself is damaged, reading goes on at the next frame whose block does match.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import libipld

#: The head of a content id as AT Protocol writes them: version 1, DAG-CBOR, SHA-256 of 32 bytes.
CID_HEAD: Final = b"\x01\x71\x12\x20"
_CID: Final = len(CID_HEAD) + 32
#: No record or node of the protocol is larger (records end at one million bytes).
MAX_BLOCK: Final = 4 * 2**20
_CHUNK: Final = 2**20
_MAX_HEADER: Final = 4096
#: Bytes that are hashed in vain in search of the next frame, before the rest is given up.
_EFFORT: Final = 2**30


class Stream(Protocol):
    """Where bytes come from."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, nothing at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Block:
    """A sound block. number: from 1; offset: first byte of its frame; digest: the SHA-256 of its content id."""

    number: int
    offset: int
    digest: bytes
    data: bytes

    @property
    def may_be_index(self) -> bool:
        """Whether it begins as a node of the tree (a map of `e` and `l`) or a commit (a map that begins with `did`) does."""
        return self.data.startswith((b"\xa2\x61e", b"\xa2\x61l")) or self.data[1:5] == b"\x63did"


@dataclass(frozen=True, slots=True)
class Broken:
    """A stretch that was set aside. code: a reason code."""

    number: int
    offset: int
    code: str


def is_car(path: Path) -> bool:
    """Whether a file begins with the header of a CAR."""
    with path.open("rb") as file:
        head = file.read(_MAX_HEADER + 2)
    length, used = _varint(head, 0)
    return (
        used > 0
        and 0 < length <= _MAX_HEADER
        and b"eroots" in head[used : used + length]
        and b"gversion" in head[used : used + length]
    )


def blocks(stream: Stream) -> Iterator[Block | Broken]:
    """Yield the blocks in order; never raises for what the bytes are, holds a few megabytes."""
    window = _Window(stream)
    window.need(_MAX_HEADER)
    length, used = window.varint()
    window.move(used + length)
    number = 0
    while window.need(1):
        number += 1
        offset = window.offset
        block, size = _block(window, number)
        if block is not None:
            yield block
            window.move(size)
        elif size:
            yield Broken(number, offset, "block_damaged")
            window.move(size)
        else:
            cut_short = not _resynchronise(window)
            yield Broken(number, offset, "file_cut_short" if cut_short else "block_damaged")


def decode(data: bytes) -> Any:
    """Return a block's value, None when it is not DAG-CBOR."""
    try:
        return libipld.decode_dag_cbor(data)
    except (ValueError, RecursionError):
        return None


def links_of(value: object) -> set[bytes]:
    """Return the digest of a link, as a set of one; an empty set when it is none."""
    return (
        {value[len(CID_HEAD) :]}
        if isinstance(value, bytes) and len(value) == _CID and value.startswith(CID_HEAD)
        else set()
    )


class _Window:
    """The bytes in sight; `at` is the position in them."""

    def __init__(self, stream: Stream) -> None:
        self._stream, self._base, self._ended = stream, 0, False
        self.bytes, self.at = b"", 0

    @property
    def offset(self) -> int:
        return self._base + self.at

    def need(self, size: int) -> bool:
        """Have `size` bytes in sight; False when the stream ends before."""
        while len(self.bytes) - self.at < size and not self._ended:
            more = self._stream.read(max(_CHUNK, size))
            self._ended = not more
            self.bytes = self.bytes[self.at :] + more
            self._base += self.at
            self.at = 0
        return len(self.bytes) - self.at >= size

    def move(self, size: int) -> None:
        self.need(size)
        self.at = min(self.at + size, len(self.bytes))

    def finish(self) -> None:
        """Pass over all that is left."""
        while self.need(1):
            self.at = len(self.bytes)

    def varint(self) -> tuple[int, int]:
        return _varint(self.bytes, self.at)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return an unsigned LEB128 number and its length, 0 long when there is none."""
    number = 0
    for used, byte in enumerate(data[at : at + 9]):
        number |= (byte & 0x7F) << (7 * used)
        if byte < 0x80:
            return number, used + 1
    return 0, 0


def _block(window: _Window, number: int) -> tuple[Block | None, int]:
    """Return the block that begins here and the size of its frame; no block when its hash does not match; size 0 when the frame is bad."""
    window.need(10)
    length, used = window.varint()
    if not used or not _CID < length <= MAX_BLOCK + _CID or not window.need(used + length):
        return None, 0
    start = window.at + used
    head = window.bytes[start : start + len(CID_HEAD)]
    digest = window.bytes[start + len(CID_HEAD) : start + _CID]
    data = window.bytes[start + _CID : start + length]
    if head == CID_HEAD and hashlib.sha256(data).digest() == digest:
        return Block(number, window.offset, digest, data), used + length
    return None, used + length if _frame_at(window, used + length) else 0


def _frame_at(window: _Window, ahead: int) -> bool:
    """Whether a frame begins `ahead` of here, or the stream ends there."""
    if not window.need(ahead + 10 + len(CID_HEAD)):
        window.need(ahead)
        return len(window.bytes) - window.at == ahead
    at = window.at + ahead
    length, used = _varint(window.bytes, at)
    return used > 0 and length > _CID and window.bytes[at + used : at + used + len(CID_HEAD)] == CID_HEAD


def _resynchronise(window: _Window) -> bool:
    """Move to the next frame whose block matches its hash; False, at the end, when there is none or it takes too long to find."""
    window.move(1)
    effort = _EFFORT
    while effort > 0 and window.need(_CID + 1):
        window.need(2 * MAX_BLOCK + 64)  # so that nothing moves while frames within the first half are tried
        found = window.bytes.find(CID_HEAD, window.at, window.at + MAX_BLOCK)
        if found < 0:
            window.move(min(MAX_BLOCK, max(1, len(window.bytes) - window.at - _CID)))
            continue
        start = window.at
        for used in range(1, min(4, found - start) + 1):
            window.at = found - used
            length, stated = window.varint()
            if stated == used:
                effort -= length if length <= len(window.bytes) - window.at else 0
                if _block(window, 0)[0] is not None:
                    return True
        window.at = found + 1
    window.finish()
    return False
