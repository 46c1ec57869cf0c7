"""What is done about a conversation: each a form of one button, each said afterwards."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import complain, told
from callbox.desk.inbox.forms import AnswerForm, HandOverForm, NoteForm
from callbox.desk.inbox.views import find, show
from callbox.people.models import Agency
from callbox.people.roles import Action
from callbox.trust.services import answers, conversations

_YES = {"yes": True, "no": False}


def _seen(request: StaffRequest) -> int | None:
    """Return the newest line of the resident that was on the page a form came from; None where the form does not say."""
    given = request.POST.get("seen", "")
    return int(given) if given.isdecimal() and len(given) < 19 else None


@require_POST
@agency_page(Action.ANSWER)
def claim(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Take a conversation."""
    with told(request, _("It is yours. Nobody else answers it now.")):
        conversations.claim(conversation=find(agency, pk), by=request.user)
    return redirect("conversation", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.ANSWER)
def release(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Put it back."""
    with told(request, _("It is back in the list for whoever comes next.")):
        conversations.release(conversation=find(agency, pk), by=request.user)
    return redirect("conversation", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.ANSWER)
def hand_over(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Give it to a colleague."""
    row, form = find(agency, pk), HandOverForm(request.POST, agency=agency, by=request.user)
    if form.is_valid():
        to = form.cleaned_data["to"]
        with told(request, _("%(name)s has it now.") % {"name": to}):
            conversations.hand_over(conversation=row, to=to, note=form.cleaned_data["note"], by=request.user)
    else:
        complain(request, [_("Nothing was changed: choose a colleague.")])
    return redirect("conversation", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.ANSWER)
def answer(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Answer, or show what the network would show. What was typed stays on the page when it cannot be sent."""
    row, form = find(agency, pk), AnswerForm(request.POST)
    if not form.is_valid():
        return show(request, agency, row, answer=form, status=422)
    try:
        if "preview" in request.POST:
            shown = answers.preview(conversation=row, text=form.cleaned_data["text"])
            return show(request, agency, row, answer=form, preview=shown)
        with told(request, _("Answered.")):
            answers.answer(conversation=row, text=form.cleaned_data["text"], by=request.user, seen=_seen(request))
            return redirect("conversation", agency=agency.slug, pk=pk)
    except RefusedError as refused:
        form.add_error("text", str(refused))
    return show(request, agency, find(agency, pk), answer=form, status=422)


@require_POST
@agency_page(Action.ANSWER)
def note(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Write a note for colleagues."""
    row, form = find(agency, pk), NoteForm(request.POST)
    if form.is_valid():
        with told(request, _("Noted. Only colleagues see it.")):
            conversations.note(conversation=row, text=form.cleaned_data["text"], by=request.user)
    else:
        complain(request, [_("Nothing was kept: write the note first.")])
    return redirect("conversation", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.ANSWER)
def label(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Say whether it holds a question, request or report."""
    row, said = find(agency, pk), _YES.get(request.POST.get("answerable", ""))
    if said is None:
        complain(request, [_("Nothing was changed: say yes or no.")])
    else:
        with told(request, _("Saved. The figures of answers count it so.")):
            conversations.label(conversation=row, answerable=said, by=request.user)
    return redirect("conversation", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.ANSWER)
def urgent(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Move it to the top of the list, or back."""
    row, said = find(agency, pk), _YES.get(request.POST.get("urgent", ""))
    if said is None:
        complain(request, [_("Nothing was changed: say whether it is urgent.")])
    else:
        with told(request, _("Saved.")):
            conversations.mark_urgent(conversation=row, urgent=said, by=request.user, seen=_seen(request))
    return redirect("conversation", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.ANSWER)
def close(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Expect nothing more."""
    row, said = find(agency, pk), _YES.get(request.POST.get("answerable", ""))
    with told(request, _("Closed. If they write again, it comes back.")):
        conversations.close(conversation=row, answerable=said, by=request.user, seen=_seen(request))
    return redirect("conversation", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.ANSWER)
def reopen(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Take a closed one up again."""
    with told(request, _("It is open again, and yours.")):
        conversations.reopen(conversation=find(agency, pk), by=request.user)
    return redirect("conversation", agency=agency.slug, pk=pk)
