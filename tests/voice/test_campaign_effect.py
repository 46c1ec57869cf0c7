"""What four counts say, against an independent computation (scipy's conditional odds ratio) and against known truths."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nchypergeom_fisher  # type: ignore[attr-defined]
from scipy.stats.contingency import odds_ratio

from callbox.voice.effect import EXACT_UP_TO, FEWEST, WIDEST, Counts, Told, expected, interval, judge, ratio

small = st.integers(0, 120)


def by_scipy(counts: Counts) -> tuple[float, float]:
    table = [[counts.count, counts.baseline], [counts.comparison_count, counts.comparison_baseline]]
    found = odds_ratio(table, kind="conditional").confidence_interval(0.95)
    return found.low, found.high


@given(small, small, small, small)
def test_the_interval_is_the_one_an_independent_computation_finds(a: int, b: int, c: int, d: int) -> None:
    counts = Counts(a, b, c, d)
    lower, upper, exact = interval(counts)
    assert exact
    if 0 in (a + b, c + d, a + c, b + d):
        assert (lower, upper) == (0, math.inf)
        return
    low, high = by_scipy(counts)
    assert lower == pytest.approx(low, rel=1e-6, abs=1e-12)
    assert upper == pytest.approx(high, rel=1e-6)


@given(st.integers(1, 120), st.integers(1, 120), st.integers(1, 120), st.integers(1, 120))
def test_the_interval_holds_the_ratio_and_turns_with_the_places(a: int, b: int, c: int, d: int) -> None:
    counts, turned = Counts(a, b, c, d), Counts(c, d, a, b)
    lower, upper, _exact = interval(counts)
    middle = ratio(counts)
    assert middle is not None
    assert lower < middle < upper
    assert interval(turned)[:2] == pytest.approx((1 / upper, 1 / lower), rel=1e-6)


@given(st.integers(FEWEST, 2000), st.integers(0, 2000), st.integers(FEWEST, 2000), st.integers(0, 2000))
def test_a_verdict_follows_from_the_interval_alone(a: int, b: int, c: int, d: int) -> None:
    effect = judge(Counts(a, b, c, d))
    if effect.lower > 1 or effect.upper < 1:
        assert effect.told is Told.EFFECT
    elif effect.upper > WIDEST * effect.lower:
        assert effect.told is Told.UNTOLD
    else:
        assert effect.told is Told.NONE


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, FEWEST - 1), st.booleans())
def test_few_cases_before_can_never_tell(count: int, other: int, few: int, here: bool) -> None:
    counts = Counts(few, count, 200, other) if here else Counts(200, count, few, other)
    assert judge(counts).told is Told.UNTOLD


@pytest.mark.parametrize("size", [3_000, 50_000, 2_000_000])
def test_large_counts_take_the_log_normal_interval(size: int) -> None:
    lower, upper, exact = interval(Counts(100 * size, 80 * size, 100 * size, 102 * size))
    middle = math.log(0.8 / 1.02)
    spread = 1.96 * math.sqrt((1 / 100 + 1 / 80 + 1 / 100 + 1 / 102) / size)
    assert not exact
    assert (math.log(lower), math.log(upper)) == pytest.approx((middle - spread, middle + spread), abs=1e-6)


def test_exact_and_log_normal_agree_in_two_digits_where_they_meet() -> None:
    part = EXACT_UP_TO // 2
    exact = interval(Counts(part, part, part, part))
    beyond = interval(Counts(part + 1, part + 1, part + 1, part + 1))
    assert (exact[2], beyond[2]) == (True, False)
    assert exact[:2] == pytest.approx(beyond[:2], abs=0.005)


def test_the_interval_covers_the_truth_at_least_as_often_as_it_says() -> None:
    """Exactly, without drawing: the coverage given the margins, summed over the conditional distribution."""
    here, there, within = 60, 80, 65
    for truth in (0.4, 0.75, 1.0, 1.6):
        distribution = nchypergeom_fisher(here + there, here, within, truth)
        covered = 0.0
        for count in range(max(0, within - there), min(here, within) + 1):
            lower, upper, _exact = interval(Counts(here - count, count, there - (within - count), within - count))
            covered += distribution.pmf(count) if lower <= truth <= upper else 0.0
        assert 0.95 <= covered <= 0.99


def test_two_places_that_move_alike_are_seldom_called_an_effect() -> None:
    rng = np.random.default_rng(20261122)
    draws = rng.poisson([90, 70, 110, 110 * 70 / 90], size=(300, 4))
    called = sum(judge(Counts(*map(int, row))).told is Told.EFFECT for row in draws)
    assert called / len(draws) < 0.05


def test_a_halving_in_large_counts_is_found() -> None:
    effect = judge(Counts(400, 200, 380, 390))
    assert effect.told is Told.EFFECT
    assert effect.upper < 0.7
    assert effect.expected == pytest.approx(400 * 390 / 380)


def test_no_events_anywhere_say_nothing() -> None:
    effect = judge(Counts(0, 0, 0, 0))
    assert (effect.told, effect.ratio, effect.expected) == (Told.UNTOLD, None, None)
    assert (effect.lower, effect.upper) == (0, math.inf)


def test_a_count_below_zero_is_refused() -> None:
    for place, value in product(range(4), (-1, -100)):
        four = [10, 10, 10, 10]
        four[place] = value
        with pytest.raises(ValueError, match="below zero"):
            Counts(*four)


def test_an_expectation_needs_a_comparison() -> None:
    assert expected(Counts(10, 5, 0, 4)) is None
    assert expected(Counts(10, 5, 20, 10)) == 5
