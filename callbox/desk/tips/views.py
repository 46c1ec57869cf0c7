"""Tips at the desk. The server hands out sealed letters, after writing down to whom; only the officer's own machine opens them."""

from __future__ import annotations

import base64
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import complain, told
from callbox.desk.tips.forms import AnswerForm, JudgeForm, SettleForm, short_name
from callbox.people.models import Agency
from callbox.people.roles import Action
from callbox.trust.tips import desk, intake, keys
from callbox.trust.tips.models import Key, Tip

PAGE = 50
SHOWN = {"open": Q(state__in=("new", "opened")), "settled": Q(state="settled"), "all": Q()}


@require_safe
@agency_page(Action.READ_TIPS)
def tips(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List the tips: nothing of what they say is on this page, or anywhere on this machine."""
    shown = request.GET.get("show", "open")
    rows = (
        Tip.objects.of(agency)
        .filter(SHOWN.get(shown, Q()))
        .annotate(
            count=Count("letters"), unread=Count("letters", filter=Q(letters__from_agency=False, letters__read=False))
        )
    )
    context = {
        "page": Paginator(rows.order_by("-threat_to_life", "-day", "id"), PAGE).get_page(request.GET.get("page")),
        "shown": shown if shown in SHOWN else "open",
        "takes_tips": intake.takes_tips(agency),
        "has_key": Key.objects.of(agency).filter(owner_id=request.user.pk, ended=None).exists(),
        "waiting": Key.objects.of(agency).waiting().exclude(owner_id=request.user.pk).exists(),
        "orphaned": Key.objects.of(agency).in_use().exclude(owner_id__in=keys.readers(agency)).exists(),
        "section": "tips",
    }
    return render(request, "tips/list.html", context)


@require_safe
@agency_page(Action.READ_TIPS)
def tip(request: StaffRequest, agency: Agency, pk: UUID) -> HttpResponse:
    """Say what is known of a tip without opening it."""
    row = _tip(agency, pk)
    return render(request, "tips/tip.html", _context(agency, row))


@require_POST
@agency_page(Action.READ_TIPS)
def read_tip(request: StaffRequest, agency: Agency, pk: UUID) -> HttpResponse:
    """Hand out the sealed letters. The reading is in the trail before this answers."""
    row = _tip(agency, pk)
    letters = [
        {"letter": each, "sealed": base64.b64encode(bytes(each.sealed)).decode()}
        for each in desk.read(agency=agency, tip=row, by=request.user)
    ]
    context = {
        **_context(agency, row),
        "letters": letters,
        "answer": AnswerForm(),
        "judge": JudgeForm(initial={"threat_to_life": row.threat_to_life}),
        "settle": SettleForm(agency=agency, tip=row),
    }
    return render(request, "tips/letters.html", context)


@require_POST
@agency_page(Action.READ_TIPS)
def sealed_letter(request: StaffRequest, agency: Agency, pk: UUID, number: int) -> HttpResponse:
    """Hand out one sealed letter as a file, for `callbox tips open` on a machine whose browser runs no scripts."""
    row = _tip(agency, pk)
    found = [each for each in desk.read(agency=agency, tip=row, by=request.user) if each.number == number]
    if not found:
        raise Http404
    name = f"tip-{short_name(row)}-{number}.age"
    return HttpResponse(
        bytes(found[0].sealed),
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
@agency_page(Action.READ_TIPS)
def answer_tip(request: StaffRequest, agency: Agency, pk: UUID) -> HttpResponse:
    """Seal an answer to the tipster."""
    row = _tip(agency, pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        with told(request, _("Your answer is sealed. The tipster finds it with their receipt.")):
            desk.answer(agency=agency, tip=row, text=form.cleaned_data["text"], by=request.user)
    else:
        complain(request, [_("Nothing was sent: write an answer first.")])
    return redirect("tip", agency=agency.slug, pk=row.pk)


@require_POST
@agency_page(Action.READ_TIPS)
def judge_tip(request: StaffRequest, agency: Agency, pk: UUID) -> HttpResponse:
    """Write down the first judgement."""
    row = _tip(agency, pk)
    form = JudgeForm(request.POST)
    if not form.is_valid():
        raise Http404
    with told(request, _("Saved.")):
        desk.judge(
            agency=agency,
            tip=row,
            threat_to_life=form.cleaned_data["threat_to_life"],
            minutes=form.cleaned_data["minutes"],
            by=request.user,
        )
    return redirect("tip", agency=agency.slug, pk=row.pk)


@require_POST
@agency_page(Action.READ_TIPS)
def settle_tip(request: StaffRequest, agency: Agency, pk: UUID) -> HttpResponse:
    """Write down what became of a tip."""
    row = _tip(agency, pk)
    form = SettleForm(request.POST, agency=agency, tip=row)
    if form.is_valid():
        with told(request, _("Settled. A further letter of the tipster opens it again.")):
            desk.settle(
                agency=agency,
                tip=row,
                outcome=Tip.Outcome(form.cleaned_data["outcome"]),
                minutes=form.cleaned_data["minutes"],
                told=form.cleaned_data["told"],
                same_as=form.cleaned_data["same_as"],
                by=request.user,
            )
    else:
        complain(request, [_("Nothing was changed: say what became of the tip.")])
    return redirect("tip", agency=agency.slug, pk=row.pk)


@require_POST
@agency_page(Action.READ_TIPS)
def reopen_tip(request: StaffRequest, agency: Agency, pk: UUID) -> HttpResponse:
    """Take a settled tip up again."""
    row = _tip(agency, pk)
    with told(request, _("The tip is open again.")):
        desk.reopen(agency=agency, tip=row, by=request.user)
    return redirect("tip", agency=agency.slug, pk=row.pk)


def _tip(agency: Agency, pk: UUID) -> Tip:
    return get_object_or_404(Tip.objects.of(agency), pk=pk)


def _context(agency: Agency, row: Tip) -> dict[str, object]:
    return {
        "tip": row,
        "name": short_name(row),
        "count": row.letters.count(),
        "unread": row.letters.filter(from_agency=False, read=False).count(),
        "same_as": Tip.objects.of(agency).filter(pk=row.same_as).first() if row.same_as else None,
        "section": "tips",
    }
