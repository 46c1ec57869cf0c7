"""Handing something to dispatch, and what became of it."""

from __future__ import annotations

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import may, told
from callbox.desk.incidents.escalation_forms import ABOUT, URGENCY, EscalateForm, SettleForm
from callbox.flows import escalation as flow
from callbox.flows.escalation import Matter
from callbox.operations.gateways.payload import Content
from callbox.operations.models import Escalation, Gateway
from callbox.operations.services import escalations as services
from callbox.people.models import Agency
from callbox.people.roles import Action

PAGE: Final = 50
#: Kinds of subjects that have a page on the desk, each under its own name.
PLACES: Final = frozenset({"conversation", "event", "incident", "arrival", "message", "escalation", "alert"})


def place(agency: Agency, subject: str) -> str:
    """Return where a subject opens on the desk, empty where it has no page."""
    kind, _colon, number = subject.partition(":")
    if kind not in PLACES or not number.isdecimal():
        return ""
    return reverse(kind, kwargs={"agency": agency.slug, "pk": int(number)})


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.ESCALATE)
def escalate(request: StaffRequest, agency: Agency, subject: str) -> HttpResponse:
    """Show the form, then what would be sent; send exactly what was shown."""
    matter = flow.matter(agency=agency, subject=subject, by=request.user)
    if matter is None:
        raise Http404
    form = EscalateForm(request.POST if request.method == "POST" else None, agency=agency, matter=matter)
    content, status = None, 200
    if request.method == "POST":
        try:
            content = _content(request, agency, matter, form)
            if content is not None and request.POST.get("seen") == content.digest:
                row = _send(request, agency, matter, form, content)
                return redirect("escalation", agency=agency.slug, pk=row.pk)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        status = 422 if form.errors else 200
    context = _context(agency, matter, form, content)
    return render(request, "incidents/escalate.html", context, status=status)


def _content(request: StaffRequest, agency: Agency, matter: Matter, form: EscalateForm) -> Content | None:
    if not form.is_valid():
        return None
    told = form.cleaned_data
    link = request.build_absolute_uri(place(agency, matter.subject))
    return flow.content(
        matter, what=told["what"], where=told["where"], urgency=told["urgency"], chosen=told.get("about", ()), link=link
    )


def _send(request: StaffRequest, agency: Agency, matter: Matter, form: EscalateForm, content: Content) -> Escalation:
    return flow.escalate(
        agency=agency,
        subject=matter.subject,
        gateway=form.cleaned_data["gateway"],
        told=content,
        seen=request.POST["seen"],
        key=form.cleaned_data["key"],
        by=request.user,
    )


def _context(agency: Agency, matter: Matter, form: EscalateForm, content: Content | None) -> dict[str, Any]:
    return {
        "matter": matter,
        "form": form,
        "content": content,
        "urgency": dict(URGENCY)[content.urgency] if content else "",
        "about": [(ABOUT[name], text) for name, text in content.about.items()] if content else [],
        "gateway": form.cleaned_data.get("gateway") if content else None,
        "any": Gateway.objects.filter(agency=agency, state="open").exists(),
        "back": place(agency, matter.subject),
        "section": "incidents",
    }


@require_safe
@agency_page(Action.ESCALATE)
def escalations(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List escalations: those a person must call about first."""
    rows = Escalation.objects.of(agency).select_related("gateway", "by")
    context = {
        "lapsed": list(rows.lapsed()),
        "page": Paginator(rows.exclude(state="lapsed"), PAGE).get_page(request.GET.get("page")),
        "section": "incidents",
    }
    return render(request, "incidents/escalations.html", context)


@require_safe
@agency_page(Action.ESCALATE)
def escalation(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show one escalation."""
    return _show(request, agency, _find(agency, pk), SettleForm())


@require_POST
@agency_page(Action.ESCALATE)
def settle(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Write down what became of one that lapsed."""
    row, form = _find(agency, pk), SettleForm(request.POST)
    if not form.is_valid():
        return _show(request, agency, row, form, status=422)
    with told(request, _("Written down. The banner is gone.")):
        services.settle(escalation=row, outcome=form.cleaned_data["outcome"], by=request.user)
    return redirect("escalation", agency=agency.slug, pk=pk)


def _find(agency: Agency, pk: int) -> Escalation:
    rows = Escalation.objects.of(agency).select_related("agency", "gateway", "incident", "by", "settled_by")
    return get_object_or_404(rows, pk=pk)


def _show(
    request: StaffRequest, agency: Agency, row: Escalation, form: SettleForm, *, status: int = 200
) -> HttpResponse:
    data = row.payload.get("data", {})
    context = {
        "escalation": row,
        "data": data,
        "urgency": dict(URGENCY).get(data.get("urgency", ""), ""),
        "about": [(ABOUT[name], text) for name, text in data.get("about", {}).items() if name in ABOUT],
        "form": form,
        "back": place(agency, row.subject),
        "may": may(request.user, agency),
        "section": "incidents",
    }
    return render(request, "incidents/escalation.html", context, status=status)
