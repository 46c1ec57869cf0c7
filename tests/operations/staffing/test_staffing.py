"""Erlang C against a sum written out and against a simulated queue; hours counted on the agency's own clocks."""

from __future__ import annotations

import heapq
import math
import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.operations import staffing
from callbox.operations.staffing import Standard

OSLO = ZoneInfo("Europe/Oslo")
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def _erlang_c(people: int, load: float) -> float:
    """The formula as textbooks write it, with factorials."""
    top = load**people / math.factorial(people) * people / (people - load)
    return top / (sum(load**each / math.factorial(each) for each in range(people)) + top)


@given(st.integers(1, 40), st.floats(0.01, 0.99))
def test_the_recursion_is_the_formula(people: int, part: float) -> None:
    load = people * part
    assert staffing.waits(people, load) == pytest.approx(_erlang_c(people, load), rel=1e-9)


def test_known_values() -> None:
    # 10 agents at 8 Erlang: C = 0.4092 (Cooper, Introduction to Queueing Theory, tables)
    assert staffing.waits(10, 8.0) == pytest.approx(0.4092, abs=5e-5)
    assert staffing.waits(1, 0.5) == pytest.approx(0.5)  # M/M/1: C is the load


def test_the_share_in_time_is_what_a_queue_shows() -> None:
    standard, people, an_hour = Standard(0.8, timedelta(minutes=10), timedelta(minutes=12)), 3, 11.0
    expected = staffing.service_level(people, an_hour / 5, standard)
    dice, free, at, late, count = random.Random(7), [0.0] * people, 0.0, 0, 200_000
    heapq.heapify(free)
    for _item in range(count):
        at += dice.expovariate(an_hour / 60)
        begun = max(at, heapq.heappop(free))
        late += begun - at > 10
        heapq.heappush(free, begun + dice.expovariate(1 / 12))
    assert 1 - late / count == pytest.approx(expected, abs=0.01)


@given(st.floats(0, 300))
def test_one_fewer_would_break_the_promise(an_hour: float) -> None:
    standard = Standard()
    people, load = staffing.needed(an_hour, standard), an_hour * (8 / 60)
    if load == 0:
        assert people == 0
        return
    assert staffing.service_level(people, load, standard) >= standard.share
    assert staffing.service_level(people - 1, load, standard) < standard.share


def test_a_load_no_desk_could_carry_is_an_error() -> None:
    with pytest.raises(ValueError, match="500 people"):
        staffing.needed(1e6, Standard())


def test_hours_are_those_of_the_agency_on_both_sides_of_summer_time() -> None:
    before, after = datetime(2026, 3, 28, 11, tzinfo=UTC), datetime(2026, 3, 29, 11, tzinfo=UTC)
    assert staffing.hour_of_week(before, OSLO) == 5 * 24 + 12
    assert staffing.hour_of_week(after, OSLO) == 6 * 24 + 13


@given(st.integers(0, 160), st.integers(1, 600), st.integers(1, 9))
def test_every_minute_of_a_shift_is_counted_once(begin: int, minutes: int, people: int) -> None:
    start = MONDAY + timedelta(hours=begin, minutes=13)
    end = min(start + timedelta(minutes=minutes), MONDAY + timedelta(weeks=1))
    there = staffing.there([(start, end, people)], begins=MONDAY, weeks=1, zone=ZoneInfo("UTC"))
    assert sum(there) * 60 == pytest.approx(people * ((end - start) / timedelta(minutes=1)))


def test_a_forecast_that_comes_true_has_no_error_and_half_of_it_is_half() -> None:
    until = MONDAY + timedelta(weeks=12)
    steady = [MONDAY + timedelta(weeks=week, hours=9, minutes=m) for week in range(12) for m in (0, 20)]
    same = staffing.forecast_error(steady, until=until, zone=ZoneInfo("UTC"))
    assert same is not None
    assert (same.share, same.hours, same.items) == (0.0, 1, 8)
    doubled = steady + [at + timedelta(minutes=5) for at in steady if at >= MONDAY + timedelta(weeks=8)]
    wrong = staffing.forecast_error(doubled, until=until, zone=ZoneInfo("UTC"))
    assert wrong is not None
    assert wrong.share == pytest.approx(0.5)


def test_nothing_to_hold_against_is_no_error() -> None:
    late = [MONDAY + timedelta(weeks=11)]
    assert staffing.forecast_error(late, until=MONDAY + timedelta(weeks=12), zone=ZoneInfo("UTC")) is None
    assert staffing.forecast_error([], until=MONDAY, zone=ZoneInfo("UTC")) is None


def test_hours_begin_at_the_clock_of_the_place_where_that_is_half_past_elsewhere() -> None:
    zone = ZoneInfo("America/St_Johns")  # three and a half hours behind
    begins = datetime(2026, 6, 1, 12, tzinfo=zone)
    found = staffing.there([(begins, begins + timedelta(hours=2), 1)], begins=begins, weeks=1, zone=zone)
    assert {hour: there for hour, there in enumerate(found) if there} == {12: 1.0, 13: 1.0}


@pytest.mark.parametrize("microseconds", range(0, 1_000_000, 37_717))
def test_one_person_who_is_always_there_is_one_person_in_every_hour_of_a_week_that_begins_anywhere(
    microseconds: int,
) -> None:
    begins = datetime(2026, 3, 2, 7, 17, 23, microseconds, tzinfo=UTC)
    always = [(begins - timedelta(days=1), begins + timedelta(weeks=9), 1)]
    assert set(staffing.there(always, begins=begins, weeks=8, zone=ZoneInfo("UTC"))) == {1.0}
