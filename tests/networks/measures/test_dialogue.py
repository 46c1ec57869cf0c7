"""Two-way share, reply rate, time to the first human reply."""

from __future__ import annotations

import math
from datetime import timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.core.measure import Measure, median_upper, wilson_lower
from callbox.networks.measures import dialogue
from tests.networks.measures.record import WINDOW, account, answer, contact, ledger, post

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def code(figure: Measure) -> str | None:
    return figure.reason.code if figure.reason else None


def test_replies_to_others_are_a_share_of_everything_sent_out() -> None:
    record = ledger(
        [*(answer(2) for _ in range(10)), *(post(3) for _ in range(20)), *(post(4, action="repost") for _ in range(10))]
    )
    figure = dialogue.two_way_share(record, WINDOW)
    assert (figure.value, figure.n) == (0.25, 40)
    assert figure.bound == wilson_lower(10, 40)


def test_a_reply_to_oneself_is_a_thread_and_never_two_way() -> None:
    record = ledger([post(2, action="reply", addressee="self") for _ in range(40)])
    assert dialogue.two_way_share(record, WINDOW).value == 0


def test_a_reply_to_nobody_known_counts_as_sent_and_not_as_two_way() -> None:
    record = ledger([answer(2), post(2, action="reply", addressee="unknown")])
    assert dialogue.two_way_share(record, WINDOW).value == 0.5


def test_one_message_on_several_accounts_is_one() -> None:
    both = [account(), account("paper:other")]
    record = ledger(
        [answer(2), post(2, release="r1"), post(2, release="r1", account="paper:other"), post(3)], accounts=both
    )
    assert dialogue.two_way_share(record, WINDOW).n == 3


def test_answers_are_never_folded_into_one() -> None:
    assert dialogue.two_way_share(ledger([answer(2, release="r1"), answer(2, release="r1")]), WINDOW).n == 2


def test_a_record_that_never_holds_replies_to_others_is_not_shown_as_zero() -> None:
    record = ledger([post(2) for _ in range(50)], carries=["engagement"])
    figure = dialogue.two_way_share(record, WINDOW)
    assert figure.value is None
    assert figure.reason is not None
    assert figure.reason.sentence == "this record holds no replies to others"


def test_only_accounts_whose_source_carries_replies_count() -> None:
    blind = [account(), account("paper:feed", carries=[])]
    record = ledger([answer(2), post(2), *(post(2, account="paper:feed") for _ in range(50))], accounts=blind)
    assert dialogue.two_way_share(record, WINDOW).n == 2


def test_a_small_sample_is_shown_but_not_judged() -> None:
    figure = dialogue.two_way_share(ledger([answer(2), *(post(2) for _ in range(28))]), WINDOW)
    assert figure.value == pytest.approx(1 / 29)
    assert not figure.shown
    assert code(figure) == "n_too_small"


def test_a_reply_after_exactly_a_day_is_in_time_and_items_younger_than_a_day_are_left_out() -> None:
    contacts = [
        contact(3, DAY),
        contact(3, DAY + timedelta(seconds=1)),
        contact(1, HOUR),
        contact(0.99, HOUR),
        contact(5),
    ]
    figure = dialogue.replied_in_day(ledger(contacts=contacts), WINDOW)
    assert (figure.beside["successes"], figure.n) == (2, 4)


def test_items_that_no_person_labelled_or_that_need_no_answer_are_left_out() -> None:
    contacts = [contact(3, HOUR), contact(3, answerable=False), contact(3, answerable=None)]
    figure = dialogue.replied_in_day(ledger(contacts=contacts), WINDOW)
    assert (figure.value, figure.n) == (1, 1)


def test_a_reply_that_claims_to_precede_its_item_is_none() -> None:
    assert dialogue.replied_in_day(ledger(contacts=[contact(3, -HOUR)]), WINDOW).value == 0


@pytest.mark.parametrize(
    ("contacts", "carries", "expected"),
    [
        ([contact(3, HOUR)], ["replies"], "no_incoming"),
        ([contact(3, HOUR, answerable=None)], ["incoming"], "no_labels"),
        ([], ["incoming"], "no_labels"),
        ([contact(3, answerable=False)], ["incoming"], "no_answerable"),
        ([contact(0.5, HOUR)], ["incoming"], "no_answerable"),
    ],
)
def test_reply_figures_that_cannot_be_told_say_why(
    contacts: list[dict[str, object]], carries: list[str], expected: str
) -> None:
    record = ledger(contacts=contacts, carries=carries)
    for figure in (dialogue.replied_in_day(record, WINDOW), dialogue.first_reply(record, WINDOW, DAY)):
        assert figure.value is None
        assert code(figure) == expected


delays = st.lists(st.one_of(st.none(), st.integers(0, 60 * 24 * 60)), min_size=1, max_size=60)


@given(delays)
def test_the_time_to_the_first_reply_is_what_counting_by_hand_gives(minutes: list[int | None]) -> None:
    contacts = [contact(60, None if minute is None else timedelta(minutes=minute)) for minute in minutes]
    values = sorted(math.inf if minute is None else float(minute) for minute in minutes)
    figure = dialogue.first_reply(ledger(contacts=contacts), WINDOW, DAY)
    assert figure.name == "first_reply@24h"
    assert figure.value == median(values)
    assert figure.bound == median_upper(values)
    assert figure.beside["unanswered"] == minutes.count(None)
    assert figure.beside["p90"] in values


def test_items_younger_than_the_limit_are_left_out_answered_or_not() -> None:
    contacts = [*(contact(3, HOUR) for _ in range(5)), *(contact(0.2, timedelta(minutes=5)) for _ in range(50))]
    record = ledger(contacts=contacts)
    assert dialogue.first_reply(record, WINDOW, DAY).n == 5
    assert dialogue.first_reply(record, WINDOW, HOUR).n == 55


def test_four_replies_bound_no_median() -> None:
    figure = dialogue.first_reply(ledger(contacts=[contact(3, HOUR) for _ in range(4)]), WINDOW, DAY)
    assert figure.value == 60
    assert code(figure) == "n_too_small"


def test_the_share_of_labelled_items_is_counted_completely() -> None:
    contacts = [contact(3, answerable=None), contact(3), contact(3, answerable=False), contact(3)]
    figure = dialogue.answerable_labelled(ledger(contacts=contacts), WINDOW)
    assert figure.value == figure.bound == 0.75
    assert figure.beside["answerable"] == 2


def test_nothing_labelled_is_not_known_rather_than_zero() -> None:
    assert code(dialogue.answerable_labelled(ledger(contacts=[contact(3, answerable=None)]), WINDOW)) == "no_labels"
    assert code(dialogue.answerable_labelled(ledger(carries=[]), WINDOW)) == "no_incoming"
