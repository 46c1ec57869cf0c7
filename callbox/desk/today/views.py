"""The first page of the desk: what this person should do in their half hour today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.today import words
from callbox.desk.today.beginning import first_step
from callbox.flows import review
from callbox.maturity import queries
from callbox.maturity.model import loader
from callbox.maturity.model.wording import words_of
from callbox.maturity.report.next_steps import NextStep, next_steps
from callbox.people.models import Agency
from callbox.people.roles import Action


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of the list. kind: marks danger.  due, since: when it runs out, since when it waits; late: whether it has run out."""

    kind: str
    title: str
    why: str
    place: str
    practice: str
    practice_name: str
    due: datetime | None
    since: datetime | None
    late: bool


@require_safe
@agency_page(Action.READ_PROFILE)
def today(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Show at most five things, each with why, where it is done, and the practice it supports."""
    role, now = agency.role_of(request.user), timezone.now()
    assert role is not None  # agency_page has asked  # noqa: S101
    facts = [fact for fact in review.facts(agency, user=request.user, role=role, now=now) if fact.count]
    names = words_of(loader.load())
    things = [_thing(fact, agency, names.practice(fact.practice), now) for fact in review.first(facts, now=now)]
    left, next_step = len(facts) - len(things), None if things else _next_step(agency)
    context = {
        "things": things,
        "more": words.more(left) if left else "",
        "next_step": next_step,
        "begin": None if things or next_step else first_step(agency, role),
        "now": now,
    }
    return render(request, "today/today.html", context)


def _thing(fact: review.Fact, agency: Agency, practice: str, now: datetime) -> Thing:
    return Thing(
        fact.kind.value,
        words.title(fact),
        str(words.WORDS[fact.kind].why),
        words.place(fact, agency),
        fact.practice,
        practice,
        fact.due,
        fact.since,
        late=fact.due is not None and fact.due <= now,
    )


def _next_step(agency: Agency) -> NextStep | None:
    """Return what would lift a level next, for somebody on whom nothing waits; None while nothing was assessed."""
    assessment = queries.current(agency)
    profile = assessment.profile if assessment else None
    return next(iter(next_steps(profile, queries.words(profile.model), limit=1)), None) if profile else None
