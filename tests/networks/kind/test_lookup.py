"""Many keys found in a fixed set at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.networks.kind.lookup import Lookup

KEYS = st.integers(0, 2**64 - 1)


@given(st.lists(KEYS, unique=True, max_size=200), st.lists(KEYS, max_size=50))
def test_a_key_is_found_at_its_place_and_nothing_else_is(keys: list[int], others: list[int]) -> None:
    asked = [*keys, *others, 0]
    found = Lookup(np.array(keys, np.uint64)).find(np.array(asked, np.uint64))
    assert found.tolist() == [keys.index(key) if key in keys else -1 for key in asked]


def test_keys_that_share_a_slot_are_told_apart() -> None:
    keys = np.arange(3000, dtype=np.uint64) << np.uint64(61)  # the low bits decide nothing here: eight slots for all
    distinct = np.unique(keys) + np.arange(8, dtype=np.uint64)
    assert Lookup(distinct).find(distinct).tolist() == list(range(8))


def test_a_key_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="key number 2 stands there twice"):
        Lookup(np.array([5, 6, 5], np.uint64))
