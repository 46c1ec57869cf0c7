"""O1, O3 and O4 from incidents and exercises: two clocks, those who never spoke, those too young, and exercises kept apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from callbox.core.measure import Window
from callbox.networks.ledger import Ledger
from callbox.operations import incident_measures as measures
from callbox.operations.incident_tables import SCHEMAS

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
YEAR = Window.trailing(NOW, days=365)
HOUR = timedelta(hours=1)


def incident(
    ago: timedelta, minutes: float | None, clock: str = "command", critical: bool = False, frozen: float | None = None
) -> tuple[datetime, str, datetime | None, bool, datetime | None]:
    at = NOW - ago

    def after(span: float | None) -> datetime | None:
        return None if span is None else at + timedelta(minutes=span)

    return at, clock, after(minutes), critical, after(frozen)


def record(rows: Sequence[tuple[object, ...]], table: str = "incidents") -> Ledger:
    return Ledger("Harbour", NOW, tables={table: pl.DataFrame(rows, schema=SCHEMAS[table], orient="row").lazy()})


def test_the_median_counts_from_the_flag_and_those_who_never_spoke_are_infinite() -> None:
    rows = [incident(timedelta(days=day), minutes) for day, minutes in enumerate((10, 20, 30, 40, None), start=1)]
    found = measures.first_official_word(record(rows), YEAR, HOUR)
    assert (found.n, found.value, found.bound) == (5, 30.0, math.inf)
    assert found.beside["unanswered"] == 1
    assert found.name == "first_official_word@1h"


def test_an_incident_younger_than_the_limit_is_left_out() -> None:
    rows = [incident(timedelta(minutes=50), None), *(incident(timedelta(days=day), 5) for day in range(1, 6))]
    assert measures.first_official_word(record(rows), YEAR, HOUR).n == 5
    assert measures.first_official_word(record(rows), YEAR, timedelta(minutes=30)).n == 6
    young = measures.first_official_word(record(rows[:1]), YEAR, HOUR)
    assert young.bound is None
    assert young.reason is not None
    assert young.reason.code == "no_incidents"


def test_the_two_clocks_are_never_mixed() -> None:
    rows = [incident(timedelta(days=day), 50, "dispatch") for day in range(1, 7)]
    rows += [incident(timedelta(days=day), 5) for day in range(1, 4)]
    found = measures.first_official_word(record(rows), YEAR, HOUR)
    assert (found.n, found.value) == (6, 50.0)
    assert found.beside["clock"] == "dispatch"
    assert (found.beside["n_command"], found.beside["median_command"]) == (3, 5.0)


def test_a_word_before_the_flag_is_a_wrong_clock_and_no_word() -> None:
    rows = [incident(timedelta(days=1), -3)]
    assert measures.first_official_word(record(rows), YEAR, HOUR).value == math.inf


def test_a_freeze_in_time_is_one_within_ten_minutes_of_a_critical_incident() -> None:
    day = timedelta(days=1)
    rows = [
        incident(day, 5, critical=True, frozen=10),
        incident(day, 5, critical=True, frozen=10.1),
        incident(day, 5, critical=True, frozen=None),
        incident(day, 5, critical=True, frozen=0),
        incident(day, 5, critical=False, frozen=None),
        incident(timedelta(minutes=5), None, critical=True),
    ]
    found = measures.freezes_in_time(record(rows), YEAR)
    assert (found.n, found.value) == (4, 0.5)
    calm = measures.freezes_in_time(record(rows[4:5]), YEAR)
    assert calm.reason is not None
    assert calm.reason.code == "no_critical_incidents"


def test_exercises_are_counted_with_their_partners_tests_and_actions() -> None:
    rows: list[tuple[object, ...]] = [
        (NOW - timedelta(days=200), "exercise", 2, False, 4, 4),
        (NOW - timedelta(days=100), "replay", 0, True, 6, 3),
        (NOW - timedelta(days=99), "test", 0, True, 0, 0),
        (NOW - timedelta(days=60), "test", 1, True, 0, 0),
        (NOW - timedelta(days=400), "exercise", 2, True, 9, 0),
    ]
    ledger = record(rows, "exercises")
    assert measures.exercises(ledger, YEAR).value == 2
    assert measures.joint_exercises(ledger, YEAR).value == 1
    assert measures.months_tested(ledger, YEAR).value == 2
    closed = measures.actions_closed(ledger, YEAR)
    assert (closed.n, closed.value) == (10, 0.7)
    assert measures.actions_closed(record(rows[2:4], "exercises"), YEAR).reason is not None


@pytest.mark.parametrize(
    "measure",
    [
        measures.incidents_recorded,
        measures.freezes_in_time,
        measures.exercises,
        measures.joint_exercises,
        measures.months_tested,
        measures.actions_closed,
    ],
)
def test_without_its_table_nothing_is_claimed(measure: object) -> None:
    found = measure(Ledger("Harbour", NOW), YEAR)  # type: ignore[operator]
    assert found.bound is None
    assert found.reason.code == "no_table"


def test_twelve_tests_in_twelve_months_are_twelve() -> None:
    rows: list[tuple[object, ...]] = [
        (datetime(2025, 11, 5, tzinfo=UTC) + timedelta(days=30.4 * month), "test", 0, True, 0, 0) for month in range(12)
    ]
    assert measures.months_tested(record(rows, "exercises"), YEAR).value == 12


def test_the_month_in_which_the_year_begins_and_ends_makes_up_for_no_other() -> None:
    first = YEAR.begins + timedelta(hours=1)
    last = YEAR.ends - timedelta(hours=1)
    between = [
        datetime(first.year, 12, 5, tzinfo=UTC),
        *(datetime(last.year, month, 5, tzinfo=UTC) for month in range(1, 10)),
    ]
    tried = [first, *(at for at in between if at.month not in {first.month, 3}), last]
    rows: list[tuple[object, ...]] = [(at, "test", 0, True, 0, 0) for at in tried]
    found = measures.months_tested(record(rows, "exercises"), YEAR).value
    assert found == len({at.month for at in tried}) == len(tried) - 1
