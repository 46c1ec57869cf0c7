"""Posts a week, the longest silence, engagement against the window before."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.core.measure import Window
from callbox.networks.ledger import SCHEMAS, Ledger
from callbox.networks.measures import cadence
from tests.networks.measures.record import MAIN, NOW, WINDOW, account, ago, answer, ledger, post

OTHER = "paper:aaa"


def test_posts_quotes_and_parts_of_own_threads_count_and_nothing_else_does() -> None:
    record = ledger(
        [
            post(1),
            post(2, action="quote"),
            post(3, action="reply", addressee="self"),
            post(4, action="repost"),
            post(5, action="reply", addressee="unknown"),
            answer(6),
        ]
    )
    figure = cadence.posts_per_week(record, WINDOW)
    assert figure.n == 3
    assert figure.value == figure.bound == pytest.approx(3 / 90 * 7)


def test_the_main_channel_is_the_account_with_most_own_posts_in_the_window() -> None:
    record = ledger(
        [post(1), post(2), *(post(3, account=OTHER, action="repost") for _ in range(5)), post(100, account=OTHER)]
    )
    assert cadence.main_channel(record, WINDOW) == MAIN


def test_of_equally_busy_channels_the_first_by_name_is_the_main_one() -> None:
    assert cadence.main_channel(ledger([post(1), post(1, account=OTHER)]), WINDOW) == OTHER


def test_both_ends_of_the_window_belong_to_it() -> None:
    assert cadence.posts_per_week(ledger([post(0), post(90), post(90.001)]), WINDOW).n == 2


def test_the_silence_from_the_last_post_to_the_end_counts() -> None:
    figure = cadence.longest_gap(ledger([post(20), post(19), post(15)]), WINDOW)
    assert figure.value == pytest.approx(15)
    assert figure.beside["to"] == NOW.isoformat()


def test_the_silence_before_the_first_post_in_the_window_does_not_count_wherever_it_began() -> None:
    figure = cadence.longest_gap(ledger([post(200), post(40), post(30), post(5)]), WINDOW)
    assert figure.value == pytest.approx(25)


def test_an_agency_that_posted_before_but_not_in_the_window_is_silent_since_its_last_post() -> None:
    record = ledger([post(130), post(120), post(100, action="repost")])
    assert cadence.longest_gap(record, WINDOW).value == pytest.approx(120)
    week = cadence.posts_per_week(record, WINDOW)
    assert (week.value, week.bound, week.n) == (0, 0, 0)


def test_a_record_without_any_post_says_so() -> None:
    for probe in (cadence.posts_per_week, cadence.longest_gap, cadence.engagement_steady):
        figure = probe(ledger(), WINDOW)
        assert figure.reason is not None
        assert figure.reason.code == "no_posts"
        assert figure.value is None
        assert not figure.shown


def test_a_record_that_begins_inside_the_window_is_marked() -> None:
    assert cadence.posts_per_week(ledger([post(10), post(3)]), WINDOW).beside["record_begins"] == ago(10).isoformat()
    assert "record_begins" not in cadence.posts_per_week(ledger([post(100), post(3)]), WINDOW).beside


@given(st.lists(st.integers(0, 90 * 24 * 60), min_size=1, max_size=40))
def test_the_longest_gap_is_what_counting_by_hand_gives(minutes: list[int]) -> None:
    times = sorted({ago(minutes=minute) for minute in minutes})
    by_hand = max(after - before for before, after in zip(times, [*times[1:], NOW], strict=True))
    figure = cadence.longest_gap(ledger([post(at=time) for time in times]), WINDOW)
    assert figure.value == pytest.approx(by_hand / timedelta(days=1))


def test_engagement_is_compared_with_the_window_before() -> None:
    record = ledger(
        [
            post(10, likes=6, reposts=2),
            post(11, likes=1, reposts=1),
            post(12, likes=3, reposts=3),
            post(100, likes=4, reposts=4),
            post(101, likes=8, reposts=0),
        ]
    )
    figure = cadence.engagement_steady(record, WINDOW)
    assert figure.value == pytest.approx(6 / 8)
    assert figure.beside["counts"] == ["likes", "reposts"]


def test_a_count_unknown_in_one_of_the_windows_is_left_out_of_both() -> None:
    record = ledger([post(10, likes=6, replies=100), post(100, likes=6)])
    figure = cadence.engagement_steady(record, WINDOW)
    assert figure.value == 1
    assert figure.beside["counts"] == ["likes"]


@pytest.mark.parametrize(
    ("posts", "code"),
    [
        ([post(10), post(100, likes=1)], "no_engagement"),
        ([post(10, likes=1)], "no_earlier_window"),
        ([post(10, likes=1), post(100)], "no_earlier_window"),
        ([post(10, likes=1), post(100, likes=1, account=OTHER)], "no_earlier_window"),
    ],
)
def test_engagement_that_cannot_be_compared_says_why(posts: list[dict[str, object]], code: str) -> None:
    figure = cadence.engagement_steady(ledger(posts), WINDOW)
    assert figure.reason is not None
    assert figure.reason.code == code
    assert figure.bound is None


def test_a_median_of_zero_cannot_fall() -> None:
    assert cadence.engagement_steady(ledger([post(10, likes=0), post(100, likes=0)]), WINDOW).value == 1


def test_channels_lists_the_cadence_of_every_account_the_busiest_first() -> None:
    figure = cadence.channels(ledger([post(1), post(1, account=OTHER), post(4, account=OTHER)]), WINDOW)
    assert figure.value == 2
    rows = figure.beside["accounts"]
    assert [row["account"] for row in rows] == [OTHER, MAIN]
    assert rows[0]["longest_gap"] == pytest.approx(3)


def test_thread_share_and_hours() -> None:
    record = ledger([post(at=NOW), post(at=NOW, action="reply", addressee="self")])
    assert cadence.thread_share(record, WINDOW).value == 0.5
    hours = cadence.posting_hours(record, WINDOW)
    assert hours.value == 1
    assert hours.beside["hours"][1][12] == 2  # 31 March 2026 is a Tuesday


@given(st.integers(1, 400), st.integers(1, 400))
def test_more_posts_never_lower_the_cadence(few: int, more: int) -> None:
    few, more = sorted((few, more))
    rows = pl.DataFrame([post(1, post=str(number)) for number in range(more)], schema=SCHEMAS["posts"])
    weeks = [
        cadence.posts_per_week(Ledger("a", NOW, {"posts": rows.head(n).lazy()}), WINDOW).value for n in (few, more)
    ]
    assert weeks[0] is not None
    assert weeks[1] is not None
    assert weeks[0] <= weeks[1]


def test_a_window_is_collected_once_for_all_measures_of_presence() -> None:
    record = ledger([post(1)], accounts=[account()])
    cadence.posts_per_week(record, WINDOW)
    kept = record.kept("posts", WINDOW, *cadence.PRESENCE)
    assert record.kept("posts", Window.trailing(NOW), *cadence.PRESENCE).equals(kept)
