"""Goals cannot be kept without what makes them checkable, and move by a look only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from callbox.core.refusal import RefusedError
from callbox.governance.models import AuditEvent
from callbox.voice.models import Goal
from callbox.voice.services import goals
from callbox.voice.services.goals import Aim, Found
from callbox.voice.standing import Look, Standing, look, share, standing
from tests.people import Cast

figures = st.decimals(-10_000, 10_000, places=2, allow_nan=False, allow_infinity=False)


def aim() -> Aim:
    return Aim(
        says="Fewer cars are broken into at the river",
        serves="Fewer thefts",
        audience="Renters at the river",
        measure="Break-ins into cars",
        unit="a quarter",
        baseline=Decimal(41),
        target=Decimal(30),
        by_when=timezone.localdate() + timedelta(days=300),
        source="Records system",
        review_every=90,
        owner="Sergeant Hall",
    )


@pytest.mark.parametrize("missing", ["says", "serves", "audience", "measure", "unit", "source", "owner"])
def test_a_goal_with_a_blank_is_refused_and_nothing_is_kept(cast: Cast, missing: str) -> None:
    with pytest.raises(RefusedError, match="Still missing"):
        goals.set_goal(agency=cast.agency, aim=replace(aim(), **{missing: "  "}), by=cast.bob)  # type: ignore[arg-type]
    assert not Goal.objects.exists()
    assert not AuditEvent.objects.filter(action="goal.set").exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda one: replace(one, target=one.baseline), "already"),
        (lambda one: replace(one, by_when=timezone.localdate()), "lie ahead"),
        (lambda one: replace(one, review_every=6), "7 to 365"),
        (lambda one: replace(one, review_every=366), "7 to 365"),
    ],
)
def test_a_goal_that_can_never_be_judged_is_refused(cast: Cast, change: Callable[[Aim], Aim], says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        goals.set_goal(agency=cast.agency, aim=change(aim()), by=cast.bob)
    assert not Goal.objects.exists()


def test_a_goal_is_looked_at_after_one_interval_and_at_its_day_at_the_latest(cast: Cast) -> None:
    today = timezone.localdate()
    assert goals.set_goal(agency=cast.agency, aim=aim(), by=cast.bob).review_on == today + timedelta(days=90)
    near = replace(aim(), by_when=today + timedelta(days=20))
    assert goals.set_goal(agency=cast.agency, aim=near, by=cast.bob).review_on == today + timedelta(days=20)
    assert AuditEvent.objects.filter(action="goal.set", agency=cast.agency).count() == 2


def test_what_is_due_is_what_lies_on_or_before_today_and_has_not_ended(cast: Cast) -> None:
    today = timezone.localdate()
    first, second, ended = (goals.set_goal(agency=cast.agency, aim=aim(), by=cast.bob) for _ in range(3))
    goals.set_goal(agency=cast.other, aim=aim(), by=cast.dan)
    goals.end_goal(goal=ended, by=cast.bob)
    Goal.objects.filter(pk=second.pk).update(review_on=today - timedelta(days=3))
    assert list(goals.due_for_review(cast.agency, today)) == [second]
    later = today + timedelta(days=90)
    assert list(goals.due_for_review(cast.agency, later)) == [second, first]
    assert list(goals.due_for_review(cast.agency, later - timedelta(days=1))) == [second]


def test_a_look_writes_the_figure_and_sets_the_next_one(cast: Cast) -> None:
    goal = goals.set_goal(agency=cast.agency, aim=aim(), by=cast.bob)
    Goal.objects.update(review_on=timezone.localdate() - timedelta(days=5))
    goals.review_goal(goal=goal, found=Found(Decimal("36.5")), by=cast.bob)
    goal.refresh_from_db()
    assert goal.review_on == timezone.localdate() + timedelta(days=90)
    assert [row.value for row in goal.reviews.all()] == [Decimal("36.5")]
    assert AuditEvent.objects.get(action="goal.reviewed").data["value"] == "36.5"


def test_a_target_moves_by_a_look_with_its_reason_alone(cast: Cast) -> None:
    goal = goals.set_goal(agency=cast.agency, aim=aim(), by=cast.bob)
    goals.change_goal(goal=goal, aim=replace(aim(), target=Decimal(33)), by=cast.bob)
    with pytest.raises(RefusedError, match="Say why"):
        goals.review_goal(goal=goal, found=Found(Decimal(40), target=Decimal(35)), by=cast.bob)
    assert not goal.reviews.exists()
    goals.review_goal(goal=goal, found=Found(Decimal(40), "A second car park opened", Decimal(35)), by=cast.bob)
    goal.refresh_from_db()
    assert goal.target == 35
    with pytest.raises(RefusedError, match="looked at already"):
        goals.change_goal(goal=goal, aim=aim(), by=cast.bob)
    moved = AuditEvent.objects.get(action="goal.reviewed").data
    assert moved["target"] == ["33.00", "35"]
    assert moved["why"] == "A second car park opened"


def test_an_ended_goal_takes_no_more_looks(cast: Cast) -> None:
    goal = goals.set_goal(agency=cast.agency, aim=aim(), by=cast.bob)
    goals.end_goal(goal=goal, by=cast.bob)
    for again in (
        lambda: goals.review_goal(goal=goal, found=Found(Decimal(1)), by=cast.bob),
        lambda: goals.change_goal(goal=goal, aim=aim(), by=cast.bob),
        lambda: goals.end_goal(goal=goal, by=cast.bob),
    ):
        with pytest.raises(RefusedError, match="has ended"):
            again()


def test_saving_a_goal_unchanged_writes_nothing(cast: Cast) -> None:
    goal = goals.set_goal(agency=cast.agency, aim=aim(), by=cast.bob)
    goals.change_goal(goal=goal, aim=goals.aim_of(Goal.objects.get(pk=goal.pk)), by=cast.bob)
    assert not AuditEvent.objects.filter(action="goal.changed").exists()


@given(figures, figures, figures)
def test_standing_follows_the_side_of_the_start_the_figure_lies_on(baseline: Decimal, target: Decimal, value: Decimal) -> None:  # fmt: skip
    if baseline == target:
        with pytest.raises(ValueError, match="baseline"):
            share(baseline, target, value)
        return
    found = standing(baseline, target, value)
    toward = (value - baseline) * (1 if target > baseline else -1)
    reached = value >= target if target > baseline else value <= target
    wanted = Standing.REACHED if reached else Standing.NOT_MOVED if toward == 0 else Standing.ON_THE_WAY
    assert found is (Standing.AWAY if toward < 0 else wanted)
    assert standing(baseline, target, None) is Standing.NOT_LOOKED


def test_a_look_is_announced_two_weeks_ahead() -> None:
    today = timezone.localdate()
    days = {-1: Look.OVERDUE, 0: Look.SOON, 14: Look.SOON, 15: Look.LATER}
    assert {step: look(today + timedelta(days=step), today) for step in days} == days
