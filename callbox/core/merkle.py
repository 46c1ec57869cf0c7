"""The Merkle tree of RFC 6962 (section 2.1): one hash that stands for many rows in their order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence


def leaf(entry: bytes) -> bytes:
    """Return the hash of one entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes; that of no leaves is the hash of nothing."""
    level: Sequence[bytes] = list(leaves)
    if not level:
        return hashlib.sha256(b"").digest()
    while len(level) > 1:
        # An odd one out rises as it is: the split at the largest power of two, seen from below.
        pairs = [hashlib.sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = [*pairs, level[-1]] if len(level) % 2 else pairs
    return level[0]
