"""Version 1 of the model says what section 7 of its design says, number for number."""

from __future__ import annotations

import pytest

from callbox.maturity.model.catalogue import CATALOGUE, keys
from callbox.maturity.model.loader import files, load, versions
from callbox.maturity.model.practices import Basis, Kind, Scale
from callbox.maturity.scoring.evidence import Band
from tests.maturity.figures import V1

#: The thresholds of every measure by level, as the tables of the design print them (shares as per cent, times as minutes).
THRESHOLDS = {
    "V2": {"accounts_linked": {2: 100}, "accounts_secured": {3: 100}},
    "V3": {
        "posts_per_week": {1: 1, 2: 3, 3: 6, 4: 10},
        "longest_gap": {1: 14, 2: 7},
        "engagement_steady": {4: 0.9},
    },
    "V4": {"useful_share": {2: 5, 3: 15, 4: 25, 5: 35}},
    "V5": {"described_images": {2: 50, 3: 90, 4: 98}, "captioned_videos": {3: 80, 4: 95}, "undescribed_media": {5: 0}},
    "V6": {"urgent_language_reach": {2: 25, 3: 60, 4: 85, 5: 95}, "unchecked_translations": {4: 0}},
    "T1": {
        "moderation_logged": {2: 100},
        "viewpoint_terms": {3: 0},
        "unsigned_filters": {3: 0},
        "late_appeals": {3: 0},
        "T1.5.audit": {5: 95},
    },
    "T2": {"replied_in_day": {2: 25, 3: 50, 4: 75, 5: 90}},
    "T3": {"first_reply": {2: 1440, 3: 480, 4: 120, 5: 60}},
    "T4": {"two_way_share": {2: 10, 3: 20, 4: 30, 5: 40}, "T4.5.consultations": {5: 2}},
    "T5": {"survey_margin": {3: 5}, "subgroup_gap_narrowing": {5: 0}},
    "T6": {"T6.3.gap": {3: 12, 4: 5, 5: 2}, "late_booking_photos": {3: 0}},
    "C1": {"partner_sectors": {2: 3, 3: 5, 4: 7}},
    "C2": {"amplified_share": {2: 10, 3: 30, 4: 50, 5: 75}},
    "C3": {"reachable_beats": {2: 25, 3: 50, 4: 80, 5: 100}},
    "C4": {"contributors": {1: 1, 2: 2}, "districts_covered": {3: 100}, "contributors_of_sworn": {4: 3, 5: 5}},
    "C5": {"issues_closed": {2: 20, 3: 50, 4: 75, 5: 90}},
    "I1": {"I1.3.trained": {3: 90}},
    "I2": {"searches_with_purpose": {2: 80, 3: 100}, "unresolved_exceptions": {5: 0}},
    "I3": {
        "records_late": {2: 5},
        "late_records": {3: 0},
        "tips_past_limit": {3: 0},
        "intelligence_past_limit": {3: 0},
    },
    "I4": {
        "tips_settled_in_week": {2: 70},
        "tips_settled_in_72h": {3: 90, 4: 95},
        "threat_triage": {3: 15},
        "tips_outcome_returned": {5: 80},
    },
    "I5": {"products_rated": {2: 50, 3: 80, 4: 95}},
    "I6": {"smallest_cell": {3: 10}, "dialect_error_ratio": {4: (0.8, 1.25)}},
    "O1": {"first_official_word": {2: 120, 3: 60, 4: 30, 5: 15}},
    "O2": {
        "claims_confirmed": {2: 80},
        "unconfirmed_safety_claims": {3: 0},
        "update_gap": {3: 30, 4: 20},
        "update_gap_peak": {5: 10},
        "correction_time": {4: 60, 5: 30},
    },
    "O3": {"freezes_in_time": {3: 80, 4: 95, 5: 100}},
    "O4": {
        "cap_valid": {3: 100},
        "exercises": {3: 1},
        "months_tested": {4: 12},
        "joint_exercises": {5: 2},
        "actions_closed": {5: 90},
    },
    "O5": {"notified_in_day": {2: 25, 3: 50, 4: 80, 5: 95}, "exclusion_breaches": {3: 0}, "delay_notice": {4: 30}},
    "O6": {
        "items_in_staffed_hours": {2: 50, 3: 70, 4: 90},
        "staffing_model_error": {4: 25},
        "O6.5.plans": {5: 2},
    },
}


def test_it_has_five_areas_five_levels_thirty_practices_and_nine_gates() -> None:
    assert [area.name for area in V1.areas] == ["Voice", "Trust", "Collaboration", "Intelligence", "Operations"]
    assert [level.name for level in V1.levels] == ["Inform", "Listen", "Engage", "Analyze", "Prevent"]
    assert [practice.id for practice in V1.practices] == [
        f"{area}{number}" for area in "VTCIO" for number in range(1, 7)
    ]
    gates = [practice.id for practice in V1.practices if practice.gate]
    assert gates == ["V2", "V5", "T1", "T6", "I1", "I2", "I3", "O2", "O5"]


def test_its_evidence_is_21_measured_6_mixed_and_3_attested() -> None:
    kinds = {kind: [row.id for row in V1.practices if row.evidence == kind] for kind in ("mixed", "attested")}
    assert kinds == {"mixed": ["V2", "T1", "T5", "C1", "I6", "O4"], "attested": ["V1", "C6", "I1"]}


@pytest.mark.parametrize("practice", [practice.id for practice in V1.practices])
def test_every_threshold_is_the_one_of_the_design(practice: str) -> None:
    found: dict[str, dict[int, object]] = {}
    for row in V1.practice(practice).conditions:
        if row.threshold is not None:
            number = round(100 * row.threshold, 6) if row.unit == "share" else row.threshold
            steps = found.setdefault(row.measure or row.document, {})
            steps[row.level] = number if row.level not in steps else (steps[row.level], number)
    assert found == THRESHOLDS.get(practice, {})


def test_only_volume_and_silence_follow_the_size_of_an_agency() -> None:
    scaled = {(row.measure, row.scale) for row in V1.conditions if row.scale is not Scale.NONE}
    assert scaled == {("posts_per_week", Scale.VOLUME), ("longest_gap", Scale.GAP)}
    assert [V1.volume[band] for band in Band] == [0.3, 0.6, 1, 1.5]
    assert [V1.gap[band] for band in Band] == [2, 1, 1, 1]


def test_every_threshold_says_its_basis_and_law_names_its_source() -> None:
    for row in V1.conditions:
        assert (row.basis is not None) or row.comparison is None, row.id
        assert row.basis is not Basis.LAW or row.sources, row.id


def test_every_measure_of_the_catalogue_is_used_and_every_source_is_cited() -> None:
    used = {row.measure for row in V1.conditions} | {V1.not_practised.refused_by}
    assert set(CATALOGUE) == used - {None}
    cited = {name for practice in V1.practices for name in practice.sources}
    cited |= {name for row in V1.conditions for name in row.sources}
    assert set(V1.sources) - cited == {"accenture-areas", "iacp-policy"}  # of the model as a whole


def test_every_limit_of_the_catalogue_is_asked_for() -> None:
    asked = {row.key for row in V1.conditions if row.kind is Kind.TIME}
    assert {key for key, spec in keys() if spec.limits} == asked


def test_what_a_person_reads_is_whole_sentences() -> None:
    for row in V1.conditions:
        assert row.says.endswith("."), row.id
    for practice in V1.practices:
        assert practice.question.endswith("?"), practice.id
        assert practice.why.endswith("."), practice.id
        assert practice.good.endswith("."), practice.id


def test_the_current_version_is_there_with_its_files() -> None:
    assert "v1" in versions()
    assert [path.name for path in files("v1")] == ["model.yaml", *(f"{area.id}.yaml" for area in V1.areas)]
    assert load(files("v1")[0]) == V1
