"""The guided decision to hide one comment, and what is done about it afterwards: each asked for by a person, here and nowhere else."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from callbox.core.refusal import RefusedError
from callbox.core.state import MovedMeanwhileError, UndeclaredMoveError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import complain, told
from callbox.desk.moderation.forms import DecisionForm, HideForm, RestoreForm
from callbox.desk.moderation.pages import find, show
from callbox.governance.moderation.grounds import grounds
from callbox.networks import registry
from callbox.networks.contract import Ability
from callbox.people.models import Agency
from callbox.people.roles import Action
from callbox.trust.models import Hiding, Line
from callbox.trust.services import appeals, moderation


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.MODERATE)
def hide_comment(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Guide through the decision, then hide, ask the network and tell the author, in this order."""
    rows = Line.objects.filter(conversation__agency=agency, item__isnull=False, item__own=False)
    line = get_object_or_404(rows.select_related("item__connection__agency", "item__agency", "conversation"), pk=pk)
    item = line.item
    assert item is not None  # asked for above  # noqa: S101
    abilities = registry.network(item.connection.kind).abilities
    form = HideForm(request.POST or None, can_tell=Ability.REPLY in abilities and item.connection.state != "ended")
    stands = moderation.obstacle(item)
    if request.method == "POST" and not stands and form.is_valid():
        try:
            row = moderation.hide(
                item=item, ground=form.cleaned_data["ground"], why=form.cleaned_data["why"], by=request.user
            )
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            _ask(request, row)
            if form.cleaned_data.get("tell") == "thread":
                with told(request, _("The author is told by an answer in the thread.")):
                    appeals.tell_in_thread(hiding=find(agency, row.pk), by=request.user)
            return redirect("hiding", agency=agency.slug, pk=row.pk)
    context = {
        "line": line, "item": item, "form": form, "stands": stands, "grounds": grounds().values(),
        "can_hide": moderation.can_hide(item), "network": registry.network(item.connection.kind).label,
        "section": "moderation",
    }  # fmt: skip
    return render(request, "moderation/hide.html", context, status=422 if form.errors else 200)


@require_POST
@agency_page(Action.MODERATE)
def restore(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Undo."""
    row, form = find(agency, pk), RestoreForm(request.POST)
    if not form.is_valid():
        return show(request, agency, row, restore=form, status=422)
    with told(request, _("It is to be seen again. What was kept about it stays.")):
        moderation.restore(hiding=row, why=form.cleaned_data["why"], by=request.user)
        _ask(request, row)
    return redirect("hiding", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.MODERATE)
def ask(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Ask the network again."""
    _ask(request, find(agency, pk))
    return redirect("hiding", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.MODERATE)
def tell(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Tell the author in the thread, or give the officer the address to pass on, or write down that it was passed on."""
    row, how = find(agency, pk), request.POST.get("how", "")
    if how == "address":
        try:
            return show(request, agency, row, address=appeals.address_by_hand(hiding=row, by=request.user))
        except RefusedError as refused:
            complain(request, [str(refused)])
    elif how == "done":
        with told(request, _("Written down.")):
            appeals.told_by_hand(hiding=row, by=request.user)
    elif how == "thread":
        with told(request, _("The author is told by an answer in the thread.")):
            appeals.tell_in_thread(hiding=row, by=request.user)
    return redirect("hiding", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.DECIDE_APPEAL)
def decide(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Decide about an objection; where the comment comes back, ask the network at once."""
    row, form = find(agency, pk), DecisionForm(request.POST)
    if not form.is_valid():
        return show(request, agency, row, decision=form, status=422)
    uphold, read = form.cleaned_data["decision"] == "uphold", request.POST.get("read", "")
    known = int(read) if read.isdecimal() and len(read) < 19 else None
    try:
        appeals.decide(hiding=row, uphold=uphold, why=form.cleaned_data["why"], by=request.user, read=known)
    except RefusedError as refused:
        complain(request, [str(refused)])
        return show(request, agency, find(agency, pk), decision=form, status=422)
    except (MovedMeanwhileError, UndeclaredMoveError):
        complain(
            request, [_("A colleague has decided this meanwhile. Nothing was done twice; the decision stands below.")]
        )
        return redirect("hiding", agency=agency.slug, pk=pk)
    with told(request, _("Decided. The author reads it on their page.")):
        if not uphold:
            _ask(request, row)
    return redirect("hiding", agency=agency.slug, pk=pk)


def _ask(request: StaffRequest, row: Hiding) -> None:
    """Ask the network now, outside any transaction; the row's page shows what came of it."""
    if row.asked != Hiding.Asked.CANNOT:
        with told(request, _("The network was asked. What it answered stands below.")):
            moderation.ask_network(hiding=row, by=request.user)
