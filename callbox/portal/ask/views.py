"""A question from a resident: asked without an account, answered on a page that only its address opens."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from callbox.core.refusal import RefusedError
from callbox.governance.urgent import urgent_words
from callbox.people.models import Agency
from callbox.portal.ask.forms import AgainForm, QuestionForm
from callbox.portal.page import PublicRequest, portal_page, show
from callbox.trust.models import Line
from callbox.trust.services import hearing


@sensitive_post_parameters()
@sensitive_variables()
@portal_page("POST", personal=True)
def ask(request: PublicRequest, agency: Agency) -> HttpResponse:
    """Take a question. Words of danger show the emergency number first; the question can be sent all the same."""
    form = QuestionForm(request.POST or None, agency=agency, initial={"beat": request.GET.get("beat", "")[:40]})
    if request.method != "POST" or not form.is_valid():
        return show(request, "portal/ask/ask.html", {"form": form})
    written = form.cleaned_data
    if "anyway" not in request.POST and urgent_words(written["text"]):
        return show(request, "portal/ask/urgent.html", {"form": form})
    try:
        _row, secret = hearing.enquire(
            agency=agency,
            text=written["text"],
            beat=written.get("beat"),
            address=written["address"],
            language=get_language() or "",
        )
    except RefusedError as refused:
        form.add_error("text", str(refused))
        return show(request, "portal/ask/ask.html", {"form": form})
    return HttpResponseRedirect(reverse("portal_question", kwargs={"agency": agency.slug, "secret": secret}))


@sensitive_post_parameters()
@sensitive_variables()
@portal_page("POST", personal=True)
def question(request: PublicRequest, agency: Agency, secret: str) -> HttpResponse:
    """Show a question with its answers, and take further words."""
    row = hearing.enquiry(agency, secret)
    if row is None:
        raise Http404
    form = AgainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if "anyway" not in request.POST and urgent_words(form.cleaned_data["text"]):
            return show(request, "portal/ask/urgent.html", {"form": form})
        try:
            hearing.ask_again(agency=agency, secret=secret, text=form.cleaned_data["text"])
        except RefusedError as refused:
            form.add_error("text", str(refused))
        else:
            return HttpResponseRedirect(request.path)
    lines = row.lines.exclude(kind=Line.Kind.NOTE)
    return show(
        request,
        "portal/ask/question.html",
        {"question": row, "lines": lines, "form": form, "address": settings.PORTAL_URL + request.path},
    )
