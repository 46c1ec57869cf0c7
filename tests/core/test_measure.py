"""The statistics of the model, against what other people's formulas and exact counting give."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.core.agreement import cohen_kappa
from callbox.core.measure import Window, median_upper, median_upper_rank, sample, wilson_interval, wilson_lower
from callbox.core.plain import from_plain, to_plain

WINDOW = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))


@pytest.mark.parametrize(("successes", "n"), [(0, 30), (15, 30), (30, 30), (1, 1000), (730, 1000)])
def test_the_wilson_bound_solves_the_equation_it_comes_from(successes: int, n: int) -> None:
    low = wilson_lower(successes, n)
    distance = successes / n - low
    assert distance**2 == pytest.approx(1.645**2 * low * (1 - low) / n, abs=1e-12)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share(counts: tuple[int, int]) -> None:
    successes, n = counts
    low, high = wilson_interval(successes, n)
    assert 0 <= low <= successes / n + 1e-12
    assert successes / n - 1e-12 <= high <= 1


@pytest.mark.parametrize(("successes", "n"), [(1, 0), (-1, 5), (6, 5)])
def test_a_share_of_nothing_is_refused(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson_lower(successes, n)


def test_a_sample_is_judged_from_thirty_items_on() -> None:
    few, enough = (sample("a", WINDOW, 20, n, tables=("posts",)) for n in (29, 30))
    assert (few.shown, enough.shown) == (False, True)
    assert few.value == pytest.approx(20 / 29)


def exact_rank(n: int) -> int | None:
    """Count coin tosses in whole numbers."""
    total = 0
    for rank in range(1, n + 1):
        total += math.comb(n, rank - 1)
        if total * 100 >= 95 * 2**n:
            return rank
    return None


def test_the_rank_of_the_median_bound_is_exact() -> None:
    assert [median_upper_rank(n) for n in range(300)] == [exact_rank(n) for n in range(300)]
    assert median_upper_rank(4) is None
    assert median_upper_rank(5) == 5


def test_the_rank_of_the_median_bound_of_a_million_is_found() -> None:
    assert median_upper_rank(1_000_000) == pytest.approx(500_000 + 1.6449 * 500, abs=2)


def test_unanswered_items_push_the_bound_to_infinity() -> None:
    assert median_upper([1.0] * 5 + [math.inf] * 5) == math.inf
    assert median_upper([1.0] * 9 + [math.inf]) == 1


def test_windows_without_a_zone_or_against_the_clock_are_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        Window(datetime(2026, 1, 1), datetime(2026, 1, 2))  # noqa: DTZ001
    with pytest.raises(ValueError, match="before it begins"):
        Window(WINDOW.ends, WINDOW.begins)
    assert WINDOW.before().ends == WINDOW.begins
    assert Window.trailing(WINDOW.ends).days == 90
    assert WINDOW.before().days == WINDOW.days == (WINDOW.ends - WINDOW.begins) / timedelta(days=1)


def test_a_measure_survives_as_plain_json() -> None:
    figure = sample("a", WINDOW, 20, 29, tables=("posts",))
    assert from_plain(type(figure), to_plain(figure)) == figure


def test_kappa_is_what_the_textbook_gives() -> None:
    # Cohen 1960, the form of his table 1: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no gives 0.4.
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    assert cohen_kappa(pairs) == pytest.approx(0.4)
    assert cohen_kappa([(1, 1), (2, 2)]) == 1
    assert cohen_kappa([(1, 1), (1, 1)]) == 0
    with pytest.raises(ValueError, match="at least one"):
        cohen_kappa([])


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1))
def test_kappa_does_not_depend_on_who_is_called_first(pairs: list[tuple[bool, bool]]) -> None:
    assert cohen_kappa(pairs) == pytest.approx(cohen_kappa([(second, first) for first, second in pairs]))
