"""Finding the way: a wish and a monthly budget in, the cheapest path with its dates out; and choosing it as the plan."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callbox.core.refusal import RefusedError
from callbox.core.text import Reason
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.forms import problems
from callbox.desk.assessments.told import complain, may
from callbox.desk.planning.forms import WayForm
from callbox.desk.planning.shown import drawn
from callbox.maturity import plans, queries
from callbox.maturity.model import loader
from callbox.maturity.models import Assessment
from callbox.maturity.roadmap.path import Wish
from callbox.maturity.roadmap.what_if import projected
from callbox.maturity.scoring.profile import Profile
from callbox.maturity.services import planning as services
from callbox.people.models import Agency
from callbox.people.roles import Action


@require_safe
@agency_page(Action.READ_PROFILE)
def way(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Show the cheapest path to the wish in the address, or why there is none and what to change."""
    assessment = queries.current(agency)
    if assessment is None or assessment.profile is None:
        return redirect("roadmap", agency=agency.slug)
    profile = assessment.profile
    form = WayForm(request.GET, profile=profile, model=loader.load(profile.model))
    context: dict[str, Any] = {
        "section": "roadmap",
        "assessment": assessment,
        "may": may(request.user, agency),
        "form": form,
        "plan": plans.active_plan(agency),
    }
    if form.is_valid() and (wish := form.wish()).areas:
        context |= _answered(assessment, profile, wish, form)
    return render(request, "planning/way.html", context)


def _answered(assessment: Assessment, profile: Profile, wish: Wish, form: WayForm) -> dict[str, Any]:
    words = queries.words(profile.model)
    budget, begins = form.cleaned_data["budget"], form.cleaned_data["begins"]
    found = plans.answer(assessment, wish, budget=budget, begins=begins)
    shared = {"wish": [(area, words.area(area), level, words.levels[level]) for area, level in wish.areas.items()]}
    if isinstance(found, Reason):
        return shared | {"refused": found, "smallest": found.values.get("smallest")}
    steps = plans.proposed(found, profile, words)
    after = projected(loader.load(profile.model), profile, (one.step for one in found.steps))
    return shared | {
        "found": found,
        "steps": steps,
        "picture": drawn([one.line for one in steps]),
        "ranges": [
            (words.area(now.id), now, then)
            for now, then in zip(profile.areas, after.areas, strict=True)
            if now.shown is not None
        ],
        "ticked": "&".join(f"step={one.step.practice}:{one.step.level}" for one in found.steps),
    }


@require_POST
@agency_page(Action.SET_TARGET)
def choose(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Make the path that was shown the agency's plan; it is computed anew from the same wish."""
    assessment = queries.current(agency)
    if assessment is None or assessment.profile is None:
        return redirect("roadmap", agency=agency.slug)
    form = WayForm(request.POST, profile=assessment.profile, model=loader.load(assessment.profile.model))
    if not form.is_valid():
        complain(request, problems(form))
        return redirect("way", agency=agency.slug)
    try:
        services.choose(
            assessment=assessment,
            wish=form.wish(),
            budget=form.cleaned_data["budget"],
            begins=form.cleaned_data["begins"],
            by=request.user,
        )
    except RefusedError as refused:
        messages.error(request, str(refused))
        return redirect("way", agency=agency.slug)
    messages.success(request, _("This is the plan now. Give each step an owner, and tick it when its work is done."))
    return redirect("roadmap", agency=agency.slug)
