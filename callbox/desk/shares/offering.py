"""What we share: offering a message after a look at who gets what, where every share stands, recalling."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callbox.collaboration.bundle import from_row
from callbox.collaboration.models import Offer, Partner
from callbox.collaboration.services import agreements, overview
from callbox.collaboration.services import offers as services
from callbox.core.refusal import RefusedError
from callbox.core.text import SENTENCES
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import may, told
from callbox.desk.clock import zone_of
from callbox.desk.partners.forms import LABEL_WORDS
from callbox.desk.shares.forms import OfferForm
from callbox.desk.shares.words import KINDS, OFFERS, RECEIPTS
from callbox.flows import sharing
from callbox.people.models import Agency
from callbox.people.roles import Action
from callbox.voice.models import Message


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.OFFER)
def offer_message(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Choose partners, look at what exactly they would see and who they are, then offer."""
    message = get_object_or_404(Message.objects.visible_to(request.user).of(agency).select_related("agency"), pk=pk)
    partners = Partner.objects.visible_to(request.user).of(agency).standing().exclude(public_key="")
    partners = partners.select_related("agency")
    with timezone.override(zone_of(agency)):
        form = OfferForm(request.POST or None, partners=partners)
        looked: dict[str, Any] = {}
        if form.is_valid():
            chosen, data = list(form.cleaned_data["partners"]), form.cleaned_data
            terms = {"label": data["label"], "expires": data["expires"]}
            try:
                if "offer" in request.POST:
                    share = sharing.offer_message(message=message, partners=chosen, by=request.user, **terms)
                    with told(request, _("Offered. Below stands who has it and what became of it.")):
                        return redirect("partner_share", agency=agency.slug, share=share)
                looked = _look(message, chosen, **terms)
            except RefusedError as refused:
                form.add_error(None, str(refused))
        context = {
            "message": message,
            "content": message.newest.written,
            "form": form,
            "none": not partners.exists(),
            "can": message.state in sharing.OFFERED_FROM,
            "section": "messages",
            **looked,
        }
        return render(request, "shares/offer.html", context, status=422 if form.errors else 200)


def _look(message: Message, chosen: list[Partner], **terms: Any) -> dict[str, Any]:
    """Return who gets it under which agreement, what is in the way, what is unusual, and what they would see, field by field."""
    lines, seen = [], None
    for partner in chosen:
        agreement, code = agreements.covering(partner, kind="message", **terms)
        lines.append((partner, agreement, _(SENTENCES[code]) if code else ""))
        if agreement is not None and seen is None:
            seen = services.preview(agreement, kind="message", shown=sharing.shown_of(message.newest), **terms)
    return {
        "looked": True,
        "audience": lines,
        "stopped": any(why for _partner, _agreement, why in lines),
        "unusual": services.audience_of(message.agency, chosen),
        "seen": seen,
        "label_words": LABEL_WORDS[terms["label"]],
    }


@require_safe
@agency_page(Action.READ_PARTNERS)
def shares(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List what we shared, what somebody has to look after first."""
    found = [(one, _title(one.newest), KINDS.get(one.newest.kind, one.newest.kind)) for one in overview.shares(agency)]
    found.sort(key=lambda row: not (row[0].late or row[0].stopped))
    return render(request, "shares/list.html", {"rows": found[:200], "section": "shares"})


@require_safe
@agency_page(Action.READ_PARTNERS)
def share(request: StaffRequest, agency: Agency, share: uuid.UUID) -> HttpResponse:
    """Show one share: who has it, every receipt, and what they see."""
    found = overview.share(agency, share)
    if found is None:
        raise Http404
    lines = [
        (line, *OFFERS[line.offer.state], [(each, RECEIPTS.get(each.said, each.said)) for each in line.receipts])
        for line in found.lines
    ]
    newest = from_row(found.newest.bundle)
    context = {
        "one": found,
        "lines": lines,
        "title": _title(found.newest),
        "seen": newest,
        "may": may(request.user, agency),
        "message": found.newest.subject.removeprefix("message:") if found.newest.kind == "message" else "",
        "label_words": LABEL_WORDS.get(found.newest.label, found.newest.label),
        "section": "shares",
    }
    return render(request, "shares/share.html", context)


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
    """Return the first words of what was offered; of a recall, why it was taken back."""
    found = from_row(offer.bundle)
    if found.shown is None:
        return _("Recalled: %(why)s") % {"why": found.why}
    return found.shown.title or next(iter(found.shown.texts.values()))[:80]
