"""Grounds are written, sourced and blind to viewpoints; a policy that is not is warned of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from callbox.governance.moderation.grounds import grounds, overdue_for_review
from callbox.governance.moderation.lint import findings


def test_the_grounds_are_those_of_the_model() -> None:
    assert list(grounds()) == [
        "true-threat", "incitement", "private-data", "obscenity", "illegal-commerce", "copyright", "sealed", "malware",
    ]  # fmt: skip
    for ground in grounds().values():
        assert all((ground.source, ground.jurisdiction, ground.example, ground.counter, ground.test)), ground.id


def test_a_ground_that_names_a_viewpoint_does_not_load() -> None:
    with pytest.raises(ValueError, match="offensive"):
        replace(grounds()["malware"], means="Anything offensive.")


def test_what_counsel_should_have_looked_at_is_named() -> None:
    assert overdue_for_review(date(2026, 1, 1)) == []
    assert {ground.id for ground in overdue_for_review(date(2026, 12, 31))} == {"private-data", "sealed"}


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("We welcome POSITIVE comments.", ["POSITIVE"]),  # Robinson v. Hunt County
        ("Off-subject, offensive or profane comments are deleted\nand their authors banned.",
         ["Off-subject", "offensive", "profane", "banned"]),  # a Montana department, 2019
        ("Inappropriate or disparaging remarks are removed at our sole discretion.",
         ["Inappropriate", "disparaging", "sole discretion"]),
    ],
)  # fmt: skip
def test_words_that_judge_a_viewpoint_are_named(policy: str, words: list[str]) -> None:
    found = findings(policy)
    assert [each.words for each in found] == words
    assert all(each.why and each.source for each in found)


def test_the_place_of_a_word_is_named_and_the_written_grounds_pass() -> None:
    assert [each.line for each in findings("We answer questions.\nNo insults, no profanity.")] == [2]
    written = "\n".join(f"{ground.title}. {ground.means}" for ground in grounds().values())
    assert findings(f"We hide a comment only for these reasons, tell its author, and they may object.\n{written}") == []
