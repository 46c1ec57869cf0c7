"""What pages and reports ask about targets and plans."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from callbox.core.text import Reason
from callbox.maturity.model import loader
from callbox.maturity.model.practices import Model
from callbox.maturity.models import Assessment, OwnEffort, Plan, PlannedStep, Target
from callbox.maturity.report.inputs import PlannedAction, Words
from callbox.maturity.report.roads import ORDERS, GapLine, PlanLine
from callbox.maturity.roadmap.path import NoPathError, Wish
from callbox.maturity.roadmap.proposal import Proposal, notes, propose, refusal
from callbox.maturity.roadmap.steps import Effort, Step, efforts, gaps, open_conditions
from callbox.maturity.scoring.profile import Profile
from callbox.people.models import Agency


def costs_of(agency: Agency) -> dict[Step, Effort]:
    """Return the effort of every step: the agency's own hours where it has entered some, else the shipped estimate."""
    return {**efforts(), **OwnEffort.objects.of(agency).by_step()}


def answer(assessment: Assessment, wish: Wish, *, budget: int, begins: date) -> Proposal | Reason:
    """Return the cheapest path from `assessment` to `wish`, or why there is none and what to change.

    Raises:
        ValueError: the assessment has no profile yet.
    """
    profile = assessment.profile
    if profile is None:
        raise ValueError("nothing was measured yet")
    model, costs = loader.load(profile.model), costs_of(assessment.agency)
    try:
        return propose(model, profile, wish, budget=budget, begins=begins, costs=costs)
    except NoPathError as error:
        return refusal(model, profile, wish, error, budget=budget, costs=costs)


def active_plan(agency: Agency) -> Plan | None:
    """Return the agency's plan with its steps and their owners, or None."""
    return (
        Plan.objects.of(agency)
        .active()
        .select_related("assessment", "by", "agency")
        .prefetch_related("steps__owner")
        .first()
    )


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step as pages show it. todo: sentences of what is still open; why: why it stands there; row: of the plan, if one was chosen.

    reached: the newest record shows the level already.
    """

    line: PlanLine
    todo: tuple[str, ...] = ()
    why: tuple[Reason, ...] = ()
    row: PlannedStep | None = field(default=None)
    reached: bool = False


def proposed(found: Proposal, profile: Profile, words: Words) -> list[StepShown]:
    """Return the steps of a proposal."""
    model = loader.load(profile.model)
    return [
        StepShown(
            PlanLine(
                one.step.practice,
                words.practice(one.step.practice),
                one.step.level,
                words.levels[one.step.level],
                one.effort.hours,
                one.effort.monthly,
                one.begins,
                one.ends,
                one.shows,
            ),
            _todo(model, profile, one.step, words),
            notes(model, profile, found.wish, one.step),
        )
        for one in found.steps
    ]


def chosen(plan: Plan, profile: Profile, words: Words) -> list[StepShown]:
    """Return the steps of a plan, held against the newest profile."""
    model = loader.load(profile.model)
    known = {practice.id for practice in model.practices}
    wish = Wish({area: int(level) for area, level in plan.areas.items()})
    found = []
    for row in plan.steps.all():
        step = Step(row.practice, row.level)
        here = row.practice in known
        found.append(
            StepShown(
                _line(row, words),
                _todo(model, profile, step, words) if here else (),
                notes(model, profile, wish, step) if here else (),
                row,
                here and (profile.practice(row.practice).shown or 0) >= row.level,
            )
        )
    return found


def actions(agency: Agency, profile: Profile, words: Words) -> tuple[PlannedAction, ...]:
    """Return what of the agency's plan is still to be done, as reports show it."""
    plan = active_plan(agency)
    if plan is None:
        return ()
    return tuple(
        PlannedAction(
            practice=one.line.practice,
            what=" ".join(one.todo) or one.line.name,
            level=one.line.level,
            hours=one.line.hours,
            begins=one.line.begins,
            ends=one.line.ends,
            owner=one.line.owner,
        )
        for one in chosen(plan, profile, words)
        if not one.reached and one.line.done is None
    )


def gap_lines(agency: Agency, profile: Profile, words: Words, *, order: str = "gap") -> list[GapLine]:
    """Return the practices below their target; an order that is not known is the one by gap."""
    targets = {target.practice: target for target in Target.objects.of(agency)}
    areas = {practice.id: practice.area for practice in profile.practices}
    found = gaps(profile, {name: target.level for name, target in targets.items()}, costs=costs_of(agency))
    lines = [
        GapLine(
            gap.practice,
            words.practice(gap.practice),
            words.area(areas[gap.practice]),
            gap.gate,
            gap.shown,
            gap.target,
            targets[gap.practice].due,
            gap.effort.hours,
            gap.effort.monthly,
        )
        for gap in found
    ]
    return sorted(lines, key=ORDERS.get(order, ORDERS["gap"]))


def _line(row: PlannedStep, words: Words) -> PlanLine:
    return PlanLine(
        row.practice,
        words.practice(row.practice),
        row.level,
        words.levels[row.level],
        row.hours,
        row.monthly,
        row.begins,
        row.ends,
        row.shows_on,
        str(row.owner) if row.owner else "",
        row.done_on,
    )


def _todo(model: Model, profile: Profile, step: Step, words: Words) -> tuple[str, ...]:
    return tuple(words.condition(condition.id) for condition in open_conditions(model, profile, step))
