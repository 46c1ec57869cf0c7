"""What if: tick steps and see the five ranges move. Everything stands in the address, and nothing is saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from callbox.desk.access import StaffRequest, agency_page
from callbox.maturity import plans, queries
from callbox.maturity.model import loader
from callbox.maturity.report.inputs import Words
from callbox.maturity.roadmap.steps import TOP, Effort, Step, applicable
from callbox.maturity.roadmap.what_if import projected
from callbox.maturity.scoring.profile import Profile
from callbox.people.models import Agency
from callbox.people.roles import Action


@dataclass(frozen=True, slots=True)
class Box:
    """One step to tick. ticked: by the person; implied: a higher level of the same practice is ticked."""

    step: Step
    level_name: str
    effort: Effort
    ticked: bool
    implied: bool

    @property
    def value(self) -> str:
        """What stands for it in the address."""
        return f"{self.step.practice}:{self.step.level}"


@require_safe
@agency_page(Action.READ_PROFILE)
def what_if(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Show today's ranges beside the ones with the ticked steps made."""
    assessment = queries.current(agency)
    context: dict[str, Any] = {"section": "roadmap", "assessment": assessment}
    if assessment is None or assessment.profile is None:
        return render(request, "planning/what_if.html", context)
    profile = assessment.profile
    model, words, costs = loader.load(profile.model), queries.words(profile.model), plans.costs_of(agency)
    ticked = _asked(request.GET.getlist("step"), profile)
    steps = _with_lower(ticked, profile)
    after = projected(model, profile, steps)
    ranges = [(words.area(now.id), now, then) for now, then in zip(profile.areas, after.areas, strict=True)]
    context |= {
        "ranges": ranges,
        "moved": any(now.shown != then.shown for _name, now, then in ranges),
        "areas": [
            (area, [(one, _boxes(one.id, profile, words, costs, ticked, steps)) for one in area.practices])
            for area in model.areas
        ],
        "count": len(steps),
        "hours": sum(costs[step].hours for step in steps if step in costs),
        "monthly": sum(costs[step].monthly for step in steps if step in costs),
    }
    return render(request, "planning/what_if.html", context)


def _asked(values: list[str], profile: Profile) -> set[Step]:
    """Return the steps named in the address that lie ahead; whatever else stands there is left out."""
    shown = {name: practice.shown or 0 for name, practice in applicable(profile).items()}
    found = set()
    for value in values:
        practice, _colon, level = value.partition(":")
        if practice in shown and level in {"1", "2", "3", "4", "5"} and int(level) > shown[practice]:
            found.add(Step(practice, int(level)))
    return found


def _with_lower(steps: set[Step], profile: Profile) -> set[Step]:
    """Return the steps and, below each, those that lead to it."""
    shown = {name: practice.shown or 0 for name, practice in applicable(profile).items()}
    return {Step(step.practice, level) for step in steps for level in range(shown[step.practice] + 1, step.level + 1)}


def _boxes(
    practice: str, profile: Profile, words: Words, costs: dict[Step, Effort], ticked: set[Step], steps: set[Step]
) -> list[Box]:
    result = applicable(profile).get(practice)
    if result is None:
        return []
    ahead = (Step(practice, level) for level in range((result.shown or 0) + 1, TOP + 1))
    return [
        Box(step, words.levels[step.level], costs[step], step in ticked, step in steps and step not in ticked)
        for step in ahead
        if step in costs
    ]
