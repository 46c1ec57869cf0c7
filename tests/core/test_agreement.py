"""How far two people agree: the interval of Cohen's kappa. Kappa itself is tested beside the other statistics."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.core.agreement import cohen_kappa, cohen_kappa_interval


def test_the_interval_is_the_one_worked_by_hand() -> None:
    # 50 things: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no. Observed 0.7, expected 0.5, kappa 0.4.
    # Agreeing cells 0.4 x 0.17^2 + 0.3 x 0.23^2 = 0.02743; others 0.09 x (0.1 x 1.1^2 + 0.2 x 0.9^2) = 0.02547; less 0.05^2 = 0.0025.
    # Variance 0.0504 / (50 x 0.5^4) = 0.016128, standard error 0.1270; 1.96 of it to either side.
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    assert cohen_kappa_interval(pairs) == pytest.approx((0.4 - 0.24891, 0.4 + 0.24891), abs=1e-4)


def test_perfect_agreement_over_two_labels_leaves_no_room() -> None:
    assert cohen_kappa_interval([("a", "a"), ("b", "b")] * 30) == pytest.approx((1, 1))


def test_one_label_throughout_tells_nothing() -> None:
    assert cohen_kappa_interval([(1, 1)] * 40) == (-1, 1)


def test_no_pairs_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        cohen_kappa_interval([])


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1))
def test_the_interval_holds_kappa_whoever_is_called_first(pairs: list[tuple[int, int]]) -> None:
    low, high = cohen_kappa_interval(pairs)
    assert -1 <= low <= cohen_kappa(pairs) <= high <= 1
    assert cohen_kappa_interval([(second, first) for first, second in pairs]) == pytest.approx((low, high))


def test_the_interval_holds_the_true_kappa_about_as_often_as_it_says() -> None:
    chance = random.Random(4)
    # The second coder copies the first with probability 0.6 and guesses otherwise: kappa of all such things is 0.6.
    held = 0
    for _ in range(400):
        firsts = [chance.choice("abc") for _ in range(120)]
        low, high = cohen_kappa_interval(
            [(first, first if chance.random() < 0.6 else chance.choice("abc")) for first in firsts]
        )
        held += low <= 0.6 <= high
    assert 0.91 <= held / 400 <= 0.985
