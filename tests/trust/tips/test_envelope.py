"""The envelope: only its keys open it, and its size says little."""

from __future__ import annotations

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.trust.tips import envelope
from callbox.trust.tips.envelope import NoKeyError, NotOpenedError, Written


def _pair() -> tuple[str, str]:
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=3000)


@given(TEXTS, TEXTS)
def test_every_key_it_was_sealed_to_opens_it(text: str, place: str) -> None:
    one, other, stranger = _pair(), _pair(), _pair()
    written = Written(text, "2026-11-22T12:00:00+00:00", place=place)
    sealed = envelope.seal(written, recipients=[one[1], other[1]])
    assert envelope.unseal(sealed, identity=one[0]) == envelope.unseal(sealed, identity=other[0]) == written
    with pytest.raises(NotOpenedError):
        envelope.unseal(sealed, identity=stranger[0])


def test_sizes_come_in_few_steps() -> None:
    """T-08: letters of 1 to 10,000 characters fill at most four sizes; age's header varies at random, whatever is inside."""
    key = _pair()[1]
    sealed = [
        envelope.seal(Written("x" * length, "now"), recipients=[key]) for length in (*range(1, 10_000, 371), 10_000)
    ]
    assert len({len(each) - each.index(b"\n", each.index(b"\n--- ") + 1) for each in sealed}) <= 4


def test_one_changed_byte_opens_nothing() -> None:
    identity, key = _pair()
    sealed = envelope.seal(Written("what I saw", "now"), recipients=[key])
    for place in range(0, len(sealed), 97):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(NotOpenedError):
            envelope.unseal(bytes(changed), identity=identity)


def test_what_is_no_key_is_refused() -> None:
    for text in ("", "age1", "AGE-SECRET-KEY-1QQQ", "ssh-ed25519 AAAA"):
        with pytest.raises(NoKeyError):
            envelope.check_recipient(text)
    with pytest.raises(NoKeyError):
        envelope.seal(Written("x", "now"), recipients=[])
    with pytest.raises(NoKeyError):
        envelope.public_half("nonsense")
