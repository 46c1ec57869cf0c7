"""From voice to maturity: what the agency wrote in its guide and its goals, handed in as evidence for practice V1.

A second person reviews it like any other evidence; nothing counts because a form was filled in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.maturity.models import Attestation
from callbox.maturity.services import evidence
from callbox.people import days
from callbox.people.models import Agency, User
from callbox.voice.guide import guide, progress
from callbox.voice.models import Goal, GoalReview
from callbox.voice.services import guide as answers

PRACTICE: Final = "V1"
#: Conditions that rest on answers of the guide alone; guide.yaml says which.
ANSWERED: Final = ("V1.1.owner", "V1.1.purpose", "V1.2.answers", "V1.2.baseline")
#: Conditions that rest on the goals: a goal has source, interval and date by construction.
AIMED: Final = ("V1.3.goals", "V1.3.data")
REVIEWED: Final = "V1.4.review"
CHANGED: Final = "V1.4.change"
#: By this name a statement is known again.
DOCUMENT: Final = "guide-and-goals.md"
#: How long a look at the results counts (model.md 7.3, V1 level 4).
YEAR: Final = timedelta(days=365)


def supported(agency: Agency, *, today: date) -> tuple[str, ...]:
    """Return the conditions that what is written down today would support, in the order of the model."""
    given = answers.newest(agency)
    found = [name for name in ANSWERED if progress(given, guide().for_condition(name)).whole]
    goals = list(Goal.objects.of(agency).filter(ended=None))
    if goals:
        found += AIMED
        recent = GoalReview.objects.filter(goal__in=goals, at__date__gt=today - YEAR)
        looked_at = set(recent.values_list("goal", flat=True))
        if looked_at == {goal.pk for goal in goals}:
            found.append(REVIEWED)
        if recent.exclude(note="").exists():
            found.append(CHANGED)
    return tuple(found)


def waiting(agency: Agency, *, today: date) -> tuple[str, ...]:
    """Return the conditions whose evidence is missing or says something older than what is written down now."""
    return _not_handed_in(agency, supported(agency, today=today), _digest(statement(agency)))


@transaction.atomic
def hand_in(*, agency: Agency, by: User) -> list[Attestation]:
    """Hand the statement in as evidence for every condition it supports; a second person reviews each.

    An earlier statement that nobody has reviewed yet is withdrawn; one that counts keeps counting until the new one is reviewed.

    Raises:
        RefusedError: there is nothing to hand in, or all of it is handed in already.
    """
    today = days.today(agency)
    text = statement(agency)
    conditions = supported(agency, today=today)
    if not conditions:
        raise RefusedError(_("There is nothing to hand in yet. Answer the questions or set a goal first."))
    missing = _not_handed_in(agency, conditions, _digest(text))
    if not missing:
        raise RefusedError(_("What stands here is handed in already. It waits for its review, or counts."))
    return [_propose(agency, condition, text, today=today, by=by) for condition in missing]


def _propose(agency: Agency, condition: str, text: str, *, today: date, by: User) -> Attestation:
    title = _("Guide and goals of %(agency)s, %(day)s") % {"agency": agency.name, "day": date_format(today, "j F Y")}
    earlier = Attestation.objects.of(agency).filter(condition=condition)
    for old in earlier.filter(state="proposed", document_name=DOCUMENT):
        evidence.withdraw(attestation=old, by=by, why=_("A newer statement takes its place."))
    return evidence.propose(
        agency=agency,
        claim=evidence.Claim(condition=condition, practice=PRACTICE, title=title[:200], begins=today),
        owner=by,
        by=by,
        document=(DOCUMENT, [text.encode()]),
        replaces=earlier.filter(state="reviewed").order_by("-pk").first(),
    )


def _not_handed_in(agency: Agency, conditions: tuple[str, ...], digest: str) -> tuple[str, ...]:
    there = Attestation.objects.of(agency).filter(
        condition__in=conditions, sha256=digest, state__in=("proposed", "reviewed")
    )
    kept = set(there.values_list("condition", flat=True))
    return tuple(name for name in conditions if name not in kept)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def statement(agency: Agency) -> str:
    """Return everything written down, as a Markdown document; the same rows give the same bytes, whatever the language of the reader."""
    return "\n".join(_lines(agency)) + "\n"


def _lines(agency: Agency) -> Iterator[str]:
    rows = {row.question: row for row in answers.newest_rows(agency)}
    yield f"# {agency.name}: why it is on social media, and how it will know"
    for chapter in guide().chapters:
        yield from ("", f"## {chapter.name}")
        for question in guide().of(chapter.id):
            row = rows.get(question.id)
            said = question.shown(row.text) if row and row.text else "(not answered)"
            when = f" ({row.by.name}, {row.at.date().isoformat()})" if row and row.text else ""
            yield from ("", f"**{question.asks}**{when}", "", said)
    yield from ("", "## Goals")
    for goal in Goal.objects.of(agency).order_by("pk").prefetch_related("reviews__by"):
        yield from _goal(goal)


def _goal(goal: Goal) -> Iterator[str]:
    yield from ("", f"### {goal.says}" + (f" (ended {goal.ended.date().isoformat()})" if goal.ended else ""), "")
    yield f"- Serves: {goal.serves}"
    yield f"- Reaches: {goal.audience}"
    yield f"- Counted: {goal.measure}, from {goal.baseline} to {goal.target} {goal.unit} by {goal.by_when.isoformat()}"
    yield f"- Source: {goal.source}; looked at every {goal.review_every} days by {goal.owner}"
    for look in goal.reviews.all():
        note = f"; changed because of it: {look.note}" if look.note else ""
        yield f"- {look.at.date().isoformat()}, {look.by.name}: {look.value}{note}"
