"""Find many keys in a fixed set at once: a hash table with open addresses, looked up by whole arrays."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

type Keys = npt.NDArray[np.uint64]
type Places = npt.NDArray[np.int32]

#: An odd number whose product spreads keys over the high bits (Knuth, The Art of Computer Programming, 6.4).
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
#: Slots for each key: few keys then share one.
_ROOM: Final = 4


class Lookup:
    """The places of `keys`, in their order.

    Raises:
        ValueError: a key stands there twice; the message names its place.
    """

    def __init__(self, keys: Keys) -> None:
        bits = max(4, int(np.ceil(np.log2(_ROOM * max(1, len(keys))))))
        self._shift = np.uint64(64 - bits)
        self._keys = np.zeros(1 << bits, np.uint64)
        self._places = np.full(1 << bits, -1, np.int32)
        for place, (key, first) in enumerate(zip(keys.tolist(), self._slots(keys).tolist(), strict=True)):
            slot = first
            while self._places[slot] >= 0:
                if self._keys[slot] == key:
                    raise ValueError(f"key number {place} stands there twice")
                slot = (slot + 1) % len(self._keys)
            self._keys[slot], self._places[slot] = key, place

    def _slots(self, keys: Keys) -> npt.NDArray[np.int64]:
        return ((keys * _SPREAD) >> self._shift).astype(np.int64)

    def find(self, keys: Keys) -> Places:
        """Return the place of each key, -1 for one that is not here."""
        slots = self._slots(keys)
        found = self._places[slots]
        other = self._keys[slots] != keys
        wrong = np.flatnonzero(other & (found >= 0))
        found[other] = -1
        while len(wrong):
            slots[wrong] = (slots[wrong] + 1) % len(self._keys)
            here = self._places[slots[wrong]]
            same = self._keys[slots[wrong]] == keys[wrong]
            found[wrong[same]] = here[same]
            wrong = wrong[~same & (here >= 0)]
        return found
