"""Papers, exceptions and late records: counted a second time in plain loops, and from live rows (I2, I3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from callbox.core.measure import Window
from callbox.governance.models import Approval
from callbox.intelligence import ledger as live
from callbox.intelligence import measures, tables
from callbox.intelligence.models import Match, Sighting
from callbox.intelligence.services import watches
from callbox.networks.ledger import Ledger
from tests.intelligence.watches.hands import Room, allowed, said

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
ALL = (
    measures.watches_and_searches,
    measures.searches_with_purpose,
    measures.unresolved_exceptions,
    measures.records_late,
    measures.late_records,
    measures.intelligence_past_limit,
)

_looks = st.lists(
    st.fixed_dictionaries(
        {
            "begins": st.integers(-5, 500),
            "lasts": st.none() | st.integers(0, 90),
            "purpose": st.booleans() | st.none(),
            "tier": st.sampled_from(["overt", None]),
            "approver": st.booleans() | st.none(),
            "exception": st.booleans(),
        }
    ),
    max_size=40,
)
_records = st.lists(
    st.fixed_dictionaries(
        {"age": st.integers(0, 3000), "review": st.none() | st.integers(-100, 3000), "papers": st.booleans()}
    ),
    max_size=40,
)


def _record(looks: list[dict[str, Any]], records: list[dict[str, Any]]) -> Ledger:
    watches_made = []
    for row in looks:
        at = NOW - timedelta(days=row["begins"])
        until = None if row["lasts"] is None else at + timedelta(days=row["lasts"])
        kept = {name: row[name] for name in ("purpose", "tier", "approver", "exception")}
        watches_made.append({"at": at, "until": until, "kind": "watch", **kept})
    kept_made = [
        {
            "day": (NOW - timedelta(days=row["age"])).date(),
            "review_by": None if row["review"] is None else (NOW - timedelta(days=row["review"])).date(),
            "papers": row["papers"],
        }
        for row in records
    ]
    frames = {
        "watches": pl.DataFrame(watches_made, schema=tables.SCHEMAS["watches"]).lazy(),
        "records": pl.DataFrame(kept_made, schema=tables.SCHEMAS["records"]).lazy(),
    }
    return Ledger("Harbour", NOW, frames)


def _lay_in(row: dict[str, Any], days: int) -> bool:
    ends = None if row["lasts"] is None else row["begins"] - row["lasts"]
    return row["begins"] >= 0 and (ends is None or ends <= days)


@given(_looks, _records)
def test_papers_and_exceptions_are_those_a_loop_finds(
    looks: list[dict[str, Any]], records: list[dict[str, Any]]
) -> None:
    record, window = _record(looks, records), Window.trailing(NOW)
    seen = [row for row in looks if _lay_in(row, 90)]
    assert measures.watches_and_searches(record, window).bound == len(seen)
    year = [row for row in looks if _lay_in(row, 365)]
    exceptions = measures.unresolved_exceptions(record, Window.trailing(NOW, days=365))
    assert exceptions.bound == sum(row["exception"] for row in year)
    whole = [bool(row["purpose"] and row["tier"] and row["approver"]) for row in seen]
    whole += [row["papers"] for row in records if row["age"] <= 90]
    found = measures.searches_with_purpose(record, window)
    assert found.value == (sum(whole) / len(whole) if whole else None)
    assert (found.reason is None) == bool(whole)


@given(_records)
def test_late_records_are_those_a_loop_finds(records: list[dict[str, Any]]) -> None:
    record, window = _record([], records), Window.trailing(NOW)
    late = [row for row in records if row["review"] is None or row["review"] > 0]
    assert measures.late_records(record, window).bound == len(late)
    assert measures.records_late(record, window).value == (len(late) / len(records) if records else None)
    assert measures.intelligence_past_limit(record, window).bound == sum(row["age"] > 1826 for row in late)


def test_a_record_without_the_tables_says_so() -> None:
    for measure in ALL:
        found = measure(Ledger("Harbour", NOW), Window.trailing(NOW))
        assert found.reason is not None
        assert found.reason.code == "no_table"
        assert found.bound is None


def _read(room: Room) -> tuple[Ledger, Window]:
    now = timezone.now() + timedelta(seconds=1)
    frames = live.ledger(room.agency, as_of=now)
    return Ledger("Harbour", now, {name: frame.lazy() for name, frame in frames.items()}), Window.trailing(now)


@pytest.mark.django_db
def test_only_what_was_allowed_counts_and_its_papers_are_whole(room: Room) -> None:
    watches.draft(agency=room.agency, said=said(room), by=room.hanna)
    allowed(room)
    ended = allowed(room, "storm tree")
    watches.end(watch=ended, why="The storm is over.", by=room.hanna)
    record, window = _read(room)
    assert measures.watches_and_searches(record, window).value == 2
    assert measures.searches_with_purpose(record, window).value == 1.0
    assert measures.unresolved_exceptions(record, window).value == 0
    assert measures.records_late(record, window).reason is not None


@pytest.mark.django_db
def test_a_watch_altered_behind_its_back_is_an_exception_until_it_is_ended(room: Room) -> None:
    watch = allowed(room)
    watch.versions.update(query="everything")
    record, window = _read(room)
    assert measures.unresolved_exceptions(record, window).value == 1
    watches.end(watch=watch, why="Somebody altered it.", by=room.viktor)
    record, window = _read(room)
    assert measures.unresolved_exceptions(record, window).value == 0


@pytest.mark.django_db
def test_a_watch_its_author_allowed_counts_against_the_agency(room: Room) -> None:
    allowed(room)
    Approval.objects.update(by=room.hanna)
    record, window = _read(room)
    assert measures.searches_with_purpose(record, window).value == 0.0


@pytest.mark.django_db
def test_a_record_past_its_review_is_late_until_its_words_are_gone(room: Room) -> None:
    watch, now = allowed(room), timezone.now()
    for key, days in (("a", -2), ("b", 5)):
        sighting = Sighting.objects.create(
            agency=room.agency,
            source=room.source,
            key=key,
            pseudonym="p",
            text="flood at the river",
            at=now,
            seen_at=now,
            review_by=(now + timedelta(days=days)).date(),
        )
        if key == "a":
            Match.objects.create(watch=watch, sighting=sighting, digest=watch.newest.digest, words=["flood"], at=now)
    record, window = _read(room)
    assert measures.records_late(record, window).value == 0.5
    assert measures.late_records(record, window).value == 1
    purposes = measures.searches_with_purpose(record, window)
    assert (purposes.n, purposes.beside["successes"]) == (3, 2)
    Sighting.objects.filter(key="a").update(text="", sealed="", pseudonym="")
    record, window = _read(room)
    assert measures.late_records(record, window).value == 0
