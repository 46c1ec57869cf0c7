"""Moderation and tips, counted a second time in plain loops."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.core.measure import Window
from callbox.networks.ledger import Ledger
from callbox.people.models import Agency
from callbox.trust import measures, tables
from callbox.trust.models import Hiding
from callbox.trust.services import appeals

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)  # a Tuesday
WINDOW = Window.trailing(NOW)

type Row = dict[str, Any]


def record(**rows: list[Row]) -> Ledger:
    frames = {name: pl.DataFrame(given, schema=tables.SCHEMAS[name]).lazy() for name, given in rows.items()}
    return Ledger("Harbour", NOW, frames)


def tip(days: int, settled_after: int | None = None, **more: Any) -> Row:
    settled = {"settled": settled_after is not None, "minutes_to_settle": settled_after}
    return {"day": (NOW - timedelta(days=days)).date(), "threat": False, "promoted": False, **settled, **more}


def objection(appealed: datetime, decided: datetime | None) -> Row:
    return {"at": appealed - timedelta(days=1), "appealed_at": appealed, "decided_at": decided}


def test_without_the_table_nothing_is_said_and_an_empty_one_says_that_there_was_nothing() -> None:
    for measure, table in (
        (measures.moderation_logged, "moderation"),
        (measures.late_appeals, "moderation"),
        (measures.tips_settled_in_week, "tips"),
        (measures.tips_settled_in_72h, "tips"),
        (measures.tips_outcome_returned, "tips"),
        (measures.tips_past_limit, "tips"),
    ):
        silent = measure(Ledger("Harbour", NOW), WINDOW)
        assert silent.reason is not None
        assert silent.reason.sentence == f"this record has no table of {table}"
        empty = measure(record(**{table: []}), WINDOW)
        assert empty.bound == 0 if measure in (measures.late_appeals, measures.tips_past_limit) else not empty.shown


def test_what_was_hidden_is_logged_with_a_ground_and_a_copy() -> None:
    at = NOW - timedelta(days=2)
    whole = {"at": at, "ground": "threat", "copied": True, "told_at": at}
    rows = [
        whole,
        whole,
        {**whole, "ground": None},
        {**whole, "copied": False},
        {**whole, "at": NOW - timedelta(days=91)},
    ]
    found = measures.moderation_logged(record(moderation=rows), WINDOW)
    assert (found.value, found.n, found.beside["told"]) == (0.5, 4, 4)


@pytest.mark.parametrize(
    ("appealed", "decided", "late"),
    [
        (datetime(2026, 3, 20, 9, tzinfo=UTC), datetime(2026, 3, 27, 23, 59, tzinfo=UTC), 0),  # Friday to Friday
        (datetime(2026, 3, 20, 9, tzinfo=UTC), datetime(2026, 3, 28, 0, 0, tzinfo=UTC), 1),
        (
            datetime(2026, 3, 21, 9, tzinfo=UTC),
            datetime(2026, 3, 27, 8, tzinfo=UTC),
            0,
        ),  # Saturday: Monday is the first day
        (datetime(2026, 3, 21, 9, tzinfo=UTC), datetime(2026, 3, 30, 8, tzinfo=UTC), 1),
        (datetime(2026, 3, 23, 9, tzinfo=UTC), None, 1),  # its last day was yesterday
        (datetime(2026, 3, 24, 9, tzinfo=UTC), None, 0),  # its last day is today
    ],
)
def test_an_objection_has_five_working_days(appealed: datetime, decided: datetime | None, late: int) -> None:
    found = measures.late_appeals(record(moderation=[objection(appealed, decided)]), WINDOW)
    assert (found.value, found.n) == (late, 1)


@pytest.mark.parametrize(
    ("zone", "appealed", "decided", "late"),
    [
        # Friday morning in Auckland is Thursday in UTC: there the next Friday is the last day, here it would be Thursday.
        ("Pacific/Auckland", datetime(2026, 3, 12, 18, tzinfo=UTC), datetime(2026, 3, 20, 10, tzinfo=UTC), 0),
        ("Pacific/Auckland", datetime(2026, 3, 12, 18, tzinfo=UTC), datetime(2026, 3, 20, 11, tzinfo=UTC), 1),
        # Friday evening in Honolulu is Saturday in UTC.
        ("Pacific/Honolulu", datetime(2026, 3, 14, 5, tzinfo=UTC), datetime(2026, 3, 21, 9, 59, tzinfo=UTC), 0),
        ("Pacific/Honolulu", datetime(2026, 3, 14, 5, tzinfo=UTC), datetime(2026, 3, 21, 10, tzinfo=UTC), 1),
    ],
)
def test_the_working_days_of_an_objection_are_those_of_the_agency(
    zone: str, appealed: datetime, decided: datetime, late: int
) -> None:
    row = Hiding(agency=Agency(time_zone=zone), appealed_at=appealed)
    given = objection(appealed, decided) | {"due_at": appeals.due_at(row)}
    assert measures.late_appeals(record(moderation=[given]), WINDOW).value == late


def test_a_record_saved_before_the_agency_s_day_was_kept_counts_in_utc() -> None:
    frame = pl.DataFrame([objection(datetime(2026, 3, 20, 9, tzinfo=UTC), None)], schema=tables.SCHEMAS["moderation"])
    held = Ledger("Harbour", NOW, {"moderation": frame.drop("due_at").lazy()})
    assert measures.late_appeals(held, WINDOW).value == 1


hours = st.integers(0, 24 * 88)


@given(st.lists(st.tuples(hours, st.none() | st.integers(0, 24 * 20)), max_size=30))
def test_late_objections_are_those_a_calendar_finds(given: list[tuple[int, int | None]]) -> None:
    pairs = []
    for back, after in given:
        appealed = NOW - timedelta(hours=back)
        decided = (
            None if after is None or appealed + timedelta(hours=after) > NOW else appealed + timedelta(hours=after)
        )
        pairs.append((appealed, decided))

    def late(appealed: datetime, decided: datetime | None) -> bool:
        day, left = appealed.date(), 5
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < 5
        return (decided or NOW).date() > day

    found = measures.late_appeals(record(moderation=[objection(*pair) for pair in pairs]), WINDOW)
    assert found.value == sum(late(*pair) for pair in pairs)


tips = st.lists(
    st.builds(
        tip,
        st.integers(0, 95),
        st.none() | st.integers(0, 15_000),
        threat=st.booleans(),
        minutes_to_open=st.none() | st.integers(0, 60),
        told=st.none() | st.booleans(),
    ),
    max_size=60,
)


@given(tips)
def test_tips_in_time_are_those_a_loop_finds(rows: list[Row]) -> None:
    held = record(tips=rows)
    for measure, limit in ((measures.tips_settled_in_week, 168), (measures.tips_settled_in_72h, 72)):
        old = [
            row
            for row in rows
            if datetime.combine(row["day"], datetime.min.time(), UTC) + timedelta(days=1, hours=limit) <= NOW
            and row["day"] >= WINDOW.begins.date()
        ]
        in_time = [row for row in old if row["settled"] and row["minutes_to_settle"] <= limit * 60]
        found = measure(held, WINDOW)
        assert found.n == len(old)
        assert found.value == (len(in_time) / len(old) if old else None)
        assert found.shown == (len(old) >= 30)


@given(tips)
def test_tipsters_told_are_counted_among_those_who_could_be(rows: list[Row]) -> None:
    safe = [row for row in rows if row["settled"] and row["told"] is not None and row["day"] >= WINDOW.begins.date()]
    found = measures.tips_outcome_returned(record(tips=rows), WINDOW)
    assert found.n == len(safe)
    assert found.value == (sum(row["told"] for row in safe) / len(safe) if safe else None)


def test_a_threat_is_triaged_when_it_is_opened_and_one_never_opened_waits_for_ever() -> None:
    quick = [tip(3, threat=True, minutes_to_open=minutes) for minutes in (5, 5, 10, 10, 15)]
    found = measures.threat_triage(record(tips=[*quick, tip(3, minutes_to_open=600)]), WINDOW, timedelta(minutes=15))
    assert (found.name, found.n, found.value, found.bound) == ("threat_triage@15min", 5, 10, 15)
    slow = [*quick, *(tip(3, threat=True) for _ in range(6))]
    found = measures.threat_triage(record(tips=slow), WINDOW, timedelta(minutes=15))
    assert (found.bound, found.beside["unanswered"]) == (math.inf, 6)
    none = measures.threat_triage(record(tips=[tip(3)]), WINDOW, timedelta(minutes=15))
    assert none.reason is not None
    assert none.reason.code == "no_threats"


def test_a_tip_older_than_two_years_is_counted_unless_it_became_part_of_a_case() -> None:
    rows = [tip(729), tip(731), tip(731, promoted=True), tip(2000)]
    assert measures.tips_past_limit(record(tips=rows), WINDOW).value == 2
