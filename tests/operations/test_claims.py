"""What was claimed in public: confirmed before it left, and put right when it was wrong (O2). Pure."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest

from callbox.core.measure import Measure
from callbox.operations import claim_measures as measures
from tests.networks.measures.record import NOW, WINDOW, Row, ago, ledger

HALF, HOUR = timedelta(minutes=30), timedelta(minutes=60)


def code(figure: Measure) -> str:
    return figure.reason.code if figure.reason else ""


def claim(days: float, **values: object) -> Row:
    return {"at": ago(days), "confirmed": True, "safety": False, "wrong": False} | values


def test_the_share_of_confirmed_claims_counts_a_post_made_past_callbox_as_unconfirmed() -> None:
    rows = [claim(1 + number) for number in range(38)] + [claim(2, safety=None, confirmed=False)] * 2
    figure = measures.claims_confirmed(ledger(claims=rows), WINDOW)
    assert (figure.value, figure.n) == (0.95, 40)
    assert code(measures.claims_confirmed(ledger(claims=[claim(91)]), WINDOW)) == "no_claims"
    assert code(measures.claims_confirmed(ledger(), WINDOW)) == "no_table"


def test_only_what_is_urgent_counts_among_life_safety_claims() -> None:
    rows = [claim(1, safety=True), claim(1, confirmed=False), claim(1, safety=None, confirmed=False)]
    figure = measures.unconfirmed_safety_claims(ledger(claims=rows), WINDOW)
    assert (figure.value, figure.n, figure.beside["untagged"]) == (0, 1, 1)
    alone = measures.unconfirmed_safety_claims(ledger(claims=[*rows, claim(3, safety=True, confirmed=False)]), WINDOW)
    assert (alone.value, alone.bound, alone.n) == (1, 1, 2)
    assert code(measures.unconfirmed_safety_claims(ledger(), WINDOW)) == "no_table"


def test_wrong_words_stand_until_their_correction_is_out_and_one_never_out_is_infinite() -> None:
    times = [5.0, 10.0, 20.0, 40.0, 50.0]
    rows = [claim(1, wrong=True, corrected_at=ago(1) + timedelta(minutes=minutes)) for minutes in times]
    figure = measures.correction_time(ledger(claims=[*rows, claim(1)]), WINDOW, HALF)
    assert (figure.name, figure.value, figure.n) == ("correction_time@30min", 20, 5)
    assert figure.bound == 50
    waiting = measures.correction_time(ledger(claims=[*rows, claim(1, wrong=True)]), WINDOW, HOUR)
    assert (waiting.name, waiting.n, waiting.beside["unanswered"]) == ("correction_time@1h", 6, 1)
    assert waiting.bound == math.inf


def test_a_correction_before_the_words_or_after_the_record_is_none() -> None:
    rows = [claim(1, wrong=True, corrected_at=at) for at in (ago(2), NOW + HALF)]
    assert measures.correction_time(ledger(claims=rows), WINDOW, HALF).value == math.inf


@pytest.mark.parametrize("rows", [[], [claim(1)], [claim(0.01, wrong=True)]])
def test_without_a_wrong_word_that_is_old_enough_nothing_is_shown(rows: list[Row]) -> None:
    assert code(measures.correction_time(ledger(claims=rows), WINDOW, HOUR)) == "no_corrections"


def test_too_few_corrections_are_shown_and_not_judged() -> None:
    rows = [claim(1, wrong=True, corrected_at=ago(1) + HALF)]
    figure = measures.correction_time(ledger(claims=rows), WINDOW, HALF)
    assert (figure.value, figure.bound, code(figure)) == (30, None, "n_too_small")
