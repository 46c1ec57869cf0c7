"""Findings first: what they say, in which order, and what the next steps move."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbox.core.text import Reason
from callbox.maturity.model import loader
from callbox.maturity.model.wording import words_of
from callbox.maturity.report.findings import Kind, findings
from callbox.maturity.report.inputs import ReportInput
from callbox.maturity.report.next_steps import area_after, next_steps
from callbox.maturity.report.page import page_data
from callbox.maturity.scoring.evidence import Attestation, Band
from callbox.maturity.scoring.grading import grade
from callbox.maturity.scoring.profile import Outcome, Profile
from tests.maturity.report import sample


def kinds(report: ReportInput) -> list[Kind]:
    return [found.kind for found in findings(report)]


def test_three_findings_speak_of_three_things_strongest_first() -> None:
    assert kinds(sample.full()) == [Kind.HELD, Kind.DECLARED, Kind.GATE]


def test_a_record_that_tells_nothing_is_a_finding_about_the_record_not_about_the_agency() -> None:
    assert set(kinds(ReportInput(sample.unknown(), sample.WORDS))) == {Kind.UNKNOWN}


def test_an_agency_at_the_top_has_no_findings_and_nothing_to_do() -> None:
    best = ReportInput(sample.profile(shown=5, at_most=5), sample.WORDS)
    assert findings(best) == ()
    assert next_steps(best.profile, best.words) == ()


def test_a_declared_level_one_above_is_no_finding_two_above_is() -> None:
    whole = sample.profile(shown=2, at_most=5)
    for declared, expected in ((3, 0), (4, 1)):
        practices = tuple(dataclasses.replace(p, declared=declared) if p.id == "C2" else p for p in whole.practices)
        report = ReportInput(dataclasses.replace(whole, practices=practices), sample.WORDS)
        found = [f for f in findings(report, limit=99) if f.kind is Kind.DECLARED]
        assert len(found) == expected
    assert found[0].headline.sentence == "C2 Amplification is declared at level 4, the evidence shows 2"


def test_a_declared_level_the_record_contradicts_comes_before_one_it_cannot_judge() -> None:
    whole = sample.profile(shown=1, at_most=5)
    low = sample.practice("operations", "O6", 1, 2, declared=3)
    practices = tuple(
        dataclasses.replace(p, declared=5) if p.id == "V1" else low if p.id == "O6" else p for p in whole.practices
    )
    report = ReportInput(dataclasses.replace(whole, practices=practices), sample.WORDS)
    assert [f.practices for f in findings(report, limit=99) if f.kind is Kind.DECLARED] == [("O6",), ("V1",)]


@pytest.mark.parametrize(
    ("as_of", "code"),
    [
        (datetime(2026, 2, 8, tzinfo=UTC), []),
        (datetime(2026, 2, 9, tzinfo=UTC), ["finding_expires"]),
        (datetime(2026, 5, 10, tzinfo=UTC), ["finding_expires"]),
        (datetime(2026, 5, 11, tzinfo=UTC), ["finding_expired"]),
    ],
)
def test_evidence_is_announced_ninety_days_before_its_last_day(as_of: datetime, code: list[str]) -> None:
    reviewed = Attestation(
        "V1.1.asked", "Order", "Alice", date(2025, 5, 1), link="https://example.org", reviewer="Bob",
        reviewed_on=date(2025, 5, 10),
    )  # fmt: skip
    profile = dataclasses.replace(sample.profile(shown=5, at_most=5), as_of=as_of)
    report = ReportInput(profile, sample.WORDS, attestations=(reviewed,))
    assert [f.headline.code for f in findings(report)] == code


def test_evidence_nobody_has_reviewed_does_not_expire() -> None:
    waiting = Attestation("V1.1.asked", "Order", "Alice", date(2024, 5, 1), link="https://example.org")
    report = ReportInput(sample.profile(shown=5, at_most=5), sample.WORDS, attestations=(waiting,))
    assert findings(report) == ()


def test_every_finding_and_step_names_its_practices_and_reasons() -> None:
    data = page_data(sample.full())
    assert len(data["findings"]) == len(data["next"]) == 3
    assert all(found["practices"] and found["codes"] for found in data["findings"])
    assert all(step["practice"] and step["codes"] and step["what"] for step in data["next"])


def test_the_next_steps_begin_in_three_different_areas() -> None:
    assert len({step.area for step in next_steps(sample.profile(), sample.WORDS)}) == 3


def test_a_step_that_lifts_its_area_comes_first() -> None:
    whole = sample.profile(shown=3, at_most=5)
    practices = [sample.practice("trust", "T1", 2, 5) if p.id == "T1" else p for p in whole.practices]
    areas = tuple(sample.area_of(area.id, practices) for area in whole.areas)
    profile = dataclasses.replace(whole, practices=tuple(practices), areas=areas)
    first = next_steps(profile, sample.WORDS)[0]
    assert (first.practice, first.moves.sentence) == ("T1", "takes Trust from level 2 to 3")


def test_a_condition_not_met_asks_for_a_change_and_an_unknown_one_for_a_document_or_a_record() -> None:
    whole = sample.profile(shown=5, at_most=5)
    asked = {"V3": (2, 2), "T4": (2, 5), "C1": (2, 5)}  # measured and failing; measured and unknown; attested
    practices = tuple(sample.practice(p.area, p.id, *asked[p.id]) if p.id in asked else p for p in whole.practices)
    steps = next_steps(dataclasses.replace(whole, practices=practices), sample.WORDS)
    assert {s.practice: s.how[0].code for s in steps} == {"V3": "do_change", "T4": "do_record", "C1": "do_attest"}


@given(st.lists(st.integers(0, 5), min_size=30, max_size=30), st.integers(0, 29))
@settings(deadline=None, max_examples=60)
def test_the_promised_effect_is_what_scoring_would_show(levels: list[int], which: int) -> None:
    model = loader.load()
    practices = tuple(
        sample.practice(p.area, p.id, level, 5, gate=p.gate) for p, level in zip(model.practices, levels, strict=True)
    )
    moved = practices[which]
    if moved.shown == 5 or moved.area == model.dependency.area:
        return
    profile = Profile("A", sample.AS_OF, "v1", Band.FROM_100, True, grade(model, practices), practices)
    raised = tuple(
        dataclasses.replace(p, shown=p.shown + 1) if p is moved and p.shown is not None else p for p in practices
    )
    area = next(a for a in profile.areas if a.id == moved.area)
    scored = next(a for a in grade(model, raised) if a.id == moved.area)
    assert area_after(profile, area, moved, model.weakest_share) == scored.shown


def test_the_real_model_has_words_for_every_level_practice_and_condition() -> None:
    model = loader.load()
    words = words_of(model)
    assert len(words.levels) == 6
    assert {p.id for p in model.practices} == words.practices.keys()
    assert all(words.condition(c.id) == c.says for c in model.conditions)


def test_a_reason_of_an_area_is_told_with_the_finding() -> None:
    whole = sample.profile(shown=1, at_most=1)
    held = Reason("held_by_gate", {"level": 1, "practice": "V2"})
    areas = tuple(dataclasses.replace(a, reasons=(held,)) for a in whole.areas)
    found = findings(ReportInput(dataclasses.replace(whole, areas=areas), sample.WORDS))[0]
    assert held.sentence in found.because
    assert found.codes[-1] == "held_by_gate"
    assert all(c.outcome is Outcome.NOT_MET for c in whole.practice(found.practices[0]).conditions if c.level == 2)
