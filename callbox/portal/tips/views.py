"""A tip from a resident: written, sealed, acknowledged with nine words, and answered both ways. No account, no script, no trace."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from callbox.core.refusal import RefusedError
from callbox.governance.urgent import urgent_words
from callbox.people.models import Agency
from callbox.portal.page import PublicRequest, portal_page, show
from callbox.portal.tips.forms import AgainForm, ReceiptForm, TipForm
from callbox.trust.tips import intake


@sensitive_post_parameters()
@sensitive_variables()
@portal_page("POST", personal=True)
def tip(request: PublicRequest, agency: Agency) -> HttpResponse:
    """Take a tip. Words of danger show the emergency number first; the tip can be sent all the same."""
    form = TipForm(request.POST or None)
    takes = intake.takes_tips(agency)
    if request.method != "POST" or not takes or not form.is_valid():
        return show(request, "portal/tips/tip.html", {"form": form, "takes_tips": takes})
    written = form.cleaned_data
    if "anyway" not in request.POST and urgent_words(written["text"]):
        return show(request, "portal/tips/urgent.html", {"form": form})
    try:
        receipt = intake.receive(
            agency=agency,
            text=written["text"],
            about=written["about"],
            place=written["place"],
            language=get_language() or "",
        )
    except RefusedError as refused:
        form.add_error("text", str(refused))
        return show(request, "portal/tips/tip.html", {"form": form, "takes_tips": takes})
    return show(request, "portal/tips/receipt.html", {"words": receipt.split(), "receipt": receipt})


@sensitive_post_parameters()
@sensitive_variables()
@portal_page("POST", personal=True)
def again(request: PublicRequest, agency: Agency) -> HttpResponse:
    """Open the dialogue with its receipt, and take further letters. A receipt that opens nothing always gets the same page."""
    if "text" in request.POST:
        return _write(request, agency)
    form = ReceiptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _dialogue(request, agency, form)
    return show(request, "portal/tips/again.html", {"form": form})


@sensitive_variables()
def _write(request: PublicRequest, agency: Agency) -> HttpResponse:
    form = AgainForm(request.POST)
    receipt = ReceiptForm({"receipt": request.POST.get("receipt", "")})
    if not receipt.is_valid():
        return show(request, "portal/tips/again.html", {"form": receipt})
    if not form.is_valid():
        return _dialogue(request, agency, receipt, write=form)
    try:
        found = intake.write_again(agency=agency, receipt=form.cleaned_data["receipt"], text=form.cleaned_data["text"])
    except RefusedError as refused:
        form.add_error("text", str(refused))
        return _dialogue(request, agency, receipt, write=form)
    return _dialogue(request, agency, receipt, sent=found)


@sensitive_variables()
def _dialogue(
    request: PublicRequest, agency: Agency, form: ReceiptForm, *, write: AgainForm | None = None, sent: bool = False
) -> HttpResponse:
    receipt = form.cleaned_data["receipt"]
    dialogue = intake.open_dialogue(agency=agency, receipt=receipt)
    if dialogue is None:
        return show(
            request, "portal/tips/again.html", {"form": ReceiptForm(initial={"receipt": receipt}), "wrong": True}
        )
    write = write or AgainForm(initial={"receipt": receipt})
    return show(request, "portal/tips/dialogue.html", {"dialogue": dialogue, "form": write, "sent": sent})
