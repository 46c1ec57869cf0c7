"""The receipt: strong by construction, forgiving to type, and the only way to the dialogue's key."""

from __future__ import annotations

import math
from collections import Counter

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from callbox.trust.tips import receipts


def test_nine_words_carry_at_least_112_bits() -> None:
    """T-10."""
    assert receipts.WORDS * math.log2(len(receipts.word_list())) >= 112
    assert len(receipts.new().split()) == receipts.WORDS


@pytest.mark.slow
def test_no_two_receipts_are_the_same_and_every_word_is_as_likely() -> None:
    """T-10: 100,000 receipts, no collision; the use of words passes a chi-square test."""
    made = [receipts.new() for _ in range(100_000)]
    assert len(set(made)) == len(made)
    used = Counter(word for receipt in made for word in receipt.split())
    assert chisquare([used[word] for word in receipts.word_list()]).pvalue > 0.0001


def test_what_people_type_opens_the_same_tip() -> None:
    receipt = "apple breeze candle drift ember fossil glacier harbor ivory"
    for typed in (
        receipt.upper(),
        "  apple, breeze  candle\ndrift-ember".replace("drift-ember", "drift ember") + " fossil glacier harbor ivory. ",
        "1. apple 2. breeze 3. candle 4. drift 5. ember 6. fossil 7. glacier 8. harbor 9. ivory",
    ):
        assert receipts.lookup(typed, pepper="p") == receipts.lookup(receipt, pepper="p")


def test_a_word_that_no_receipt_holds_is_named_with_those_it_may_be() -> None:
    assert receipts.slips(receipts.new()) == {}
    found = receipts.slips("abdomen abdmen zzqqx ABDOMENN ابت")
    assert found["abdmen"] == found["abdomenn"] == ("abdomen",)
    assert found["zzqqx"] == ()
    assert len(receipts.slips(" ".join(f"q{letter}q" for letter in "abcdefghijklmnopqrstuvwxyz"))) == receipts.WORDS
    assert max(map(len, receipts.word_list())) < receipts._LONGEST


def test_the_name_in_the_database_needs_the_key_outside_of_it() -> None:
    receipt = receipts.new()
    assert receipts.lookup(receipt, pepper="one") != receipts.lookup(receipt, pepper="another")


@given(st.binary(min_size=32, max_size=32))
def test_a_derived_identity_is_what_age_writes_itself(key: bytes) -> None:
    text = receipts._bech32("age-secret-key-", key).upper()
    assert str(pyrage.x25519.Identity.from_str(text)) == text


def test_any_text_can_be_typed() -> None:
    for typed in ("", "\x00", "🦊" * 1000, "a" * 100_000, "أهلا"):
        assert len(receipts.lookup(typed, pepper="p")) == 64
        assert receipts.identity(typed).startswith("AGE-SECRET-KEY-1")
