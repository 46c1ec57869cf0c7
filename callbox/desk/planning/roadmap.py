"""The roadmap: the plan the agency chose, and how far it is from its targets."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import may
from callbox.desk.planning.forms import WayForm, staff
from callbox.desk.planning.handing import hand_out
from callbox.desk.planning.shown import drawn
from callbox.maturity import plans, queries
from callbox.maturity.model import loader
from callbox.maturity.report.roads import gap_table, plan_table
from callbox.people.models import Agency
from callbox.people.roles import Action


@require_safe
@agency_page(Action.READ_PROFILE)
def roadmap(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Show the plan with its picture, steps, owners and ticks, and the gaps to the targets; without a plan, the way to one."""
    assessment = queries.current(agency)
    granted = may(request.user, agency)
    context: dict[str, Any] = {"section": "roadmap", "assessment": assessment, "may": granted}
    if assessment is None or assessment.profile is None:
        return render(request, "planning/roadmap.html", context)
    profile, words = assessment.profile, queries.words(assessment.profile.model)
    order = request.GET.get("order", "gap")
    plan = plans.active_plan(agency)
    steps = plans.chosen(plan, profile, words) if plan else []
    context |= {
        "plan": plan,
        "stale": plan is not None and plan.assessment_id != assessment.pk,
        "wished": [
            (words.area(area), level, words.levels[level]) for area, level in (plan.areas if plan else {}).items()
        ],
        "steps": steps,
        "done": sum(one.line.done is not None or one.reached for one in steps),
        "hours": sum(one.line.hours for one in steps),
        "monthly": sum(one.line.monthly for one in steps),
        "people": list(staff(agency)) if granted["set_target"] else [],
        "picture": drawn([one.line for one in steps]),
        "gaps": plans.gap_lines(agency, profile, words, order=order),
        "order": order,
        "orders": {
            "gap": _("Widest gap first"),
            "effort": _("Least effort first"),
            "gate": _("Gates first"),
            "due": _("Soonest day first"),
        },
        "form": WayForm(profile=profile, model=loader.load(profile.model)),
    }
    return render(request, "planning/roadmap.html", context)


@require_safe
@agency_page(Action.EXPORT)
def export(request: StaffRequest, agency: Agency, name: str, ending: str) -> HttpResponse:
    """Hand out the gap list or the plan, ordered as the page is."""
    assessment = queries.current(agency)
    if assessment is None or assessment.profile is None:
        raise Http404
    profile, words = assessment.profile, queries.words(assessment.profile.model)
    if name == "gaps":
        table = gap_table(plans.gap_lines(agency, profile, words, order=request.GET.get("order", "gap")))
    elif name == "roadmap" and (plan := plans.active_plan(agency)):
        table = plan_table(one.line for one in plans.chosen(plan, profile, words))
    else:
        raise Http404
    return hand_out(table, ending, prefix=agency.slug)
