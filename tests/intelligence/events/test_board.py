"""The score of an event: made of posts, each point with its reason, and nothing about persons."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.intelligence.board import MOST, QUIET, Facts, raised, rate, rises
from callbox.intelligence.hit_rate import HitRate, outcome, tally
from callbox.intelligence.naming import names, places_in

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BUSY = Facts(
    size=12, authors=9, sources=2, half_hour=6, last_hour=8, before=0.5, urgent=("drowning",), places=("Mill Road",)
)


def codes(facts: Facts) -> list[str]:
    return [each.reason.code for each in rate(facts).because]


def test_every_point_has_its_reason_heaviest_first() -> None:
    rating = rate(BUSY)
    assert rating.score == pytest.approx(sum(each.points for each in rating.because))
    points = [each.points for each in rating.because]
    assert points == sorted(points, reverse=True)
    assert {"event_size", "event_growth", "event_urgent", "event_place", "event_sources", "event_authors"} == set(
        codes(BUSY)
    )


def test_many_posts_by_one_author_weigh_less_than_as_many_by_several() -> None:
    alone = Facts(size=12, authors=1, sources=1)
    assert "event_one_author" in codes(alone)
    assert rate(alone).score < rate(replace(alone, authors=9)).score


def test_what_its_watches_were_worth_moves_an_event() -> None:
    fresh = Facts(size=3, authors=3, sources=1)
    assert (
        rate(fresh).score
        < rate(replace(fresh, right=1, judged=9)).score
        < rate(replace(fresh, right=9, judged=9)).score
    )


@given(
    st.builds(
        Facts,
        size=st.integers(0, 10**6),
        authors=st.integers(0, 10**6),
        sources=st.integers(0, 500),
        half_hour=st.integers(0, 10**5),
        last_hour=st.integers(0, 10**5),
        before=st.floats(0, 1e5),
        urgent=st.lists(st.text(max_size=9), max_size=9).map(tuple),
        places=st.lists(st.text(max_size=9), max_size=9).map(tuple),
    )
)
def test_no_reason_drowns_the_others(facts: Facts) -> None:
    rating = rate(facts)
    assert all(0 <= each.points <= MOST.get(each.reason.code, 0) for each in rating.because)
    assert 0 <= rating.score <= sum(MOST.values())


def test_nothing_that_is_weighed_is_about_a_person() -> None:
    weighed = {field.name for field in fields(Facts)}
    assert weighed == {
        "size",
        "authors",
        "sources",
        "half_hour",
        "last_hour",
        "before",
        "urgent",
        "places",
        "right",
        "judged",
    }


@pytest.mark.parametrize("change", [{"half_hour": 4}, {"authors": 2}, {"urgent": (), "places": (), "sources": 1}])
def test_a_burst_of_few_or_of_one_voice_or_about_nothing_here_does_not_rise(change: dict[str, int]) -> None:
    assert rises(BUSY)
    assert not rises(replace(BUSY, **change))  # type: ignore[arg-type]


def test_an_event_rises_again_only_after_its_quiet_time() -> None:
    first = raised(BUSY, before=None, now=NOW)
    assert first == NOW
    assert raised(BUSY, before=NOW, now=NOW + QUIET / 2) == NOW
    assert raised(BUSY, before=NOW, now=NOW + QUIET) == NOW + QUIET
    assert raised(replace(BUSY, half_hour=0), before=NOW, now=NOW + timedelta(days=1)) == NOW


@pytest.mark.parametrize(
    ("state", "verdicts", "found"),
    [
        ("confirmed", [("confirmed", "")], "true"),
        ("refuted", [("confirmed", ""), ("refuted", "")], "false"),
        ("closed", [("confirmed", ""), ("closed", "late")], "late"),
        ("checking", [("confirmed", "")], ""),
        ("new", [], ""),
    ],
)
def test_what_an_event_turned_out_to_be(state: str, verdicts: list[tuple[str, str]], found: str) -> None:
    assert outcome(state=state, verdicts=verdicts) == found


def test_a_rate_comes_with_its_interval_and_without_judgements_there_is_none() -> None:
    rate_of = tally(["true", "late", "false", ""])
    assert rate_of == HitRate(true=1, false=1, late=1, open=1)
    assert rate_of.share == pytest.approx(2 / 3)
    low, high = rate_of.interval or (0, 0)
    assert 0 < low < 2 / 3 < high < 1
    assert tally([""]).share is None
    assert tally([""]).interval is None


def test_places_are_found_whole_longest_first_and_one_word_only_as_a_name() -> None:
    known = names(["Mill Road", "Mill Road East", "Park", "São João"])
    assert places_in("flooding on mill road east, near MILL ROAD", known) == ("Mill Road East", "Mill Road")
    assert places_in("we park here", known) == ()
    assert places_in("at Park and #park and sao joao", known) == ("Park", "São João")
    assert places_in("the miller of Roadville", known) == ()
