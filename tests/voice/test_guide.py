"""The first-week guide: its questions hold together, every saving is a row, the advice says from which answer it comes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.core.refusal import RefusedError
from callbox.governance.models import AuditEvent
from callbox.voice.advice import CAPACITY, RULES, Reason, Verdict, advise
from callbox.voice.guide import SEPARATOR, Guide, Question, checked, guide, progress
from callbox.voice.models import Answer
from callbox.voice.services import guide as services
from tests.people import Cast

TOLD = {
    "aims": "answer, prevent",
    "missed": "offline, language",
    "where": "facebook, email, paper",
    "time": "half",
}


def choices(name: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(list(guide().question(name).choices)), unique=True).map(SEPARATOR.join)


answered = st.fixed_dictionaries(
    {"aims": choices("aims"), "missed": choices("missed"), "where": choices("where")},
    optional={"time": st.sampled_from(list(CAPACITY))},
)


def test_choosing_the_network_is_the_last_question() -> None:
    assert guide().questions[-1].id == "networks"
    assert [chapter.id for chapter in guide().chapters][:3] == ["aims", "people", "audience"]


def test_every_question_says_why_shows_an_example_and_names_its_source() -> None:
    for question in guide().questions:
        assert question.asks.endswith("?"), question.id
        assert min(len(question.why), len(question.example), len(question.source)) > 10, question.id


def test_the_five_policy_points_and_the_ten_considerations_that_are_published_are_asked() -> None:
    sources = " ".join(question.source for question in guide().questions)
    for word in ("research", "management", "fears", "goals", "audience"):
        assert f"({word})" in sources
    for word in ("scope", "official use", "personal use", "legal issues", "related policies"):
        assert f"({word})" in sources


def test_a_guide_that_does_not_hold_together_is_refused_with_every_place() -> None:
    found = guide()
    wrong = Question(
        id="lost", chapter="nowhere", kind="one", asks="?", why="w", example="e", source="s"
    )  # no chapter, and no choices
    with pytest.raises(ValueError, match="no chapter nowhere") as error:
        checked(Guide(chapters=found.chapters, questions=(*found.questions, found.questions[0], wrong)))
    assert "aims stands twice" in str(error.value)
    assert "lost: words have no choices" in str(error.value)
    assert "must stand together" in str(error.value)


def test_the_rules_of_the_advice_name_questions_and_choices_that_exist() -> None:
    channels = set(guide().question("networks").choices)
    for channel, question, needed, _reason in RULES:
        assert channel in channels
        assert needed <= set(guide().question(question).choices)
    assert set(guide().question("time").choices) == set(CAPACITY)


def test_half_an_hour_carries_two_channels_beside_the_newsroom() -> None:
    found = {advice.channel: advice for advice in advise(TOLD)}
    begin = {channel for channel, advice in found.items() if advice.verdict is Verdict.BEGIN}
    assert begin == {"newsroom", "email", "paper"}
    assert found["facebook"].verdict is Verdict.LATER
    assert Reason.NO_TIME in {ground.reason for ground in found["facebook"].speaks_against}
    assert found["mastodon"].verdict is Verdict.NOT_NOW


@given(answered)
def test_no_advice_goes_beyond_the_time_and_none_is_without_a_reason(answers: dict[str, str]) -> None:
    found = advise(answers)
    assert sorted(advice.channel for advice in found) == sorted(guide().question("networks").choices)
    begin = [advice for advice in found if advice.verdict is Verdict.BEGIN and advice.channel != "newsroom"]
    assert len(begin) <= CAPACITY[answers.get("time", "half")]
    for advice in found:
        assert advice.speaks_for if advice.verdict is Verdict.BEGIN else advice.speaks_against
        for ground in advice.speaks_for:
            assert not ground.question or answers[ground.question]


@given(answered, st.sampled_from(list(guide().question("networks").choices)))
def test_a_channel_the_people_use_never_falls_by_being_named(answers: dict[str, str], channel: str) -> None:
    if channel not in guide().question("where").choices:
        return
    named = guide().question("where").chosen(answers["where"] + SEPARATOR + channel)
    order = [Verdict.BEGIN, Verdict.LATER, Verdict.NOT_NOW]
    before = next(one for one in advise(answers) if one.channel == channel)
    after = next(one for one in advise(answers | {"where": SEPARATOR.join(named)}) if one.channel == channel)
    assert order.index(after.verdict) <= order.index(before.verdict)


def test_progress_counts_answers_and_names_the_next_question() -> None:
    assert progress({}).answered == 0
    first, second = guide().questions[:2]
    assert progress({first.id: "warn", second.id: "  "}).following == second
    assert progress({question.id: "x" for question in guide().questions}).whole


def test_every_saving_is_a_row_and_the_newest_counts(cast: Cast) -> None:
    assert services.answer(agency=cast.agency, answers={"purpose": "First"}, by=cast.bob) == 1
    assert services.answer(agency=cast.agency, answers={"purpose": "First", "aims": "warn"}, by=cast.alice) == 1
    assert services.answer(agency=cast.agency, answers={"purpose": "Second"}, by=cast.bob) == 1
    assert services.newest(cast.agency) == {"purpose": "Second", "aims": "warn"}
    assert [row.text for row in services.history(cast.agency, question="purpose")] == ["Second", "First"]
    assert services.newest(cast.other) == {}
    assert AuditEvent.objects.filter(action="guide.answered").count() == 3


def test_the_words_of_an_answer_stay_out_of_the_trail(cast: Cast) -> None:
    services.answer(agency=cast.agency, answers={"fears": "That the mayor reads this"}, by=cast.bob)
    assert AuditEvent.objects.get(action="guide.answered").data == {"questions": ["fears"]}


def test_an_emptied_answer_is_open_again_and_its_past_stays(cast: Cast) -> None:
    services.answer(agency=cast.agency, answers={"purpose": "First"}, by=cast.bob)
    services.answer(agency=cast.agency, answers={"purpose": ""}, by=cast.bob)
    assert services.newest(cast.agency) == {}
    assert services.history(cast.agency, question="purpose").count() == 2


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"purpose": "Good", "nothing": "x"}, "no question"),
        ({"purpose": "Good", "aims": "warn, rule"}, "no such answer"),
        ({"purpose": "Good", "time": "quarter, half"}, "no such answer"),
        ({"purpose": "x" * 10_001}, "longer than"),
    ],
)
def test_a_wrong_answer_keeps_nothing(cast: Cast, answers: dict[str, str], says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        services.answer(agency=cast.agency, answers=answers, by=cast.bob)
    assert not Answer.objects.exists()


def test_choices_are_kept_in_the_order_of_the_question(cast: Cast) -> None:
    services.answer(agency=cast.agency, answers={"aims": "recruit, warn, warn"}, by=cast.bob)
    assert services.newest(cast.agency)["aims"] == "warn, recruit"
    assert guide().question("aims").shown("warn, recruit").startswith("Tell people quickly")


def test_the_guide_waits_until_it_is_answered_or_set_aside(cast: Cast) -> None:
    assert services.waits(cast.agency)
    services.set_aside(agency=cast.agency, aside=True, by=cast.bob)
    services.set_aside(agency=cast.agency, aside=True, by=cast.bob)
    assert not services.waits(cast.agency)
    services.set_aside(agency=cast.agency, aside=False, by=cast.bob)
    assert services.waits(cast.agency)
    every = {q.id: next(iter(q.choices)) if q.choices else "Said" for q in guide().questions}
    services.answer(agency=cast.agency, answers=every, by=cast.bob)
    assert not services.waits(cast.agency)
    assert services.waits(cast.other)
    said = AuditEvent.objects.filter(action__in=["guide.set-aside", "guide.taken-up"]).order_by("pk")
    assert [event.action for event in said] == ["guide.set-aside", "guide.taken-up"]
