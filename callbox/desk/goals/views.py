"""Goals: the list with where each stands, one goal with its looks, setting, changing and ending one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import may, told
from callbox.desk.goals.forms import GoalForm, LookForm
from callbox.desk.goals.pictures import goal_picture
from callbox.people import days
from callbox.people.models import Agency
from callbox.people.roles import Action
from callbox.voice.models import Goal, GoalReview
from callbox.voice.services import goals as services
from callbox.voice.standing import Look, Standing, look, standing


@dataclass(frozen=True, slots=True)
class Row:
    """One goal as the list shows it. last: its newest look, None before the first."""

    goal: Goal
    last: GoalReview | None
    standing: Standing
    look: Look


def _row(goal: Goal, today: date) -> Row:
    last = next(iter(goal.reviews.all()), None)
    stands = standing(goal.baseline, goal.target, last.value if last else None)
    return Row(goal, last, stands, look(goal.review_on, today))


def _door(request: StaffRequest, agency: Agency) -> QuerySet[Goal]:
    looks = GoalReview.objects.select_related("by").order_by("-at", "-pk")
    return Goal.objects.visible_to(request.user).of(agency).prefetch_related(Prefetch("reviews", queryset=looks))


@require_safe
@agency_page(Action.READ_MESSAGES)
def goals(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List the goals: those to look at first, then the others, then those that ended."""
    today = days.today(agency)
    rows = [_row(goal, today) for goal in _door(request, agency).order_by("review_on", "pk")]
    context = {
        "section": "goals",
        "may": may(request.user, agency),
        "running": [row for row in rows if not row.goal.ended],
        "ended": [row for row in rows if row.goal.ended],
        "overdue": [row for row in rows if not row.goal.ended and row.look is Look.OVERDUE],
    }
    return render(request, "goals/list.html", context)


@require_safe
@agency_page(Action.READ_MESSAGES)
def goal(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show one goal with its picture, its looks, and the form for the next look."""
    return _page(request, agency, get_object_or_404(_door(request, agency), pk=pk), LookForm())


def _page(request: StaffRequest, agency: Agency, found: Goal, form: LookForm) -> HttpResponse:
    row = _row(found, days.today(agency))
    context = {
        "section": "goals",
        "may": may(request.user, agency),
        "row": row,
        "goal": found,
        "looks": found.reviews.all(),
        "picture": goal_picture(found),
        "form": form,
    }
    return render(request, "goals/goal.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.SET_GOALS)
def new_goal(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Set a goal."""
    form = GoalForm(request.POST or None, initial={"review_every": 90})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.set_goal(agency=agency, aim=form.aim(), by=request.user)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The goal is set. Its next look stands on this page."))
            return redirect("goal", agency=agency.slug, pk=made.pk)
    return _form(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.SET_GOALS)
def change_goal(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Put a goal right before its first look."""
    found = get_object_or_404(_door(request, agency), pk=pk)
    form = GoalForm(request.POST or None, initial=asdict(services.aim_of(found)))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_goal(goal=found, aim=form.aim(), by=request.user)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("goal", agency=agency.slug, pk=pk)
    return _form(request, form, found)


def _form(request: StaffRequest, form: GoalForm, found: Goal | None) -> HttpResponse:
    context = {"section": "goals", "form": form, "goal": found}
    return render(request, "goals/form.html", context, status=422 if form.errors else 200)


@require_POST
@agency_page(Action.SET_GOALS)
def look_at_goal(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Write down one look at a goal."""
    found = get_object_or_404(_door(request, agency), pk=pk)
    form = LookForm(request.POST)
    if form.is_valid():
        try:
            services.review_goal(goal=found, found=form.found(), by=request.user)
        except RefusedError as refused:
            if found.ended:  # its page no longer shows the form
                messages.error(request, str(refused))
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Written down. The next look is set."))
            return redirect("goal", agency=agency.slug, pk=pk)
    return _page(request, agency, found, form)


@require_POST
@agency_page(Action.SET_GOALS)
def end_goal(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """End a goal."""
    found = get_object_or_404(_door(request, agency), pk=pk)
    with told(request, _("The goal has ended. It stays here with everything that was found.")):
        services.end_goal(goal=found, by=request.user)
    return redirect("goal", agency=agency.slug, pk=pk)
