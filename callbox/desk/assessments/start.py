"""Ways to start: from files, from the quick check, from a proof pack."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.forms import PackForm, UploadForm
from callbox.maturity import quick_check
from callbox.maturity.model import loader
from callbox.maturity.services import assessments as services
from callbox.maturity.services.packs import import_pack
from callbox.networks.models import Delivery, Item
from callbox.people.models import Agency
from callbox.people.roles import Action
from callbox.trust.models import Conversation

FULL_DISK = gettext_lazy(
    "The file could not be stored, and nothing was kept: %(why)s. Ask whoever runs Callbox for you to look at the disk."
)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.START_ASSESSMENT)
def upload(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Start an assessment from files. The files are stored before anything is acknowledged; a worker then reads them."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        columns = form.columns()
        files = [services.Incoming(file.name, file.chunks(), columns) for file in form.cleaned_data["archives"]]
        try:
            title = form.cleaned_data["title"] or _title()
            assessment = services.start_from_files(
                agency=agency, title=title, files=files, by=request.user, live=form.cleaned_data["live"]
            )
        except RefusedError as refused:
            form.add_error("archives", str(refused))
        except OSError as error:
            form.add_error("archives", FULL_DISK % {"why": error.strerror or error})
        else:
            return redirect(assessment)
    return render(
        request, "assessments/upload.html", {"section": "assessments", "form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.START_ASSESSMENT)
def own_record(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Start an assessment of what Callbox itself recorded: nothing to choose, nothing to upload."""
    if request.method == "POST":
        title = _("Our own record, begun %(day)s") % {"day": date_format(timezone.localdate(), "j F Y")}
        return redirect(services.start_from_own_record(agency=agency, title=title, by=request.user))
    held = {
        _("posts of your accounts"): Item.objects.of(agency).own_posts().count(),
        _("messages that went out"): Delivery.objects.of(agency).filter(state="sent", operation="publish").count(),
        _("conversations with residents"): Conversation.objects.of(agency).count(),
    }
    return render(request, "assessments/own_record.html", {"section": "assessments", "held": held})


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.START_ASSESSMENT)
def check(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Ask fifteen plain questions and make the first profile of the answers."""
    problem = ""
    if request.method == "POST":
        try:
            services.start_from_quick_check(
                agency=agency,
                title=_("Quick check, %(day)s") % {"day": date_format(timezone.localdate(), "j F Y")},
                levels=quick_check.declared({name: str(value) for name, value in request.POST.items()}),
                by=request.user,
            )
        except RefusedError as refused:
            problem = str(refused)
        else:
            messages.success(
                request, _("This is your first profile, by your own word. Your record can now confirm it.")
            )
            return redirect("profile", agency=agency.slug)
    practices = {practice.id: practice for practice in loader.load().practices}
    areas = {practice.id: area.name for area in loader.load().areas for practice in area.practices}
    asked = [
        (question, areas[question.practice], practices[question.practice], request.POST.get(question.practice, ""))
        for question in quick_check.questions()
    ]
    return render(
        request,
        "assessments/quick_check.html",
        {"section": "assessments", "asked": asked, "problem": problem},
        status=422 if problem else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.START_ASSESSMENT)
def from_pack(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Import a proof pack; every figure in it is computed anew first."""
    form = PackForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["pack"]
        try:
            assessment = import_pack(
                agency=agency, title=form.cleaned_data["title"], name=file.name, chunks=file.chunks(), by=request.user
            )
        except RefusedError as refused:
            form.add_error("pack", str(refused))
        except OSError as error:
            form.add_error("pack", FULL_DISK % {"why": error.strerror or error})
        else:
            messages.success(request, _("Imported. Every figure was computed anew and agrees with the pack."))
            return redirect(assessment)
    return render(
        request, "assessments/import.html", {"section": "assessments", "form": form}, status=422 if form.errors else 200
    )


def _title() -> str:
    return _("Assessment of %(day)s") % {"day": date_format(timezone.localdate(), "j F Y")}
