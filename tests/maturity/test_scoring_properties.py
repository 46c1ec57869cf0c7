"""What must hold for every record there could be."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from callbox.core.measure import Measure, Statistic
from callbox.core.plain import from_plain, to_plain
from callbox.maturity.model.catalogue import keys
from callbox.maturity.scoring.evidence import Attestation, Band, Exemption, Standing
from callbox.maturity.scoring.grading import grade
from callbox.maturity.scoring.profile import AreaResult, Outcome, PracticeResult, Profile
from tests.maturity.figures import V1, document, figure, scored

RANGES = {"share": 1.0, "minutes": 3000.0, "days": 30.0, "points": 20.0, "per week": 16.0, "count": 14.0, "ratio": 2.0}
DOCUMENTS = sorted({row.document for row in V1.conditions if row.kind == "attested"})
STATEMENTS = sorted(row.unless_id for row in V1.conditions if row.unless is not None)
SPECS = dict(keys())


@st.composite
def known(draw: st.DrawFn, key: str) -> Measure:
    spec = SPECS[key]
    bound = draw(st.floats(0, RANGES[spec.unit]))
    if spec.statistic is Statistic.ZERO:
        bound = draw(st.sampled_from([0.0, 1.0]))
    return figure(key, bound, n=draw(st.integers(30, 200)))


@st.composite
def records(draw: st.DrawFn) -> dict[str, Measure]:
    found = {}
    for key in draw(st.sets(st.sampled_from(sorted(SPECS)))):
        unshown = draw(st.integers(0, 4)) == 0
        found[key] = figure(key, None, n=0) if unshown else draw(known(key))
    return found


@st.composite
def attestations(draw: st.DrawFn, ids: list[str] = DOCUMENTS) -> Attestation:
    return document(
        draw(st.sampled_from(ids)),
        value=draw(st.one_of(st.none(), st.floats(0, 20))),
        reviewer=draw(st.sampled_from(["Bob", "Bob", "Bob", "Alice", None])),
        begins=date(2026, draw(st.integers(1, 8)), 1),
    )


@st.composite
def standings(draw: st.DrawFn) -> Standing:
    exemptions = [
        Exemption(practice.id, "why", "Chief", date(2026, draw(st.integers(5, 8)), 1), draw(st.integers(0, 5)))
        for practice in draw(st.lists(st.sampled_from(V1.practices), max_size=4))
    ]
    return Standing(
        band=draw(st.one_of(st.none(), st.sampled_from(Band))),
        practises_intelligence=draw(st.booleans()),
        attestations=tuple(draw(st.lists(attestations(DOCUMENTS + STATEMENTS), max_size=60))),
        exemptions=tuple(exemptions),
    )


def everything(profile: Profile) -> list[AreaResult | PracticeResult]:
    return [*profile.areas, *profile.practices]


def shown(profile: Profile) -> dict[str, int]:
    rows = {row.id: row.shown for row in everything(profile)}
    return {name: level for name, level in rows.items() if level is not None}


def never_lower(before: Profile, after: Profile) -> None:
    later = shown(after)
    assert [(name, level, later[name]) for name, level in shown(before).items() if later[name] < level] == []


@given(records(), standings(), st.data())
@settings(max_examples=80, deadline=None)
def test_turning_an_unknown_figure_into_any_known_one_never_lowers_what_is_shown(
    measures: dict[str, Measure], standing: Standing, data: st.DataObject
) -> None:
    before = scored(measures, standing)
    outcomes: dict[str, set[Outcome]] = {}
    for practice in before.practices:
        for row in practice.conditions:
            outcomes.setdefault(row.measure or "", set()).add(row.outcome)
    unknown = sorted(key for key, found in outcomes.items() if key and Outcome.NOT_APPLICABLE not in found)
    unknown = [key for key in unknown if key not in measures or measures[key].bound is None]
    if unknown:
        key = data.draw(st.sampled_from(unknown))
        never_lower(before, scored({**measures, key: data.draw(known(key))}, standing))


@given(records(), standings(), st.data())
@settings(max_examples=80, deadline=None)
def test_a_document_for_what_was_unknown_never_lowers_what_is_shown(
    measures: dict[str, Measure], standing: Standing, data: st.DataObject
) -> None:
    before = scored(measures, standing)
    there = {row.condition for row in standing.attestations}
    missing = [name for name in DOCUMENTS if name not in there]
    if missing:
        extra = data.draw(attestations(missing))
        never_lower(before, scored(measures, replace(standing, attestations=(*standing.attestations, extra))))


def rows() -> st.SearchStrategy[list[PracticeResult]]:
    def made(drawn: list[tuple[int, int, int]]) -> list[PracticeResult]:
        return [
            PracticeResult(
                practice.id,
                practice.area,
                practice.gate,
                None if state == 0 else min(one, other),
                None if state == 0 else max(one, other),
                last_measured=one if state == 0 else None,
            )
            for practice, (one, other, state) in zip(V1.practices, drawn, strict=True)
        ]

    levels = st.integers(0, 5)
    one = st.tuples(levels, levels, st.integers(0, 6))
    return st.lists(one, min_size=len(V1.practices), max_size=len(V1.practices)).map(made)


@given(rows(), st.integers(0, 29))
@settings(max_examples=200, deadline=None)
def test_raising_one_practice_never_lowers_an_area(practices: list[PracticeResult], which: int) -> None:
    row = practices[which]
    if row.shown is None or row.at_most is None or row.shown == 5:
        return
    raised = replace(row, shown=row.shown + 1, at_most=max(row.at_most, row.shown + 1))
    later = grade(V1, [*practices[:which], raised, *practices[which + 1 :]])
    for before, after in zip(grade(V1, practices), later, strict=True):
        if before.shown is not None and before.at_most is not None:
            assert after.shown is not None
            assert after.at_most is not None
            assert after.shown >= before.shown
            assert after.at_most >= before.at_most


@given(rows())
@settings(max_examples=200, deadline=None)
def test_at_most_is_what_is_shown_once_every_unknown_turns_out_well(practices: list[PracticeResult]) -> None:
    well = grade(V1, [replace(row, shown=row.at_most) for row in practices])
    assert [area.at_most for area in grade(V1, practices)] == [area.shown for area in well]


@given(rows(), st.integers(0, 29))
@settings(max_examples=200, deadline=None)
def test_exempting_a_practice_at_its_level_never_raises_its_area(practices: list[PracticeResult], which: int) -> None:
    row = practices[which]
    if row.shown is None:
        return
    left_out = replace(row, shown=None, at_most=None, last_measured=row.shown)
    later = grade(V1, [*practices[:which], left_out, *practices[which + 1 :]])
    for before, after in zip(grade(V1, practices), later, strict=True):
        assert after.shown is None or before.shown is None or after.shown <= before.shown


@given(records(), standings(), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_order_of_evidence_does_not_matter(
    measures: dict[str, Measure], standing: Standing, chance: random.Random
) -> None:
    def mixed[T](items: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(chance.sample(items, len(items)))

    other = replace(standing, attestations=mixed(standing.attestations), exemptions=mixed(standing.exemptions))
    assert scored(dict(mixed(tuple(measures.items()))), other) == scored(measures, standing)


@given(records(), standings())
@settings(max_examples=50, deadline=None)
def test_what_is_shown_is_never_above_what_is_at_most_and_a_profile_survives_json(
    measures: dict[str, Measure], standing: Standing
) -> None:
    profile = scored(measures, standing)
    for row in everything(profile):
        assert (row.shown is None) == (row.at_most is None)
        assert row.shown is None or row.at_most is None or 0 <= row.shown <= row.at_most <= 5
    assert from_plain(Profile, to_plain(profile)) == profile


@given(records(), standings())
@settings(max_examples=50, deadline=None)
def test_deleting_the_record_leaves_wide_ranges_and_no_failed_measure(
    measures: dict[str, Measure], standing: Standing
) -> None:
    before, after = scored(measures, standing), scored({}, standing)
    for old, new in zip(before.practices, after.practices, strict=True):
        failed = [row for row in new.conditions if row.outcome is Outcome.NOT_MET and row.measure is not None]
        assert failed == []
        if old.at_most is not None and new.at_most is not None:
            assert new.at_most >= old.at_most
