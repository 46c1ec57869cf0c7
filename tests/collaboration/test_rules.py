"""Labels, agreements and audiences, decided from values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.collaboration.rules import LABELS, Receiver, Terms, audience, obstacle, within
from callbox.core.text import SENTENCES

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
TERMS = Terms("signed", ("message",), "amber", date(2026, 1, 1), date(2026, 12, 31))
PARTNER = Receiver("standing", "amber", keyed=True)
ASKED: dict[str, Any] = {
    "kind": "message", "label": "green", "expires": None, "terms": TERMS, "partner": PARTNER, "now": NOW, "today": NOW.date(),
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"partner": replace(PARTNER, state="ended")}, "share_partner_ended"),
        ({"partner": replace(PARTNER, keyed=False)}, "share_key"),
        ({"partner": replace(PARTNER, clearance="clear")}, "share_clearance"),
        ({"terms": replace(TERMS, state="draft")}, "share_unsigned"),
        ({"terms": replace(TERMS, state="ended")}, "share_ended"),
        ({"terms": replace(TERMS, starts=date(2026, 5, 5))}, "share_not_begun"),
        ({"terms": replace(TERMS, ends=date(2026, 5, 3))}, "share_expired"),
        ({"terms": replace(TERMS, ends=date(2026, 5, 4))}, None),
        ({"kind": "alert"}, "share_scope"),
        ({"label": "red"}, "share_label"),
        ({"label": "secret"}, "share_label"),
        ({"expires": NOW}, "share_past"),
    ],
)
def test_what_forbids_sharing_is_named(change: dict[str, Any], code: str | None) -> None:
    assert obstacle(**{**ASKED, **change}) == code
    assert code is None or code in SENTENCES


def test_labels_go_from_clear_to_red_and_an_unknown_word_is_never_within() -> None:
    for index, label in enumerate(LABELS):
        assert [within(label, most) for most in LABELS] == [index <= other for other in range(len(LABELS))]
    assert not within("public", "red")
    assert not within("clear", "public")


@given(st.sets(st.sampled_from("ABCD"), min_size=1), st.lists(st.frozensets(st.sampled_from("ABCD"), min_size=1)))
def test_a_group_that_had_something_before_is_not_unusual(chosen: set[str], before: list[frozenset[str]]) -> None:
    assert not audience(chosen, [*before, frozenset(chosen)]).unusual
    found = audience(chosen, before)
    assert set(found.first) == {name for name in chosen if not any(name in group for group in before)}


def test_a_group_is_unusual_when_it_is_new_larger_or_never_was_together() -> None:
    before = [frozenset({"School", "Fire"}), frozenset({"Gazette"})]
    assert audience({"School", "Mosque"}, before).first == ("Mosque",)
    assert audience({"School", "Gazette"}, before).apart
    assert audience({"School", "Fire", "Gazette"}, before).larger
    assert not audience({"School"}, before).unusual
