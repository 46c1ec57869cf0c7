"""Conditions and practices judged; the arithmetic of every case stands beside it."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from callbox.core.measure import wilson_lower
from callbox.core.text import Reason
from callbox.maturity.scoring.evidence import Band, Standing
from callbox.maturity.scoring.profile import ConditionResult, Outcome, Profile
from tests.maturity.figures import V1, document, figure, figures, scored

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "maturity.md"


def condition(profile: Profile, identifier: str) -> ConditionResult:
    return next(row for row in profile.practice(identifier.partition(".")[0]).conditions if row.id == identifier)


def range_of(profile: Profile, practice: str) -> tuple[int | None, int | None]:
    found = profile.practice(practice)
    return found.shown, found.at_most


@pytest.mark.parametrize(
    ("posts", "gap", "engagement", "expected"),
    [
        # Level 1 asks 1 a week and 14 days, level 2: 3 and 7, level 3: 6, level 4: 10 and a ratio of 0.9, level 5: a document.
        (0.9, 5, 1.0, (0, 0)),  # 0.9 < 1
        (1.0, 14, 1.0, (1, 1)),  # both equal their thresholds; 1 < 3
        (4.0, 8, 1.0, (1, 1)),  # 4 >= 3, but 8 > 7 days
        (7.0, 5, 1.0, (3, 3)),  # 7 >= 6, 7 < 10
        (10.0, 7, 0.89, (3, 3)),  # 10 >= 10, but engagement fell to 0.89
        (10.0, 7, 0.9, (4, 5)),  # level 5 waits for a document: unknown
        (10.0, 7, None, (3, 5)),  # level 4 unknown, level 5 unknown
        (None, None, None, (0, 5)),  # nothing known
        (None, 15, None, (0, 0)),  # one failed condition of level 1 is enough
    ],
)
def test_steady_presence_is_a_range(
    posts: float | None, gap: float | None, engagement: float | None, expected: tuple[int, int]
) -> None:
    known = {"posts_per_week": posts, "longest_gap": gap, "engagement_steady": engagement}
    profile = scored(figures(**{name: value for name, value in known.items() if value is not None}))
    assert range_of(profile, "V3") == expected


@pytest.mark.parametrize(
    ("band", "posts", "gap", "level", "threshold"),
    [
        # Posts a week: 1, 3, 6, 10 times 0.3, 0.6, 1, 1.5. Gap: 14 and 7 days, twice that below 25 officers.
        (Band.UNDER_25, 0.9, 14, 2, 0.9),  # 3 x 0.3 = 0.9; 7 x 2 = 14
        (Band.UNDER_25, 0.9, 14.1, 1, 0.9),  # longer than 14, within 28
        (Band.FROM_25, 1.8, 7, 2, 1.8),  # 3 x 0.6 = 1.8
        (Band.FROM_25, 1.79, 7, 1, 1.8),
        (Band.FROM_25, 1.8, 8, 1, 1.8),  # the gap is not doubled from 25 officers on
        (Band.FROM_100, 3, 7, 2, 3),
        (Band.FROM_500, 4.5, 7, 2, 4.5),  # 3 x 1.5 = 4.5
        (Band.FROM_500, 4.4, 7, 1, 4.5),
    ],
)
def test_volume_and_silence_follow_the_size_of_the_agency(
    band: Band, posts: float, gap: float, level: int, threshold: float
) -> None:
    profile = scored(figures(posts_per_week=posts, longest_gap=gap), Standing(band=band))
    assert profile.practice("V3").shown == level
    assert condition(profile, "V3.2.posts").threshold == threshold
    assert condition(profile, "I2.2.purpose").threshold == 0.8  # the rights of people never scale


def test_an_unknown_size_is_taken_as_100_to_499_and_said() -> None:
    profile = scored()
    assert (profile.band, profile.band_stated) == (Band.FROM_100, False)
    assert Reason("band_unknown") in profile.remarks
    assert Reason("band_unknown") not in scored(standing=Standing(band=Band.FROM_500)).remarks


@pytest.mark.parametrize(
    ("successes", "n", "level"),
    [
        # 60 of 100: centre 0.6 + 2.706/200 = 0.61353; spread 1.645 * sqrt(0.24/100 + 2.706/40000) = 0.08172;
        # (0.61353 - 0.08172) / 1.02706 = 0.5178 >= 0.50
        (60, 100, 3),
        # 55 of 100: (0.56353 - 1.645 * sqrt(0.002475 + 0.0000677)) / 1.02706 = (0.56353 - 0.08294) / 1.02706 = 0.4679 < 0.50
        (55, 100, 2),
        # 30 of 30: n / (n + 2.706) = 30 / 32.706 = 0.9173 >= 0.90
        (30, 30, 5),
        # 0 of 30: lower bound 0
        (0, 30, 1),
    ],
)
def test_a_rate_is_judged_by_its_lower_wilson_bound(successes: int, n: int, level: int) -> None:
    bound = wilson_lower(successes, n)
    measures = figures(answerable_labelled=1.0)
    measures["replied_in_day"] = figure("replied_in_day", bound, n=n, value=successes / n)
    assert range_of(scored(measures), "T2") == (level, level)


@pytest.mark.parametrize(
    ("threshold", "of_100", "of_400", "items_needed"),
    [
        (0.25, 33, 115, 30),
        (0.5, 59, 217, 30),
        (0.75, 83, 315, 30),
        (0.9, 95, 370, 30),
        (0.95, 99, 388, 52),
        (0.98, None, 397, 133),
    ],
)
def test_the_table_of_needed_successes_in_the_manual_is_right(
    threshold: float, of_100: int | None, of_400: int, items_needed: int
) -> None:
    def needed(n: int) -> int | None:
        return next((count for count in range(n + 1) if wilson_lower(count, n) >= threshold), None)

    assert (needed(100), needed(400)) == (of_100, of_400)
    assert next(n for n in range(30, 500) if wilson_lower(n, n) >= threshold) == items_needed
    row = f"| {threshold:.0%} | {of_100 or 'cannot be shown'} | {of_400} | {items_needed} |".replace("%", " %", 1)
    assert row in MANUAL.read_text(encoding="utf-8")


def test_a_rate_of_29_items_is_unknown_however_good_it_is() -> None:
    measures = figures(answerable_labelled=1.0)
    measures["replied_in_day"] = figure("replied_in_day", wilson_lower(29, 29), n=29, value=1.0)
    profile = scored(measures)
    assert range_of(profile, "T2") == (1, 5)
    assert condition(profile, "T2.2.replied").reason == Reason("n_too_small", {"n": 29, "needed": 30})


def test_a_rate_of_incidents_needs_five() -> None:
    documents = (document("O3.1.list"), document("O3.2.procedure"))
    four = {"freezes_in_time": figure("freezes_in_time", 0.25, n=4)}
    five = {
        "freezes_in_time": figure("freezes_in_time", 0.8, n=5)
    }  # 4 of 5 = 0.8, a complete count, so the plain value
    assert range_of(scored(four, Standing(attestations=documents)), "O3") == (2, 5)
    assert range_of(scored(five, Standing(attestations=documents)), "O3") == (3, 3)


def test_every_limit_of_a_time_is_a_figure_of_its_own() -> None:
    measures = figures(answerable_labelled=1.0, first_reply__24h=300.0, first_reply__8h=500.0)
    profile = scored(measures)
    # 300 min <= 1440; 500 min > 480; the figures at 2 h and 1 h are unknown, but level 3 has already failed
    assert range_of(profile, "T3") == (2, 2)
    assert condition(profile, "T3.3.median").measure == "first_reply@8h"


def test_a_median_that_stays_open_is_not_met() -> None:
    profile = scored(figures(answerable_labelled=1.0, first_reply__24h=math.inf))
    found = condition(profile, "T3.2.median")
    assert (found.outcome, found.reason and found.reason.code) == (Outcome.NOT_MET, "median_open")


@pytest.mark.parametrize(("breaches", "outcome"), [(0, Outcome.MET), (1, Outcome.NOT_MET)])
def test_breaches_are_counted_against_zero(breaches: int, outcome: Outcome) -> None:
    profile = scored({"exclusion_breaches": figure("exclusion_breaches", breaches, n=0)})
    assert condition(profile, "O5.3.breaches").outcome is outcome


def test_narrowing_must_be_more_than_nothing() -> None:
    still = condition(scored(figures(subgroup_gap_narrowing=0.0)), "T5.5.narrowing")
    shrinking = condition(scored(figures(subgroup_gap_narrowing=0.01)), "T5.5.narrowing")
    assert (still.outcome, shrinking.outcome) == (Outcome.NOT_MET, Outcome.MET)


def test_an_error_ratio_is_held_between_two_thresholds() -> None:
    outcomes = [
        [condition(scored(figures(dialect_error_ratio=ratio)), f"I6.4.ratio-{end}").outcome for end in ("low", "high")]
        for ratio in (0.79, 0.8, 1.25, 1.26)
    ]
    met, failed = Outcome.MET, Outcome.NOT_MET
    assert outcomes == [[failed, met], [met, met], [met, met], [met, failed]]


def test_measured_is_met_as_soon_as_the_figure_is_known() -> None:
    assert condition(scored(figures(two_way_share=0.0)), "T4.1.measured").outcome is Outcome.MET
    assert condition(scored(), "T4.1.measured").outcome is Outcome.UNKNOWN


def test_the_reason_why_a_figure_is_missing_reaches_the_condition() -> None:
    reason = Reason("no_replies_to_others")
    spec = figure("two_way_share", None)
    missing = type(spec)(spec.name, spec.statistic, spec.window, spec.unit, spec.tables, reason=reason)
    found = condition(scored({"two_way_share": missing}), "T4.3.share")
    assert (found.outcome, found.reason) == (Outcome.UNKNOWN, reason)


def test_a_figure_whose_table_is_not_there_is_unknown_and_says_so() -> None:
    found = condition(scored(), "C1.2.sectors")
    assert found.outcome is Outcome.UNKNOWN
    assert found.reason is not None
    assert found.reason.sentence == "this record has no table of partners"


def test_why_a_rate_is_not_enough_is_said_with_its_numbers() -> None:
    measures = figures(answerable_labelled=1.0)
    measures["replied_in_day"] = figure("replied_in_day", wilson_lower(55, 100), n=100, value=0.55)
    found = condition(scored(measures), "T2.3.replied")
    assert found.reason is not None
    assert found.reason.sentence == "55 % of 100 items, which proves at least 46.8 %; needed at least 50 %"


def test_nothing_known_is_a_wide_range_and_never_a_failure() -> None:
    profile = scored()
    outcomes = {row.outcome for practice in profile.practices for row in practice.conditions}
    assert outcomes == {Outcome.UNKNOWN}
    assert {(practice.shown, practice.at_most) for practice in profile.practices} == {(0, 5)}
    assert {(area.shown, area.at_most) for area in profile.areas} == {(0, 5)}


def test_everything_good_is_level_five_everywhere() -> None:
    best = {"share": 1.0, "minutes": 1.0, "days": 1.0, "points": 1.0, "per week": 99.0, "count": 99.0, "ratio": 1.0}
    measures = {
        row.key: figure(row.key, 0.0 if row.kind == "zero" or row.measure == "records_late" else best[row.unit or ""])
        for row in V1.conditions
        if row.key is not None
    }
    for name in ("staffing_model_error", "watches_and_searches"):
        measures[name] = figure(name, 0.1)
    documents = tuple(
        document(row.id, value={"share": 1.0, "points": 1.0, "count": 9.0}.get(row.unit or ""))
        for row in V1.conditions
        if row.kind == "attested"
    )
    profile = scored(measures, Standing(attestations=documents))
    assert {(area.shown, area.at_most, area.weakest) for area in profile.areas} == {(5, 5, ())}
