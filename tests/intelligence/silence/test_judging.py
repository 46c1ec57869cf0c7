"""When a source counts as silent, from figures alone."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.intelligence import silence
from callbox.intelligence.silence import Hours, Judgement, Pulse, judge

#: A Tuesday, half past ten.
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
SINCE = NOW - timedelta(days=40)


def _busy(mean: float = 600.0, weeks: int = 4) -> Hours:
    return {str(hour): (mean, weeks) for hour in range(168)}


def _alive(*, hours: Hours, passed: int, minutes: int = 30, post: timedelta = timedelta(0)) -> Pulse:
    return Pulse(SINCE, NOW, NOW - post, hours, passed, minutes * 60.0)


def test_four_missing_signs_of_life_are_borne_and_a_fifth_is_not() -> None:
    assert judge(Pulse(SINCE, NOW - timedelta(seconds=60)), NOW).silent is False
    found = judge(Pulse(SINCE, NOW - timedelta(seconds=61)), NOW)
    assert found == Judgement(silent=True, began_at=NOW - timedelta(seconds=61))


def test_a_source_that_never_spoke_is_silent_from_when_it_was_to_be_listened_to() -> None:
    since = NOW - timedelta(minutes=2)
    assert judge(Pulse(since), NOW) == Judgement(silent=True, began_at=since)
    assert judge(Pulse(NOW - timedelta(seconds=30)), NOW).silent is False


def test_a_pause_before_listening_was_due_again_is_no_silence() -> None:
    assert judge(Pulse(NOW - timedelta(seconds=20), heard_at=NOW - timedelta(days=3)), NOW).silent is False


def test_without_enough_history_volume_is_not_judged() -> None:
    assert judge(_alive(hours={}, passed=0, post=timedelta(hours=9)), NOW).silent is False
    once = {str(silence.hour_of_week(NOW)): (9_000.0, 1)}
    assert judge(_alive(hours=once, passed=0, post=timedelta(hours=9)), NOW).silent is False


def test_the_same_hour_of_other_days_stands_in_for_an_hour_that_was_heard_once() -> None:
    other_days = {str(day * 24 + 10): (400.0, 1) for day in (0, 2, 3)}
    assert silence.usual_in(other_days, silence.hour_of_week(NOW)) == 400.0
    assert silence.usual_in(other_days, silence.hour_of_week(NOW) + 1) is None


def test_a_usual_count_is_no_alarm_and_a_tenth_of_it_is() -> None:
    assert judge(_alive(hours=_busy(), passed=290), NOW).silent is False
    found = judge(_alive(hours=_busy(), passed=30), NOW)
    assert found.silent is True
    assert found.expected == pytest.approx(300.0)
    assert found.heard == 30
    assert found.began_at == NOW - timedelta(minutes=30)


def test_a_quiet_evening_far_beyond_chance_is_still_no_alarm_above_a_quarter() -> None:
    assert silence.lower_tail(100, 300.0) < silence.CHANCE
    assert judge(_alive(hours=_busy(), passed=100), NOW).silent is False


def test_early_in_the_hour_nothing_is_said() -> None:
    assert judge(_alive(hours=_busy(), passed=0, minutes=9), NOW).silent is None


def test_a_source_that_lives_but_shows_nothing_is_silent_across_the_turn_of_the_hour() -> None:
    found = judge(_alive(hours=_busy(60.0), passed=0, minutes=5, post=timedelta(minutes=40)), NOW)
    assert found.silent is True
    assert found.expected == pytest.approx(40.0)
    assert found.began_at == NOW - timedelta(minutes=40)


def test_a_source_that_speaks_twice_a_day_is_never_silent_within_a_day() -> None:
    assert judge(_alive(hours=_busy(2 / 24), passed=0, post=timedelta(hours=24)), NOW).silent is False


def test_an_hour_is_learned_from_what_was_listened_to() -> None:
    hours = silence.learned({}, 34, passed=90, seconds=3240)
    assert hours == {"34": (100.0, 1)}
    assert silence.learned(hours, 34, passed=0, seconds=1800) == hours  # half an hour teaches nothing
    assert silence.learned(hours, 34, passed=200, seconds=3600)["34"] == (150.0, 2)


def test_the_average_forgets_after_some_weeks() -> None:
    hours: Hours = {"0": (0.0, 100)}
    for _ in range(30):
        hours = silence.learned(hours, 0, passed=80, seconds=3600)
    assert hours["0"][0] > 78


@given(st.integers(0, 60), st.floats(0.01, 120))
def test_the_lower_tail_is_the_sum_of_its_terms(count: int, expected: float) -> None:
    term, total = math.exp(-expected), 0.0
    for number in range(count + 1):
        total += term
        term *= expected / (number + 1)
    assert silence.lower_tail(count, expected) == pytest.approx(total, rel=1e-9)


@given(st.integers(0, 2_000), st.floats(0, 5_000))
def test_more_posts_never_make_an_alarm(count: int, expected: float) -> None:
    if silence.is_low(count + 1, expected):
        assert silence.is_low(count, expected)
