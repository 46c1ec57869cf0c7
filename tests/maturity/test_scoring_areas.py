"""Areas graded from practices; the arithmetic of every case stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from callbox.core.text import Reason
from callbox.maturity.scoring.evidence import Exemption, Standing
from callbox.maturity.scoring.grading import grade, rank_level
from callbox.maturity.scoring.profile import AreaResult, PracticeResult
from callbox.maturity.scoring.score import regraded, switches
from tests.maturity.figures import V1, document, figure, figures, judged, scored


def area(name: str, levels: Mapping[str, int | tuple[int, int] | None], **last_measured: int) -> AreaResult:
    return next(row for row in grade(V1, judged(levels, **last_measured)) if row.id == name)


@pytest.mark.parametrize(
    ("m", "rank"),
    # ceil(0.3 m): 0.3, 0.6, 0.9, 1.2, 1.5, 1.8, 2.1, 2.4, 2.7, 3.0 rounded up
    [(1, 1), (2, 1), (3, 1), (4, 2), (5, 2), (6, 2), (7, 3), (8, 3), (9, 3), (10, 3)],
)
def test_the_rank_is_three_tenths_rounded_up(m: int, rank: int) -> None:
    assert rank_level(range(m), 0.3) == rank - 1
    assert rank_level([], 0.3) is None


def test_an_area_stands_at_its_second_weakest_of_six() -> None:
    # 2 3 3 4 4 5: the second smallest is 3; gates V2 and V5 stand at 4; min(4, 3) = 3.
    found = area("voice", {"V1": 3, "V2": 4, "V3": 2, "V4": 5, "V5": 4, "V6": 3})
    assert (found.shown, found.at_most) == (3, 3)
    assert found.weakest == ("V3", "V1", "V6")
    assert found.reasons == ()


def test_a_gate_holds_its_area() -> None:
    # 1 2 3 3 4 5: the second smallest is 2; the gate V2 stands at 1; min(1, 2) = 1.
    found = area("voice", {"V1": 3, "V2": 1, "V3": 2, "V4": 5, "V5": 4, "V6": 3})
    assert (found.shown, found.weakest) == (1, ("V2",))
    assert found.reasons == (Reason("held_by_gate", {"level": 1, "practice": "V2"}),)


def test_an_area_without_gates_stands_at_its_rank() -> None:
    # 0 1 2 3 4 5: the second smallest is 1.
    found = area("collaboration", {f"C{number + 1}": number for number in range(6)})
    assert (found.shown, found.weakest) == (1, ("C1", "C2"))


def test_one_straggler_that_is_no_gate_does_not_hold_an_area() -> None:
    assert area("collaboration", {"C1": 0}).shown == 5


def test_the_range_is_the_same_rule_on_both_figures() -> None:
    # shown 0 0 2 3 3 5 -> 0;  at most 2 5 5 5 5 5 -> 5, gates T1 and T6 at most 5 and 2 -> min(2, 5) = 2
    found = area("trust", {"T1": (0, 5), "T2": (3, 5), "T3": (3, 5), "T4": (2, 5), "T5": 5, "T6": (0, 2)})
    assert (found.shown, found.at_most) == (0, 2)


def test_practices_that_do_not_apply_leave_the_denominator() -> None:
    # Six practices: 1 1 5 5 5 5 -> second smallest 1. Without the two weak ones m = 4, ceil(1.2) = 2nd of 5 5 5 5 -> 5.
    assert area("collaboration", {"C1": 1, "C2": 1}).shown == 1
    assert area("collaboration", {"C1": None, "C2": None}).shown == 5


@pytest.mark.parametrize(
    ("trust", "collaboration", "shown"),
    [(2, 4, 3), (4, 2, 3), (0, 5, 1), (4, 4, 5), (5, 5, 5)],  # min + 1
)
def test_intelligence_leads_trust_and_collaboration_by_one_level_at_most(
    trust: int, collaboration: int, shown: int
) -> None:
    levels = {f"T{n}": trust for n in range(1, 7)} | {f"C{n}": collaboration for n in range(1, 7)}
    found = area("intelligence", levels)
    assert (found.shown, found.at_most) == (shown, shown)
    assert (found.reasons == (Reason("held_by_dependency"),)) == (shown < 5)
    weak = () if shown == 5 else tuple(f"{'T' if trust < collaboration else 'C'}{n}" for n in range(1, 7))
    assert set(found.weakest) == set(weak)


def test_what_trust_may_still_turn_out_to_be_bounds_what_intelligence_may() -> None:
    # Trust 1 to 3: intelligence shown min(5, 1 + 1) = 2, at most min(5, 3 + 1) = 4.
    found = area("intelligence", {f"T{n}": (1, 3) for n in range(1, 7)})
    assert (found.shown, found.at_most) == (2, 4)


# Exemptions


def exempt(practice: str, last_measured: int, *, ends: date = date(2026, 12, 31), approver: str = "Chief") -> Exemption:
    return Exemption(practice, "no such service", approver, ends, last_measured)


def test_an_exemption_leaves_the_denominator_but_never_lifts_the_area() -> None:
    # Without C1: 2 2 4 4 4 -> ceil(1.5) = 2nd = 2. With C1 at 1: 1 2 2 4 4 4 -> 2nd = 2. min = 2.
    assert area("collaboration", {"C1": None, "C2": 2, "C3": 2, "C4": 4, "C5": 4, "C6": 4}, C1=1).shown == 2
    # Without C1: 1 4 4 4 4 -> 2nd = 4. With C1 at 1: 1 1 4 4 4 4 -> 2nd = 1. The cap of 1 holds.
    found = area("collaboration", {"C1": None, "C2": 1, "C3": 4, "C4": 4, "C5": 4, "C6": 4}, C1=1)
    assert (found.shown, found.at_most) == (1, 1)
    assert found.reasons == (Reason("held_by_exemption", {"practice": "C1"}),)


def test_one_more_exemption_never_lifts_an_area() -> None:
    # C1 exempt at 5. Rated: 0 0 5 5 5 -> 2nd of 5 = 0. With C1: 0 0 5 5 5 5 -> 2nd of 6 = 0.
    before = area("collaboration", {"C1": None, "C2": 0, "C3": 0}, C1=5)
    # C2 exempt at 0 as well. Rated: 0 5 5 5 -> 2nd of 4 = 5; with C2: 0 0 5 5 5 -> 0; with both: 0 0 5 5 5 5 -> 0.
    after = area("collaboration", {"C1": None, "C2": None, "C3": 0}, C1=5, C2=0)
    assert (before.shown, after.shown) == (0, 0)


def test_a_strong_exempt_practice_does_not_hide_a_weak_one() -> None:
    # Three exempt at 5 beside rated 1 5 5: rated alone ceil(0.9) = 1st of 3 = 1; with one more at 5 it would be the 2nd of 4 = 5.
    levels = {"C1": None, "C2": None, "C3": None, "C4": 1}
    assert area("collaboration", levels, C1=5, C2=5, C3=5).shown == 1


def test_an_exempt_gate_holds_at_its_last_measured_level() -> None:
    found = area("voice", {"V2": None}, V2=2)
    assert (found.shown, found.reasons) == (2, (Reason("held_by_exemption", {"practice": "V2"}),))


def test_an_exemption_counts_through_its_last_day_and_then_ends() -> None:
    today = scored(standing=Standing(exemptions=(exempt("V3", 0, ends=date(2026, 6, 30)),))).practice("V3")
    over = scored(standing=Standing(exemptions=(exempt("V3", 0, ends=date(2026, 6, 29)),))).practice("V3")
    assert (today.shown, today.last_measured) == (None, 0)
    assert today.reason is not None
    assert today.reason.sentence == "exempt until 2026-06-30: no such service"
    assert (over.shown, over.at_most, over.last_measured) == (0, 5, None)


def test_an_exemption_without_reason_or_approver_is_none() -> None:
    for row in (exempt("V3", 3, approver=" "), replace(exempt("V3", 3), why="")):
        assert scored(standing=Standing(exemptions=(row,))).practice("V3").shown == 0


def test_an_area_that_is_all_exempt_has_no_level_and_still_holds_intelligence() -> None:
    levels = {f"T{n}": None for n in range(1, 7)}
    rows = judged(levels, **{f"T{n}": 1 for n in range(1, 7)})
    found = {row.id: row for row in grade(V1, rows)}
    assert (found["trust"].shown, found["trust"].reasons) == (None, (Reason("all_exempt"),))
    assert found["intelligence"].shown == 2


# Not practised


def test_intelligence_not_practised_is_no_level_and_no_penalty_and_tips_stay_rated() -> None:
    profile = scored(standing=Standing(practises_intelligence=False, attestations=(document("I4.1.inbox"),)))
    intelligence = next(row for row in profile.areas if row.id == "intelligence")
    assert (intelligence.shown, intelligence.at_most) == (None, None)
    assert intelligence.reasons == (Reason("not_practised"),)
    assert (profile.practice("I4").shown, profile.practice("I4").at_most) == (1, 5)
    assert {profile.practice(f"I{n}").shown for n in (1, 2, 3, 5, 6)} == {None}


def test_not_practised_is_refused_while_the_record_holds_a_watch_or_search() -> None:
    standing = Standing(practises_intelligence=False)
    one = {"watches_and_searches": figure("watches_and_searches", 1.0, n=1)}
    none = {"watches_and_searches": figure("watches_and_searches", 0.0, n=0)}
    refused, accepted = scored(one, standing), scored(none, standing)
    assert refused.practice("I1").shown == 0
    assert Reason("not_practised_refused", {"n": 1}) in refused.remarks
    assert accepted.practice("I1").shown is None


# Gates and their switches


def test_a_gate_below_level_three_switches_its_feature_off_unless_it_was_never_used() -> None:
    profile = regraded(V1, scored(), judged({"T1": 2, "V2": 2, "V5": 3}))
    found = {row.practice: row for row in switches(V1, profile, used={"T1", "V5"})}
    assert len(found) == 9
    assert (found["T1"].on, found["T1"].probation) == (False, False)
    assert (found["V2"].on, found["V2"].probation) == (True, True)
    assert (found["V5"].on, found["V5"].probation) == (True, False)


def test_not_practised_switches_monitoring_off_without_probation() -> None:
    profile = scored(standing=Standing(practises_intelligence=False))
    found = {row.practice: row.on for row in switches(V1, profile, used=set())}
    assert [found[name] for name in ("I1", "I2", "I3")] == [False, False, False]


def test_what_if_leaves_the_profile_as_it_was() -> None:
    before = scored(figures(posts_per_week=7, longest_gap=3))
    rows: list[PracticeResult] = judged({})
    after = regraded(V1, before, rows)
    assert {row.shown for row in after.areas} == {5}
    assert {row.shown for row in before.areas} == {0}
    assert after.measures == before.measures
