"""What partners share with us: the list, one arrival, and what we make of it."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callbox.collaboration.bundle import from_row
from callbox.collaboration.models import Arrival
from callbox.collaboration.rules import PUBLIC
from callbox.collaboration.services import arrivals as services
from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import complain, may, told
from callbox.desk.incidents.escalation_views import place
from callbox.desk.partners.forms import LABEL_WORDS
from callbox.desk.shares.forms import TakeForm
from callbox.desk.shares.words import KINDS, arrival_word, receipt_word
from callbox.flows import sharing
from callbox.people.models import Agency
from callbox.people.roles import Action, can


@require_safe
@agency_page(Action.READ_PARTNERS)
def arrivals(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List what came: what nobody has decided about first."""
    rows = Arrival.objects.visible_to(request.user).of(agency).select_related("partner")
    page = Paginator(rows.exclude(state__in=("new", "superseded")), 50).get_page(request.GET.get("page"))
    context = {
        "waiting": sorted(
            map(_line, rows.to_look_at().order_by("at")[:100]), key=lambda line: not (line[0].recalls or line[-1])
        ),
        "rows": [_line(row) for row in page],
        "page": page,
        "section": "arrivals",
    }
    return render(request, "shares/arrivals.html", context)


def _line(row: Arrival) -> tuple[Any, ...]:
    bundle = from_row(row.bundle)
    return (row, _title(row), *arrival_word(row), bool(bundle.shown and bundle.shown.urgent))


def _title(row: Arrival) -> str:
    """Return the first words of what came; of a recall, of what is recalled."""
    shown = from_row(row.bundle).shown
    if shown is None:
        chain = Arrival.objects.filter(partner=row.partner_id, share=row.share, recalls=False).order_by("-version")
        before = chain.first()
        shown = from_row(before.bundle).shown if before is not None else None
    return "" if shown is None else shown.title or next(iter(shown.texts.values()))[:80]


@require_safe
@agency_page(Action.READ_PARTNERS)
def arrival(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show one. When somebody who may decide about it reads it first, the partner is told that it was opened."""
    row = _find(request, agency, pk)
    if request.method == "GET" and row.opened_at is None and can(request.user, Action.TAKE_OFFER, agency):
        services.opened(arrival=row, by=request.user)
    return _show(request, agency, row)


@require_POST
@agency_page(Action.TAKE_OFFER)
def take(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Make a draft of it."""
    row = _find(request, agency, pk)
    form = _form(agency, row, request.POST)
    if not form.is_valid():
        return _show(request, agency, row, form=form, status=422)
    data = form.cleaned_data
    try:
        message = sharing.take_over(
            arrival=row,
            accounts=data.get("accounts", []),
            adapted=data["how"] == "adapted",
            words_alone=data.get("words_alone", False),
            by=request.user,
        )
    except RefusedError as refused:
        form.add_error(None, str(refused))
        return _show(request, agency, row, form=form, status=422)
    with told(
        request, _("A draft of yours now. It goes your own way of approval; the partner is told when it is out.")
    ):
        return redirect("rewrite" if data["how"] == "adapted" else "message", agency=agency.slug, pk=message.pk)


@require_POST
@agency_page(Action.TAKE_OFFER)
def know(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Say that we know of it."""
    with told(request, _("The partner is told that you know of it.")):
        services.noted(arrival=_find(request, agency, pk), by=request.user)
    return redirect("arrival", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.TAKE_OFFER)
def decline(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Say no."""
    with told(request, _("Declined. The partner reads your reason.")):
        services.decline(arrival=_find(request, agency, pk), why=request.POST.get("why", ""), by=request.user)
    return redirect("arrival", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.TAKE_OFFER)
def take_back(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Take back what we made of it."""
    staying: list[str] = []
    row = _find(request, agency, pk)
    made = any(each.message for each in services.older_than(row))
    gone = _("It is being taken back. The partner is told when it is gone.")
    with told(request, gone if made else _("The partner is told that you have taken note.")):
        staying = sharing.take_back(arrival=row, by=request.user)
    if staying:
        complain(
            request,
            [
                _(
                    "It stays on %(accounts)s: nothing can be taken back there. Publish a correction, and tell the partner why."
                )
                % {"accounts": ", ".join(staying)}
            ],
        )
    return redirect("arrival", agency=agency.slug, pk=pk)


def _find(request: StaffRequest, agency: Agency, pk: int) -> Arrival:
    rows = (
        Arrival.objects.visible_to(request.user)
        .of(agency)
        .select_related("agency", "partner", "partner__agency", "partner__local", "by")
    )
    return get_object_or_404(rows, pk=pk)


def _form(agency: Agency, row: Arrival, data: Any = None) -> TakeForm:
    shown = from_row(row.bundle).shown
    older = services.older_than(row)
    return TakeForm(data, agency=agency, files=bool(shown and shown.files), correction=bool(older))


def _show(
    request: StaffRequest, agency: Agency, row: Arrival, *, form: TakeForm | None = None, status: int = 200
) -> HttpResponse:
    bundle, older = from_row(row.bundle), services.older_than(row)
    chain = Arrival.objects.filter(partner=row.partner_id, share=row.share).order_by("version")
    made = [each.message for each in older if each.message]
    word, tone = arrival_word(row)
    past = row.expires is not None and row.expires <= timezone.now()
    granted = may(request.user, agency)
    context = {
        "arrival": row,
        "title": _title(row),
        "seen": bundle,
        "word": word,
        "tone": tone,
        "kind": KINDS.get(row.kind, row.kind),
        "label_words": LABEL_WORDS.get(row.label, row.label),
        "older": older,
        "ours": place(agency, row.message),
        "ours_before": [place(agency, each) for each in made],
        "acts": row.state not in {"superseded", "recalled"} and not row.recalls,
        "keeps": row.label != PUBLIC or past or bool(row.message),
        "chain": [f"arrival:{number}" for number in chain.exclude(pk=row.pk).values_list("pk", flat=True)],
        "holding": sharing.holding(row) if row.recalls or row.state == "behind" else [],
        "receipts": [(each, receipt_word(row.kind, each.said)) for each in row.receipts.all()],
        "may": granted,
        "past": past,
        "may_take": granted["take_offer"]
        and not row.recalls
        and (row.state in {"new", "declined"} or (row.state == "accepted" and not row.message))
        and row.label == PUBLIC
        and not past,
        "may_know": granted["take_offer"] and not row.recalls and row.state in {"new", "declined"},
        "may_decline": granted["take_offer"]
        and row.state in {"new", "accepted", "adapted"}
        and (bool(made) or not row.recalls),
        "may_take_back": granted["take_offer"] and row.recalls and row.state in {"new", "declined", "accepted"},
        "form": form or _form(agency, row),
        "section": "arrivals",
    }
    return render(request, "shares/arrival.html", context, status=status)
