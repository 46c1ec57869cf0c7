"""Which of the things that wait come first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from callbox.flows.review.ranking import MOST, SOON, Fact, Kind, first

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

moments = st.none() | st.integers(-5000, 5000).map(lambda minutes: NOW + timedelta(minutes=minutes))
facts = st.lists(
    st.builds(Fact, st.sampled_from(Kind), st.integers(0, 9), st.just("T3"), due=moments, since=moments), max_size=20
)


@given(facts)
def test_there_are_five_at_most_and_none_that_is_done(given: list[Fact]) -> None:
    found = first(given, now=NOW)
    assert len(found) == min(MOST, sum(fact.count > 0 for fact in given))
    assert all(fact.count for fact in found)


@given(facts)
def test_what_is_left_out_is_never_more_pressing_than_what_is_shown(given: list[Fact]) -> None:
    found = first(given, now=NOW)
    left = [fact for fact in given if fact.count and fact not in found]

    def part(fact: Fact) -> int:
        if fact.kind in (Kind.ALONE, Kind.LAPSED, Kind.DANGER, Kind.TIPS, Kind.ALERTS):
            return 0
        return 1 if fact.due and fact.due <= NOW + SOON else 2

    assert [part(fact) for fact in found] == sorted(part(fact) for fact in found)
    assert not left or max(part(fact) for fact in found) <= min(part(fact) for fact in left)


def test_danger_comes_before_what_is_overdue_and_that_before_the_rest() -> None:
    goal = Fact(Kind.GOALS, 1, "V1")
    old = Fact(Kind.EXPIRING, 1, "V1", due=NOW - timedelta(days=3))
    danger = Fact(Kind.DANGER, 1, "T3", since=NOW)
    tips = Fact(Kind.TIPS, 4, "I4")
    assert first([goal, old, tips, danger], now=NOW) == [danger, tips, old, goal]


def test_what_was_done_makes_room_for_the_next() -> None:
    six = [
        Fact(kind, 1, "V1") for kind in (Kind.STUCK, Kind.REFUSED, Kind.APPROVE, Kind.ANSWER, Kind.EVENTS, Kind.REVIEW)
    ]
    assert first(six, now=NOW) == six[:5]
    assert first(six[1:], now=NOW) == six[1:]
