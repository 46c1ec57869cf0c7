"""Who is owed word, counted a second time in plain loops."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from callbox.core.measure import Window
from callbox.networks.ledger import Ledger
from callbox.operations import measures, tables

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)

rows = st.lists(
    st.fixed_dictionaries(
        {
            "hours": st.integers(0, 24 * 100),
            "after": st.none() | st.integers(-10, 80),
            "excluded": st.booleans(),
        }
    ),
    max_size=60,
)


def record(found: list[dict[str, int | bool | None]]) -> Ledger:
    made = []
    for row in found:
        at = NOW - timedelta(hours=row["hours"] or 0)
        told = None if row["after"] is None else at + timedelta(hours=row["after"])
        made.append({"at": at, "told_at": told, "kind": "theft", "excluded": row["excluded"]})
    frame = pl.DataFrame(made, schema=tables.SCHEMAS["notifications"])
    return Ledger("Harbour", NOW, {"notifications": frame.lazy()})


@given(rows)
def test_those_told_within_a_day_are_those_a_loop_finds(found: list[dict[str, int | bool | None]]) -> None:
    due = [row for row in found if not row["excluded"] and 24 <= (row["hours"] or 0) <= 24 * 90]
    told = [row for row in due if row["after"] is not None and 0 <= row["after"] <= 24]
    measure = measures.notified_in_day(record(found), Window.trailing(NOW))
    assert measure.n == len(due)
    assert measure.value == (len(told) / len(due) if due else None)


@given(rows)
def test_word_to_somebody_it_must_never_reach_is_a_breach(found: list[dict[str, int | bool | None]]) -> None:
    breaches = sum(bool(row["excluded"]) and row["after"] is not None for row in found)
    measure = measures.exclusion_breaches(record(found), Window.trailing(NOW, days=365))
    assert (measure.value, measure.bound, measure.n) == (breaches, breaches, len(found))


def test_a_record_without_the_table_says_so() -> None:
    for measure in (measures.notified_in_day, measures.exclusion_breaches):
        found = measure(Ledger("Harbour", NOW), Window.trailing(NOW))
        assert found.reason is not None
        assert found.reason.values == {"table": "notifications"}
