"""What the guide and the goals say becomes evidence for V1, which a second person must review."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone, translation

from callbox.core.refusal import RefusedError
from callbox.core.store import locate
from callbox.flows import purpose
from callbox.maturity.model import loader
from callbox.maturity.models import Attestation
from callbox.maturity.services import evidence
from callbox.people.models import Agency, User
from callbox.voice.guide import guide
from callbox.voice.models import Goal, GoalReview
from callbox.voice.services import goals
from callbox.voice.services import guide as answers
from callbox.voice.services.goals import Aim, Found
from tests.people import Cast

ALL = {question.id: next(iter(question.choices)) if question.choices else "Said" for question in guide().questions}


def goal(agency: Agency, by: User) -> Goal:
    aim = Aim(
        "Fewer break-ins", "Fewer thefts", "Renters", "Break-ins", "a quarter", Decimal(41), Decimal(30),
        timezone.localdate() + timedelta(days=300), "Records", 90, "Sergeant Hall",
    )  # fmt: skip
    return goals.set_goal(agency=agency, aim=aim, by=by)


def today_supported(agency: Agency) -> tuple[str, ...]:
    return purpose.supported(agency, today=timezone.localdate())


def test_the_conditions_named_here_and_in_the_guide_stand_in_the_model() -> None:
    known = {condition.id for condition in loader.load().conditions}
    assert {*purpose.ANSWERED, *purpose.AIMED, purpose.REVIEWED, purpose.CHANGED} <= known
    named = {condition for question in guide().questions for condition in question.conditions}
    assert named == set(purpose.ANSWERED)


def test_each_condition_waits_for_what_it_rests_on(cast: Cast) -> None:
    agency, by = cast.agency, cast.bob
    assert today_supported(agency) == ()
    answers.answer(agency=agency, answers={"owner": "Hall"}, by=by)
    assert today_supported(agency) == ("V1.1.owner",)
    answers.answer(agency=agency, answers=ALL | {"fears": ""}, by=by)
    assert today_supported(agency) == ("V1.1.owner", "V1.1.purpose", "V1.2.baseline")
    answers.answer(agency=agency, answers=ALL, by=by)
    assert today_supported(agency) == purpose.ANSWERED
    first, second = goal(agency, by), goal(agency, by)
    assert today_supported(agency) == (*purpose.ANSWERED, *purpose.AIMED)
    goals.review_goal(goal=first, found=Found(Decimal(39), "More lamps"), by=by)
    assert purpose.REVIEWED not in today_supported(agency)
    assert purpose.CHANGED in today_supported(agency)
    goals.review_goal(goal=second, found=Found(Decimal(39)), by=by)
    assert purpose.REVIEWED in today_supported(agency)
    GoalReview.objects.update(at=timezone.now() - timedelta(days=366))
    assert today_supported(agency) == (*purpose.ANSWERED, *purpose.AIMED)


def test_one_click_hands_in_what_a_second_person_then_reviews(cast: Cast) -> None:
    answers.answer(agency=cast.agency, answers=ALL, by=cast.bob)
    handed = purpose.hand_in(agency=cast.agency, by=cast.bob)
    assert [row.condition for row in handed] == list(purpose.ANSWERED)
    assert {row.state for row in handed} == {"proposed"}
    with pytest.raises(RefusedError, match="other than the owner"):
        evidence.review(attestation=handed[0], by=cast.bob)
    evidence.review(attestation=handed[0], by=cast.alice)
    text = locate(Path(settings.MEDIA_ROOT), handed[0].document).read_text(encoding="utf-8")
    for question in guide().questions:
        assert question.asks in text
    assert "Bob" in text


def test_handing_in_the_same_words_twice_is_refused(cast: Cast) -> None:
    answers.answer(agency=cast.agency, answers=ALL, by=cast.bob)
    purpose.hand_in(agency=cast.agency, by=cast.bob)
    assert purpose.waiting(cast.agency, today=timezone.localdate()) == ()
    with pytest.raises(RefusedError, match="handed in already"):
        purpose.hand_in(agency=cast.agency, by=cast.bob)
    assert Attestation.objects.count() == 4


def test_newer_words_withdraw_what_nobody_reviewed_and_replace_what_counts(cast: Cast) -> None:
    answers.answer(agency=cast.agency, answers=ALL, by=cast.bob)
    owner, purposed, *_rest = purpose.hand_in(agency=cast.agency, by=cast.bob)
    evidence.review(attestation=owner, by=cast.alice)
    answers.answer(agency=cast.agency, answers={"owner": "Sergeant Reyes"}, by=cast.bob)
    assert len(purpose.waiting(cast.agency, today=timezone.localdate())) == 4
    again = purpose.hand_in(agency=cast.agency, by=cast.bob)
    owner.refresh_from_db()
    purposed.refresh_from_db()
    assert (owner.state, purposed.state) == ("reviewed", "withdrawn")
    assert again[0].replaces == owner
    evidence.review(attestation=again[0], by=cast.alice)
    owner.refresh_from_db()
    assert owner.state == "replaced"


def test_evidence_that_somebody_wrote_by_hand_is_not_withdrawn(cast: Cast) -> None:
    claim = evidence.Claim("V1.1.owner", "V1", "Standing order 14", timezone.localdate(), link="https://x.example/14")
    by_hand = evidence.propose(agency=cast.agency, claim=claim, owner=cast.carol, by=cast.carol)
    answers.answer(agency=cast.agency, answers=ALL, by=cast.bob)
    purpose.hand_in(agency=cast.agency, by=cast.bob)
    by_hand.refresh_from_db()
    assert by_hand.state == "proposed"


def test_with_nothing_written_there_is_nothing_to_hand_in(cast: Cast) -> None:
    answers.answer(agency=cast.other, answers=ALL, by=cast.dan)
    with pytest.raises(RefusedError, match="nothing to hand in"):
        purpose.hand_in(agency=cast.agency, by=cast.bob)
    assert not Attestation.objects.exists()


def test_the_same_rows_give_the_same_bytes_in_every_language(cast: Cast) -> None:

    answers.answer(agency=cast.agency, answers=ALL, by=cast.bob)
    goal(cast.agency, cast.bob)
    with translation.override("ar"):
        arabic = purpose.statement(cast.agency)
    assert arabic == purpose.statement(cast.agency)
