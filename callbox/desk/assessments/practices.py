"""The practices: the list, and one practice with everything that is known about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.forms import DeclareForm, ExemptionForm, TargetForm, problems
from callbox.desk.assessments.told import back, complain, may, told
from callbox.maturity import queries
from callbox.maturity.footing import footings
from callbox.maturity.model import catalogue, loader
from callbox.maturity.model.examples import example
from callbox.maturity.model.practices import Condition, Level, Practice
from callbox.maturity.model.wording import words_of
from callbox.maturity.models import AreaStatement, Assessment, Attestation, Exemption, SelfDeclaration
from callbox.maturity.origin import origin
from callbox.maturity.pictures import CADENCE, posting_pictures
from callbox.maturity.report import words as say
from callbox.maturity.scoring.profile import ConditionResult, PracticeResult, Profile
from callbox.maturity.services import coding, statements
from callbox.maturity.services.activity import posting
from callbox.people.models import Agency
from callbox.people.roles import Action


@require_safe
@agency_page(Action.READ_PROFILE)
def practices(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List the practices, narrowed and ordered by the address."""
    assessment = queries.current(agency)
    chosen = {name: request.GET.get(name, "") for name in ("area", "state", "order")}
    rows = queries.practice_rows(
        agency,
        assessment.profile if assessment else None,
        area=chosen["area"],
        state=chosen["state"],
        order=chosen["order"] or "model",
    )
    model = loader.load(assessment.model_version) if assessment else loader.load()
    states = {
        "contested": _("Word and record differ by more than one level"),
        "below-target": _("Below the target"),
        "unknown": _("The record cannot tell all"),
        "gate": _("Gates"),
        "exempt": _("Exempt"),
    }
    orders = {"model": _("As in the model"), "gap": _("Largest gap first"), "level": _("Lowest level first")}
    context = {
        "may": may(request.user, agency),
        "practised": AreaStatement.objects.of(agency).practised(statements.MAY_BE_LEFT),
        "assessment": assessment,
        "rows": rows,
        "areas": model.areas,
        "states": states,
        "orders": orders,
    } | chosen
    return render(request, "assessments/practices.html", context)


@require_safe
@agency_page(Action.READ_PROFILE)
def grounds(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Say of each practice what it rests on: figures with their numbers, documents, or nothing yet and why."""
    assessment = queries.current(agency)
    profile = assessment.profile if assessment else None
    words = words_of(loader.load(profile.model)) if profile else None
    rows = [(each, words) for each in footings(profile, words)] if profile and words else []
    return render(request, "assessments/grounds.html", {"section": "practices", "assessment": assessment, "rows": rows})


@dataclass(frozen=True, slots=True)
class Line:
    """One condition as the page of its practice shows it."""

    condition: Condition
    result: ConditionResult | None
    figure: dict[str, object] | None
    attestations: list[Attestation]
    sources: list[str]


@require_safe
@agency_page(Action.READ_PROFILE)
def practice(request: StaffRequest, agency: Agency, practice: str) -> HttpResponse:
    """Show one practice: its question, each level with its conditions, figures, evidence, word, target and history."""
    assessment = queries.current(agency)
    profile = assessment.profile if assessment else None
    row = _row(agency, profile, practice)
    granted = may(request.user, agency)
    evidence = list(_evidence(agency, practice)) if granted["read_evidence"] else []
    context = {
        "section": "practices",
        "assessment": assessment,
        "may": granted,
        "row": row,
        "levels": _levels(profile, row.practice, row.result, evidence),
        "past": [each for each in evidence if each.state not in {"proposed", "reviewed"}],
        "declarations": SelfDeclaration.objects.of(agency).filter(practice=practice).select_related("by")[:10],
        "exemptions": Exemption.objects.of(agency).filter(practice=practice).select_related("requested_by", "approver"),
        "declare_form": DeclareForm(initial={"level": row.declared}),
        "target_form": TargetForm(initial={"level": row.target.level, "due": row.target.due} if row.target else None),
        "exemption_form": ExemptionForm(),
        "today": timezone.localdate(),
        "neighbours": _neighbours(row.practice),
        "example": example(practice),
        "pictures": _posting(assessment, row.practice) if assessment else {},
        "coded": _coded(assessment, row.practice),
        "samples": coding.newest(assessment) if assessment and _coded(assessment, row.practice) else [],
    }
    return render(request, "assessments/practice.html", context)


def _posting(assessment: Assessment, practice: Practice) -> dict[str, queries.Picture]:
    """Return the pictures of the weeks and hours for a practice that is judged by how steadily the agency posts."""
    if not any(condition.measure in CADENCE for condition in practice.conditions):
        return {}
    return posting_pictures(posting(assessment))


def _coded(assessment: Assessment | None, practice: Practice) -> bool:
    """Return whether a practice is shown once two people have labelled a sample of this record (V4)."""
    waits = any(condition.measure == coding.OPENS for condition in practice.conditions)
    return assessment is not None and waits and (assessment.uploaded or assessment.live)


def _row(agency: Agency, profile: Profile | None, practice: str) -> queries.PracticeRow:
    for row in queries.practice_rows(agency, profile):
        if row.practice.id == practice:
            return row
    raise Http404


def _evidence(agency: Agency, practice: str) -> list[Attestation]:
    return list(
        Attestation.objects.of(agency).filter(practice=practice).select_related("owner", "reviewer", "proposed_by")
    )


def _levels(
    profile: Profile | None, practice: Practice, result: PracticeResult | None, evidence: list[Attestation]
) -> list[tuple[Level, list[Line]]]:
    """Return the levels of a practice, each with its conditions."""
    model = loader.load(profile.model) if profile else loader.load()
    judged = {condition.id: condition for condition in result.conditions} if result else {}
    return [
        (
            level,
            [
                Line(
                    condition,
                    judged.get(condition.id),
                    _figure(profile, judged.get(condition.id)),
                    [
                        each
                        for each in evidence
                        if each.condition in _documents(condition) and each.state in {"proposed", "reviewed"}
                    ],
                    [
                        f"{model.sources[name].title}, {model.sources[name].where}"
                        for name in condition.sources
                        if name in model.sources
                    ],
                )
                for condition in practice.at(level.number)
            ],
        )
        for level in model.levels
    ]


def _documents(condition: Condition) -> set[str]:
    return {condition.document or condition.id, condition.id, condition.unless_id}


def _figure(profile: Profile | None, result: ConditionResult | None) -> dict[str, object] | None:
    """Return the figure behind a condition in words: value, n, window, interval, threshold."""
    measure = profile.measures.get(result.measure or "") if profile and result else None
    if measure is None:
        return None
    return {
        "value": say.figure(measure.value, measure.unit),
        "known": measure.value is not None,
        "n": measure.n,
        "window": say.window(measure.window),
        "interval": say.interval(measure),
        "origin": origin(profile.record, measure.tables) if profile else "",
        "ours": catalogue.definition(measure.name),
        "threshold": say.figure(result.threshold, measure.unit) if result and result.threshold is not None else "",
    }


def _neighbours(practice: Practice) -> tuple[Practice | None, Practice | None]:
    """Return the practices before and after, for going through them one by one."""
    every = loader.load().practices
    places = [place for place, each in enumerate(every) if each.id == practice.id]
    if not places:
        return None, None
    place = places[0]
    return (every[place - 1] if place else None, every[place + 1] if place + 1 < len(every) else None)


def known(practice: str) -> str:
    """Return the id of a practice of the current model.

    Raises:
        Http404: there is none.
    """
    if practice not in {each.id for each in loader.load().practices}:
        raise Http404
    return practice


def _page(agency: Agency, practice: str) -> str:
    return reverse("practice", kwargs={"agency": agency.slug, "practice": practice})


@require_POST
@agency_page(Action.DECLARE_LEVEL)
def declare(request: StaffRequest, agency: Agency, practice: str) -> HttpResponse:
    """Declare the level of a practice."""
    form = DeclareForm(request.POST)
    if form.is_valid():
        with told(
            request, _("Your own word is written down. It stands beside the measured level and changes no score.")
        ):
            statements.declare(
                agency=agency,
                levels={known(practice): form.cleaned_data["level"]},
                note=form.cleaned_data["note"],
                by=request.user,
            )
    else:
        complain(request, problems(form))
    return back(request, _page(agency, practice))


@require_POST
@agency_page(Action.SET_TARGET)
def target(request: StaffRequest, agency: Agency, practice: str) -> HttpResponse:
    """Set the target of a practice."""
    form = TargetForm(request.POST)
    if form.is_valid():
        with told(request, _("The target is set.")):
            statements.set_target(agency=agency, practice=known(practice), by=request.user, **form.cleaned_data)
    else:
        complain(request, problems(form))
    return back(request, _page(agency, practice))


@require_POST
@agency_page(Action.SET_TARGET)
def clear_target(request: StaffRequest, agency: Agency, practice: str) -> HttpResponse:
    """Take the target of a practice away."""
    with told(request, _("The target is gone. You can set it again below.")):
        statements.clear_target(agency=agency, practice=known(practice), by=request.user)
    return back(request, _page(agency, practice))


@require_POST
@agency_page(Action.SET_TARGET)
def ask_exemption(request: StaffRequest, agency: Agency, practice: str) -> HttpResponse:
    """Ask for a practice to be left out."""
    form = ExemptionForm(request.POST)
    if form.is_valid():
        with told(request, _("The exemption waits for somebody else to approve it.")):
            statements.ask_exemption(agency=agency, practice=known(practice), by=request.user, **form.cleaned_data)
    else:
        complain(request, problems(form))
    return back(request, _page(agency, practice))


@require_POST
@agency_page(Action.APPROVE_EXEMPTION)
def decide_exemption(request: StaffRequest, agency: Agency, pk: int, decision: str) -> HttpResponse:
    """Approve, refuse or end an exemption."""
    exemption = get_object_or_404(Exemption.objects.visible_to(request.user).of(agency).select_related("agency"), pk=pk)
    verbs = {
        "approve": (statements.approve_exemption, _("The exemption is approved. It ends by itself on its day.")),
        "refuse": (statements.refuse_exemption, _("The exemption is refused.")),
        "end": (statements.end_exemption, _("The exemption has ended; the practice is rated again.")),
    }
    if decision not in verbs:
        raise Http404
    verb, done = verbs[decision]
    with told(request, done):
        verb(exemption=exemption, by=request.user)
    return back(request, _page(agency, exemption.practice))


@require_POST
@agency_page(Action.DECLARE_LEVEL)
def practise(request: StaffRequest, agency: Agency) -> HttpResponse:
    """State whether the agency practises Intelligence at all."""
    with told(request, _("Written down. The profile follows it.")):
        statements.practise(
            agency=agency,
            practised=request.POST.get("practised") == "yes",
            why=request.POST.get("why", ""),
            by=request.user,
        )
    return back(request, reverse("practices", kwargs={"agency": agency.slug}) + "?area=intelligence")
