"""Who must approve what."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from callbox.governance.policy import OWN_ANSWER, TWO_APPROVERS, TWO_PERSONS, is_approved

_people = st.sets(st.integers(1, 6))


@given(approvers=_people, authors=_people)
def test_an_alert_needs_two_people_who_did_not_write_it(approvers: set[int], authors: set[int]) -> None:
    assert is_approved(rule=TWO_APPROVERS, approvers=approvers, authors=authors) == (len(approvers - authors) >= 2)


@given(approvers=_people, authors=_people)
def test_a_message_needs_one(approvers: set[int], authors: set[int]) -> None:
    assert is_approved(rule=TWO_PERSONS, approvers=approvers, authors=authors) == bool(approvers - authors)


def test_an_answer_needs_nobody_else_and_yet_somebody() -> None:
    assert is_approved(rule=OWN_ANSWER, approvers=[1], authors=[1])
    assert not is_approved(rule=OWN_ANSWER, approvers=[], authors=[1])
