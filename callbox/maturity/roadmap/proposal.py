"""A wish answered: the cheapest path with its dates and reasons, or the reason why there is none. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from callbox.core.text import Reason
from callbox.maturity.model.practices import Model
from callbox.maturity.roadmap.path import NoPathError, Wish, cheapest, smallest_budget
from callbox.maturity.roadmap.schedule import LONGEST_YEARS, Planned, plan
from callbox.maturity.roadmap.steps import TOP, Effort, Step
from callbox.maturity.scoring.profile import Profile


@dataclass(frozen=True, slots=True)
class Proposal:
    """The answer to a wish. steps: in the order to make them; empty when the wish is met already.

    hours: once, for all of them; monthly: to hold what was reached when all are made.
    """

    wish: Wish
    budget: int
    steps: tuple[Planned, ...]

    @property
    def hours(self) -> float:
        """Hours once, for all steps."""
        return sum(one.effort.hours for one in self.steps)

    @property
    def monthly(self) -> float:
        """Hours a month when all steps are made."""
        return sum(one.effort.monthly for one in self.steps)

    @property
    def ends(self) -> date | None:
        """The day the last step is made."""
        return self.steps[-1].ends if self.steps else None

    @property
    def shows(self) -> date | None:
        """The first day on which the record can show all of it."""
        return max((one.shows for one in self.steps), default=None)


def propose(
    model: Model, profile: Profile, wish: Wish, *, budget: int, begins: date, costs: Mapping[Step, Effort] | None = None
) -> Proposal:
    """Return the cheapest path to `wish` with its dates. budget: whole hours a month, at least 1.

    Raises:
        NoPathError: there is no such path; `refusal` says why in words.
    """
    path = cheapest(model, profile, wish, monthly_budget=budget, costs=costs)
    return Proposal(wish, budget, plan(model, profile, path, begins=begins, monthly_budget=budget, costs=costs))


def one_level_up(profile: Profile) -> Wish:
    """Return the wish for one level more in every area that applies and is not at the top."""
    return Wish({area.id: area.shown + 1 for area in profile.areas if area.shown is not None and area.shown < TOP})


def notes(model: Model, profile: Profile, wish: Wish, step: Step) -> tuple[Reason, ...]:
    """Return why a step stands where it stands in the path."""
    names = {area.id: area.name for area in model.areas}
    practice, dependency = profile.practice(step.practice), model.dependency
    on = {"area": names[dependency.area], "areas": " and ".join(names[area] for area in dependency.on)}
    found = [Reason("step_gate")] if practice.gate else []
    shown = {area.id: area.shown or 0 for area in profile.areas}
    if practice.area == dependency.area and min(shown[area] for area in dependency.on) < step.level - dependency.lead:
        found.append(Reason("step_waits", on))
    needed = wish.areas.get(dependency.area, 0) - dependency.lead
    if practice.area in dependency.on and wish.areas.get(practice.area, 0) < step.level <= needed:
        found.append(Reason("step_needed", on))
    return tuple(found)


def refusal(
    model: Model,
    profile: Profile,
    wish: Wish,
    error: NoPathError,
    *,
    budget: int,
    costs: Mapping[Step, Effort] | None = None,
) -> Reason:
    """Return in words why there is no path, and what to change."""
    match error.code:
        case "area_not_applicable":
            return Reason("way_not_applicable", {"area": {area.id: area.name for area in model.areas}[error.subject]})
        case "held_by_exemption":
            practice = profile.practice(error.subject)
            until = practice.reason.values.get("until", "") if practice.reason else ""
            values = {"practice": _named(model, practice.id), "until": until, "level": practice.last_measured or 0}
            return Reason("way_exempt", values)
        case "no_steps_known":
            return Reason("way_unknown", {"practice": _named(model, error.subject)})
        case "too_long":
            return Reason("way_long", {"budget": budget, "years": LONGEST_YEARS})
    smallest = smallest_budget(model, profile, wish, costs=costs)
    return Reason("way_budget", {"budget": budget, "smallest": smallest})


def _named(model: Model, practice: str) -> str:
    return f"{practice} {model.practice(practice).name}"
