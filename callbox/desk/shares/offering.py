"""Offering a message, an alert or an event, after a look at who gets what."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from callbox.collaboration.bundle import Shown
from callbox.collaboration.models import Partner
from callbox.collaboration.services import agreements
from callbox.collaboration.services import offers as services
from callbox.core.refusal import RefusedError
from callbox.core.text import SENTENCES
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import told
from callbox.desk.clock import zone_of
from callbox.desk.partners.forms import LABEL_WORDS
from callbox.desk.shares.forms import OfferEventForm, OfferForm
from callbox.flows import escalation, sharing
from callbox.flows.sharing import Given
from callbox.intelligence.models import Event
from callbox.operations.models import Alert
from callbox.people.models import Agency
from callbox.people.roles import Action
from callbox.voice.models import Message


@dataclass(frozen=True, slots=True)
class _Thing:
    """What is offered. title, url: its own page.  lists: name and address of where it stands among others.  offer: does it.

    given: what it would be with what was typed.
    """

    title: str
    url: str
    lists: tuple[str, str]
    offer: Callable[..., uuid.UUID]
    given: Callable[[dict[str, Any]], Given]
    form: type[OfferForm] = OfferForm
    typed: Sequence[str] = ()
    initial: dict[str, Any] = field(default_factory=dict)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.OFFER)
def offer_message(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Offer a message."""
    row = get_object_or_404(Message.objects.visible_to(request.user).of(agency).select_related("agency"), pk=pk)
    content = row.newest.written
    thing = _Thing(
        content.title or content.text[:60],
        _url("message", agency, row.pk),
        (_("Messages"), _url("messages", agency)),
        lambda **terms: sharing.offer_message(message=row, **terms),
        lambda _typed: sharing.given_message(row),
    )
    return _page(request, agency, thing)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.OFFER)
def offer_alert(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Offer an alert that is out."""
    row = get_object_or_404(
        Alert.objects.visible_to(request.user).of(agency).select_related("agency", "follows"), pk=pk
    )
    thing = _Thing(
        row.newest.written.first.headline or _("Alert"),
        _url("alert", agency, row.pk),
        (_("Alerts"), _url("alerts", agency)),
        lambda **terms: sharing.offer_alert(alert=row, **terms),
        lambda _typed: sharing.given_alert(row),
    )
    return _page(request, agency, thing)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.OFFER)
def offer_event(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Tell partners of a confirmed event."""
    if escalation.matter(agency=agency, subject=f"event:{pk}", by=request.user) is None:
        raise Http404
    row = Event.objects.of(agency).select_related("agency").get(pk=pk)
    thing = _Thing(
        row.title,
        _url("event", agency, row.pk),
        (_("Events"), _url("events", agency)),
        lambda **terms: sharing.offer_event(event=row, **terms),
        lambda typed: sharing.given_event(row, **typed),
        form=OfferEventForm,
        typed=("text", "urgent"),
        initial={"text": row.place, "label": "green"},
    )
    return _page(request, agency, thing)


def _url(name: str, agency: Agency, pk: int | None = None) -> str:
    return reverse(name, kwargs={"agency": agency.slug} | ({} if pk is None else {"pk": pk}))


def _page(request: StaffRequest, agency: Agency, thing: _Thing) -> HttpResponse:
    """Let partners be chosen, show who they are and what exactly they would see, then offer."""
    partners = Partner.objects.visible_to(request.user).of(agency).standing().exclude(public_key="")
    partners = partners.select_related("agency")
    with timezone.override(zone_of(agency)):
        form = thing.form(request.POST or None, partners=partners, initial=thing.initial)
        looked: dict[str, Any] = {}
        if form.is_valid():
            data = form.cleaned_data
            chosen, typed = list(data["partners"]), {name: data[name] for name in thing.typed}
            terms = {"label": data["label"], "expires": data["expires"]}
            try:
                if "offer" in request.POST:
                    share = thing.offer(partners=chosen, by=request.user, **terms, **typed)
                    with told(request, _("Offered. Below stands who has it and what became of it.")):
                        return redirect("partner_share", agency=agency.slug, share=share)
                looked = _look(thing.given(typed), chosen, **terms)
            except RefusedError as refused:
                form.add_error(None, str(refused))
        context = {
            "thing": thing,
            "form": form,
            "none": not partners.exists(),
            "obstacle": thing.given({}).obstacle,
            "section": "shares",
            **looked,
        }
        return render(request, "shares/offer.html", context, status=422 if form.errors else 200)


def _look(given: Given, chosen: list[Partner], **terms: Any) -> dict[str, Any]:
    """Return who gets it under which agreement, what is in the way, what is unusual, and what they would see, field by field."""
    lines, seen = [], None
    terms["expires"] = given.until(terms["expires"])
    shown: Shown | None = given.shown
    for partner in chosen:
        agreement, code = agreements.covering(partner, kind=given.kind, **terms)
        lines.append((partner, agreement, _(SENTENCES[code]) if code else ""))
        if agreement is not None and seen is None and shown is not None:
            seen = services.preview(agreement, kind=given.kind, shown=shown, **terms)
    return {
        "looked": True,
        "audience": lines,
        "stopped": any(why for _partner, _agreement, why in lines),
        "unusual": services.audience_of(given.agency, chosen),
        "seen": seen,
        "label_words": LABEL_WORDS[terms["label"]],
    }
