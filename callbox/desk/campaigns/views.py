"""Campaigns: the list, one campaign with picture and judgement, planning, its messages, counting."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import may, told
from callbox.desk.campaigns.forms import CountForm, PlanForm
from callbox.desk.campaigns.judged import judged
from callbox.desk.campaigns.pictures import campaign_picture
from callbox.desk.numbers import number_of
from callbox.people import days
from callbox.people.models import Agency
from callbox.people.roles import Action
from callbox.voice.models import Campaign, Message
from callbox.voice.services import campaigns as services

#: Messages that may still be made part of a campaign, newest first; more are found on their own page.
OFFERED = 50


def _door(request: StaffRequest, agency: Agency) -> QuerySet[Campaign]:
    return Campaign.objects.visible_to(request.user).of(agency).select_related("agency", "by")


@require_safe
@agency_page(Action.READ_MESSAGES)
def campaigns(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List the campaigns, newest first; what waits to be counted is said on top."""
    today = days.today(agency)
    context = {
        "section": "campaigns",
        "may": may(request.user, agency),
        "rows": _door(request, agency).annotate(sent=Count("messages")),
        "to_count": services.to_count(agency, today),
        "today": today,
    }
    return render(request, "campaigns/list.html", context)


@require_safe
@agency_page(Action.READ_MESSAGES)
def campaign(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show one campaign."""
    found = get_object_or_404(_door(request, agency), pk=pk)
    form = CountForm(initial={name: getattr(found, name) for name in ("count", "comparison_count", "learned")})
    return _page(request, agency, found, form)


def _page(request: StaffRequest, agency: Agency, found: Campaign, form: CountForm) -> HttpResponse:
    counts = services.counts_of(found)
    granted = may(request.user, agency)
    free = (
        Message.objects.of(agency)
        .filter(campaign=None, corrects=None)
        .exclude(state__in=("dropped", "out", "withdrawn"))
    )
    context = {
        "section": "campaigns",
        "may": granted,
        "campaign": found,
        "fixed": services.is_fixed(found),
        "over": found.ends < days.today(agency),
        "parts": _told(found.messages.order_by("pk")),
        "free": _told(free[:OFFERED]) if granted["write_message"] and not found.result else [],
        "picture": campaign_picture(found),
        "judged": judged(counts) if counts else None,
        "form": form,
    }
    return render(request, "campaigns/campaign.html", context, status=422 if form.errors else 200)


def _told(rows: QuerySet[Message]) -> list[tuple[Message, str]]:
    """Return messages with the first words of their newest version."""
    return [(row, row.newest.written.text[:90]) for row in rows.prefetch_related("versions")]


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.SET_GOALS)
def new_campaign(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Plan a campaign."""
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.plan(agency=agency, plan=form.plan(), by=request.user)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Planned. Now add the messages; with the first that leaves, the plan is fixed.")
            )
            return redirect("campaign", agency=agency.slug, pk=made.pk)
    return _form(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.SET_GOALS)
def change_campaign(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Change a plan whose first message has not left."""
    found = get_object_or_404(_door(request, agency), pk=pk)
    form = PlanForm(request.POST or None, initial=asdict(services.plan_of(found)))
    if request.method == "POST" and form.is_valid():
        try:
            services.change(campaign=found, plan=form.plan(), by=request.user)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("campaign", agency=agency.slug, pk=pk)
    return _form(request, form, found)


def _form(request: StaffRequest, form: PlanForm, found: Campaign | None) -> HttpResponse:
    context = {"section": "campaigns", "form": form, "campaign": found}
    return render(request, "campaigns/form.html", context, status=422 if form.errors else 200)


@require_POST
@agency_page(Action.WRITE_MESSAGE)
def add_message(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Make a message part of the campaign."""
    found = get_object_or_404(_door(request, agency), pk=pk)
    wanted = number_of(request.POST.get("message", ""))
    message = get_object_or_404(Message.objects.visible_to(request.user).of(agency), pk=wanted or 0)
    with told(request, _("The message is part of the campaign.")):
        services.add_message(campaign=found, message=message, by=request.user)
    return redirect("campaign", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.WRITE_MESSAGE)
def remove_message(request: StaffRequest, agency: Agency, pk: int, message: int) -> HttpResponse:
    """Take a message out of the campaign."""
    found = get_object_or_404(_door(request, agency), pk=pk)
    row = get_object_or_404(found.messages.all(), pk=message)
    with told(request, _("The message is no longer part of the campaign; it stays where it is.")):
        services.remove_message(campaign=found, message=row, by=request.user)
    return redirect("campaign", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.SET_GOALS)
def count(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Write down what was counted."""
    found = get_object_or_404(_door(request, agency), pk=pk)
    form = CountForm(request.POST)
    if form.is_valid():
        try:
            services.count(campaign=found, by=request.user, **form.cleaned_data)
        except RefusedError as refused:
            if found.ends >= days.today(agency):  # its page does not show the form yet
                messages.error(request, str(refused))
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Written down. What the numbers say stands below, whatever it is."))
            return redirect("campaign", agency=agency.slug, pk=pk)
    return _page(request, agency, found, form)
