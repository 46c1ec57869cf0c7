"""What if: ticked steps move the profile as the model's own rules say, and the assessment stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbox.core.plain import to_plain
from callbox.maturity.roadmap.path import NoPathError, Wish, cheapest, smallest_budget
from callbox.maturity.roadmap.steps import Step
from callbox.maturity.roadmap.what_if import projected
from callbox.maturity.scoring.grading import grade
from callbox.maturity.scoring.profile import Profile
from callbox.maturity.scoring.score import regraded
from tests.maturity.figures import V1, judged, scored

AREAS = [area.id for area in V1.areas]


def standing(**levels: int | tuple[int, int] | None) -> Profile:
    """A profile with every practice at level 1, or as named."""
    plain = {practice.id: 1 for practice in V1.practices} | levels
    return regraded(V1, scored(), judged(plain))


def shown(profile: Profile) -> dict[str, int | None]:
    return {area.id: area.shown for area in profile.areas}


def test_nothing_ticked_changes_nothing() -> None:
    assert projected(V1, standing(), []) == standing()


def test_the_assessment_itself_is_not_touched() -> None:
    profile = standing()
    before = to_plain(profile)
    projected(V1, profile, [Step("V1", 2), Step("V2", 2)])
    assert to_plain(profile) == before


def test_a_step_without_the_one_below_it_does_not_count() -> None:
    assert projected(V1, standing(), [Step("V3", 3)]).practice("V3").shown == 1
    assert projected(V1, standing(), [Step("V3", 3), Step("V3", 2)]).practice("V3").shown == 3


def test_a_gate_alone_lifts_an_area_that_it_held() -> None:
    profile = standing(V1=3, V2=3, V3=3, V4=3, V5=1, V6=3)
    assert shown(profile)["voice"] == 1
    assert shown(projected(V1, profile, [Step("V5", 2)]))["voice"] == 2


def test_intelligence_stays_one_level_above_trust_and_collaboration() -> None:
    steps = [Step(f"I{number}", level) for number in range(1, 7) for level in range(2, 6)]
    assert shown(projected(V1, standing(), steps))["intelligence"] == 2


def test_what_does_not_apply_is_not_raised() -> None:
    assert projected(V1, standing(V6=None), [Step("V6", 1)]).practice("V6").shown is None


def test_what_is_possible_at_most_never_lies_below_what_is_shown() -> None:
    found = projected(V1, standing(V3=(1, 2)), [Step("V3", 2), Step("V3", 3)]).practice("V3")
    assert (found.shown, found.at_most) == (3, 3)


@settings(max_examples=60, deadline=None)
@given(
    st.fixed_dictionaries({practice.id: st.integers(0, 4) for practice in V1.practices}),
    st.sets(st.tuples(st.sampled_from([practice.id for practice in V1.practices]), st.integers(1, 5)), max_size=20),
)
def test_more_steps_never_lower_an_area(levels: dict[str, int], ticked: set[tuple[str, int]]) -> None:
    profile = standing(**levels)
    after = projected(V1, profile, [Step(*each) for each in ticked])
    assert all((now or 0) >= (before or 0) for now, before in zip(_all(after), _all(profile), strict=True))
    assert after.areas == grade(V1, after.practices)


def _all(profile: Profile) -> list[int | None]:
    return list(shown(profile).values())


@settings(max_examples=25, deadline=None)
@given(
    st.fixed_dictionaries({practice.id: st.integers(0, 3) for practice in V1.practices}),
    st.dictionaries(st.sampled_from(AREAS), st.integers(1, 5), min_size=1),
)
def test_the_cheapest_path_reaches_the_wish_when_its_steps_are_ticked(
    levels: dict[str, int], wished: dict[str, int]
) -> None:
    profile = standing(**levels)
    path = cheapest(V1, profile, Wish(wished), monthly_budget=1000)
    reached = shown(projected(V1, profile, path.steps))
    assert all((reached[area] or 0) >= level for area, level in wished.items())


@settings(max_examples=15, deadline=None)
@given(
    st.fixed_dictionaries({practice.id: st.integers(0, 3) for practice in V1.practices}),
    st.dictionaries(st.sampled_from(AREAS), st.integers(1, 5), min_size=1),
)
def test_the_smallest_budget_works_and_one_hour_less_does_not(levels: dict[str, int], wished: dict[str, int]) -> None:
    profile = standing(**levels)
    smallest = smallest_budget(V1, profile, Wish(wished))
    cheapest(V1, profile, Wish(wished), monthly_budget=smallest)
    if smallest > 1:
        with pytest.raises(NoPathError, match="budget_too_small"):
            cheapest(V1, profile, Wish(wished), monthly_budget=smallest - 1)
