"""Where everything we shared stands: the list, one share, what is new about it, recalling, offering again."""

from __future__ import annotations

import uuid

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callbox.collaboration.bundle import from_row
from callbox.collaboration.models import Offer
from callbox.collaboration.services import offers as services
from callbox.collaboration.services import overview
from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import may, told
from callbox.desk.incidents.escalation_views import place
from callbox.desk.partners.forms import LABEL_WORDS
from callbox.desk.shares.forms import NewsForm
from callbox.desk.shares.words import BEHIND, KINDS, offer_word, receipt_word
from callbox.flows import escalation, sharing
from callbox.intelligence.models import Event
from callbox.people.models import Agency
from callbox.people.roles import Action

PAGE = 50


@require_safe
@agency_page(Action.READ_PARTNERS)
def shares(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List what we shared: on the first page what somebody has to look after, then everything, the newest change first."""
    page = Paginator(overview.names(agency), PAGE).get_page(request.GET.get("page"))
    urgent = overview.to_look_after(agency) if page.number == 1 else []
    context = {
        "urgent": [_row(one) for one in urgent],
        "rows": [_row(one) for one in overview.some(agency, list(page.object_list))],
        "page": page,
        "section": "shares",
    }
    return render(request, "shares/list.html", context)


def _row(one: overview.Share) -> tuple[overview.Share, str, object]:
    return one, _title(one.newest), KINDS.get(one.newest.kind, one.newest.kind)


@require_safe
@agency_page(Action.READ_PARTNERS)
def share(request: StaffRequest, agency: Agency, share: uuid.UUID) -> HttpResponse:
    """Show one share: who has it, every receipt, and what they see."""
    return _show(request, agency, share)


def _show(
    request: StaffRequest, agency: Agency, share: uuid.UUID, *, form: NewsForm | None = None, status: int = 200
) -> HttpResponse:
    found = overview.share(agency, share)
    if found is None:
        raise Http404
    kind = found.newest.kind
    lines = [
        (line, *offer_word(kind, line.offer.state), [(each, receipt_word(kind, each.said)) for each in line.receipts])
        for line in found.lines
    ]
    newest, granted = from_row(found.newest.bundle), may(request.user, agency)
    source = (
        escalation.matter(agency=agency, subject=found.newest.subject, by=request.user) if kind == "event" else None
    )
    renews = kind == "event" and source is not None and granted["offer"] and not found.newest.is_taken_back
    context = {
        "one": found,
        "lines": lines,
        "title": _title(found.newest),
        "seen": newest,
        "may": granted,
        "kind": KINDS.get(kind, kind),
        "behind_words": BEHIND.get(kind, BEHIND["message"]),
        "source": place(agency, found.newest.subject) if kind != "event" or source else "",
        "news": (form or NewsForm()) if renews else None,
        "label_words": LABEL_WORDS.get(found.newest.label, found.newest.label),
        "section": "shares",
    }
    return render(request, "shares/share.html", context, status=status)


@require_POST
@agency_page(Action.OFFER)
def renew(request: StaffRequest, agency: Agency, share: uuid.UUID) -> HttpResponse:
    """Tell everybody who was offered an event what is new about it."""
    found, form = overview.share(agency, share), NewsForm(request.POST)
    if found is None or found.newest.kind != "event":
        raise Http404
    if form.is_valid():
        row = get_object_or_404(Event.objects.of(agency), pk=int(found.newest.subject.partition(":")[2]))
        try:
            count = sharing.renew_event(share=share, event=row, **form.cleaned_data, by=request.user)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            if count:
                notes.success(request, _("Offered as the next version to everybody who was offered the last one."))
                return redirect("partner_share", agency=agency.slug, share=share)
            form.add_error(None, _("Nobody was told: every partner declined it, or it was recalled."))
    return _show(request, agency, share, form=form, status=422)


@require_POST
@agency_page(Action.OFFER)
def recall(request: StaffRequest, agency: Agency, share: uuid.UUID) -> HttpResponse:
    """Take it back from everybody."""
    if not Offer.objects.visible_to(request.user).of(agency).filter(share=share).exists():
        raise Http404
    with told(
        request,
        _("Recalled. It reaches each partner as soon as they can be reached; below stands who has taken it off."),
    ):
        services.recall(agency=agency, share=share, why=request.POST.get("why", ""), by=request.user)
    return redirect("partner_share", agency=agency.slug, share=share)


@require_POST
@agency_page(Action.OFFER)
def again(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Offer anew what was stopped."""
    row = get_object_or_404(Offer.objects.visible_to(request.user).of(agency), pk=pk)
    with told(request, _("Offered again.")):
        services.again(offer=row, by=request.user)
    return redirect("partner_share", agency=agency.slug, share=row.share)


def _title(offer: Offer) -> str:
    """Return the first words of what was offered; of a recall, of what is recalled."""
    shown = from_row(offer.bundle).shown
    if shown is not None:
        return shown.title or next(iter(shown.texts.values()))[:80]
    chain = Offer.objects.filter(partner=offer.partner_id, share=offer.share, recalls=False).order_by("-version")
    before = chain.first()
    return _("Recalled: %(title)s") % {"title": _title(before)} if before is not None else _("Recalled")
