"""The first-week guide: where the agency stands with it, one chapter at a time, the advice at its end, handing it in as evidence."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import may, told
from callbox.desk.goals.advised import Line, lines
from callbox.flows import purpose
from callbox.maturity.model import loader
from callbox.maturity.model.practices import Condition
from callbox.people import days
from callbox.people.models import Agency
from callbox.people.roles import Action
from callbox.voice.guide import SEPARATOR, Chapter, Progress, Question, guide, progress
from callbox.voice.models import Answer
from callbox.voice.services import guide as services


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with its newest answer, or what was just typed. chosen: the ids of choices."""

    question: Question
    row: Answer | None
    text: str

    @property
    def chosen(self) -> tuple[str, ...]:
        """The choices of the answer."""
        return self.question.chosen(self.text)

    @property
    def shown(self) -> str:
        """The answer in words."""
        return self.question.shown(self.text)

    @property
    def rows(self) -> int:
        """Lines of its field."""
        return 5 if len(self.text) > 300 or "\n" in self.question.example else 3


@require_safe
@agency_page(Action.READ_MESSAGES)
def overview(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Show every chapter with its answers, how far it is, and what can be handed in."""
    answers = services.newest(agency)
    rows = {row.question: row for row in services.newest_rows(agency)}
    whole = progress(answers)
    chapters = [
        (chapter, progress(answers, guide().of(chapter.id)), _asked(chapter, rows, {})) for chapter in guide().chapters
    ]
    context = {
        "section": "goals",
        "may": may(request.user, agency),
        "progress": whole,
        "percent": round(100 * whole.answered / whole.total),
        "following": _chapter_of(whole),
        "chapters": chapters,
        "aside": services.is_aside(agency),
        "advice": lines(answers) if progress(answers, guide().of("audience")).whole else [],
        "waiting": _conditions(purpose.waiting(agency, today=days.today(agency))),
        "supported": _conditions(purpose.supported(agency, today=days.today(agency))),
    }
    return render(request, "goals/guide.html", context)


def _chapter_of(whole: Progress) -> Chapter | None:
    if whole.following is None:
        return None
    return next(chapter for chapter in guide().chapters if chapter.id == whole.following.chapter)


def _conditions(names: tuple[str, ...]) -> list[Condition]:
    return [condition for condition in loader.load().conditions if condition.id in names]


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.SET_GOALS)
def chapter(request: StaffRequest, agency: Agency, chapter: str) -> HttpResponse:
    """Ask the questions of one chapter; saving keeps each changed answer as a row of its own."""
    here = next((each for each in guide().chapters if each.id == chapter), None)
    if here is None:
        raise Http404
    problem, typed = "", {}
    if request.method == "POST":
        typed = {question.id: _typed(request, question) for question in guide().of(here.id)}
        try:
            count = services.answer(agency=agency, answers=typed, by=request.user)
        except RefusedError as refused:
            problem = str(refused)
        else:
            return _after(request, agency, here, count)
    rows = {row.question: row for row in services.newest_rows(agency)}
    context = {
        "section": "goals",
        "chapter": here,
        "asked": _asked(here, rows, typed),
        "problem": problem,
        "place": guide().chapters.index(here) + 1,
        "of": len(guide().chapters),
        "before": _neighbour(here, -1),
        "advice": _advice(agency, here),
        "time_told": bool(services.newest(agency).get("time")),
    }
    return render(request, "goals/chapter.html", context, status=422 if problem else 200)


def _advice(agency: Agency, chapter: Chapter) -> list[Line]:
    """Return the advice where channels are chosen, which is the last chapter."""
    return lines(services.newest(agency)) if chapter == guide().chapters[-1] else []


def _after(request: StaffRequest, agency: Agency, here: Chapter, count: int) -> HttpResponse:
    done = ngettext("%(n)d answer saved.", "%(n)d answers saved.", count) % {"n": count}
    with told(request, done if count else _("Nothing had changed.")):
        pass
    following = _neighbour(here, 1)
    if following is None or "later" in request.POST:
        return redirect("guide", agency=agency.slug)
    return redirect("guide_chapter", agency=agency.slug, chapter=following.id)


def _neighbour(chapter: Chapter, step: int) -> Chapter | None:
    place = guide().chapters.index(chapter) + step
    return guide().chapters[place] if 0 <= place < len(guide().chapters) else None


def _typed(request: StaffRequest, question: Question) -> str:
    return SEPARATOR.join(request.POST.getlist(question.id)) if question.choices else request.POST.get(question.id, "")


def _asked(chapter: Chapter, rows: dict[str, Answer], typed: dict[str, str]) -> list[Asked]:
    found = []
    for question in guide().of(chapter.id):
        row = rows.get(question.id)
        found.append(Asked(question, row, typed.get(question.id, row.text if row else "")))
    return found


@require_safe
@agency_page(Action.READ_MESSAGES)
def history(request: StaffRequest, agency: Agency, question: str) -> HttpResponse:
    """Show every saving of one answer."""
    try:
        found = guide().question(question)
    except KeyError:
        raise Http404 from None
    past = [(row, found.shown(row.text)) for row in services.history(agency, question=question)]
    return render(request, "goals/answers.html", {"section": "goals", "question": found, "past": past})


@require_POST
@agency_page(Action.SET_GOALS)
def aside(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Set the guide aside, or take it up again."""
    wanted = request.POST.get("aside") == "yes"
    done = _("Set aside. The desk opens with its usual page; the guide stays here.") if wanted else _("Welcome back.")
    with told(request, done):
        services.set_aside(agency=agency, aside=wanted, by=request.user)
    return redirect("guide", agency=agency.slug)


@require_POST
@agency_page(Action.ADD_ATTESTATION)
def hand_in(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Hand the answers and goals in as evidence for V1."""
    with told(request, _("Handed in. It counts once a second person has reviewed it; it stands on the evidence page.")):
        purpose.hand_in(agency=agency, by=request.user)
    return redirect("guide", agency=agency.slug)
