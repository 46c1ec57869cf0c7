"""Sources: the list with signs of life and silences, one source with its terms, registering one."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import may, told
from callbox.desk.sources.forms import SourceForm, TermsForm
from callbox.intelligence.models import Silence, Source, Watch
from callbox.intelligence.platforms import barred
from callbox.intelligence.services import sources as services
from callbox.people.models import Agency
from callbox.people.roles import Action

#: Silences shown on the page of a source.
SHOWN: Final = 30


@require_safe
@agency_page(Action.READ_SOURCES)
def sources(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List every source: open ones first, with what is wrong with them."""
    rows = Source.objects.of(agency).order_by("-state", "title")
    silent = set(Silence.objects.filter(source__agency=agency, ended_at=None).values_list("source", flat=True))
    context = {
        "rows": [(row, row.pk in silent) for row in rows],
        "today": timezone.now().date(),
        "barred": barred(),
        "may": may(request.user, agency),
        "section": "sources",
    }
    return render(request, "sources/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.CHANGE_SOURCE)
def new_source(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Register a source."""
    form = SourceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            row = services.register(agency=agency, **form.cleaned_data, by=request.user)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            with told(request, _("Registered. Nothing listens to it before a watch is allowed to.")):
                return redirect("source", agency=agency.slug, pk=row.pk)
    context = {"form": form, "barred": barred(), "section": "sources"}
    return render(request, "sources/new.html", context, status=422 if form.errors else 200)


@require_safe
@agency_page(Action.READ_SOURCES)
def source(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show one source."""
    row = _find(agency, pk)
    return _show(request, row, TermsForm(initial={"rights": row.rights}))


@require_POST
@agency_page(Action.CHANGE_SOURCE)
def renew(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Write down that its terms were read again; what was typed stays on the page when it does not go through."""
    row, form = _find(agency, pk), TermsForm(request.POST)
    if form.is_valid():
        try:
            services.renew_terms(source=row, **form.cleaned_data, by=request.user)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            with told(request, _("Written down. Watches may listen here until that day.")):
                return redirect("source", agency=agency.slug, pk=pk)
    return _show(request, row, form, status=422)


@require_POST
@agency_page(Action.CHANGE_SOURCE)
def token(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Keep another token, or none."""
    with told(request, _("Kept, sealed.")):
        services.set_token(source=_find(agency, pk), token=request.POST.get("token", "")[:500], by=request.user)
    return redirect("source", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.CHANGE_SOURCE)
def close(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Stop listening to it."""
    with told(request, _("Closed. No watch listens here any more; what was found stays for its days.")):
        services.close(source=_find(agency, pk), by=request.user)
    return redirect("source", agency=agency.slug, pk=pk)


@require_POST
@agency_page(Action.CHANGE_SOURCE)
def reopen(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Let watches listen to it again."""
    with told(request, _("Open again, from now on.")):
        services.reopen(source=_find(agency, pk), by=request.user)
    return redirect("source", agency=agency.slug, pk=pk)


def _find(agency: Agency, pk: int) -> Source:
    return get_object_or_404(Source.objects.of(agency).select_related("agency", "by"), pk=pk)


def _show(request: StaffRequest, row: Source, terms: TermsForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "source": row,
        "played": services.is_played(row),
        "due": row.rights_until <= timezone.now().date(),
        "terms": terms,
        "silences": row.silences.all()[:SHOWN],
        "watches": Watch.objects.of(row.agency)
        .running(timezone.now())
        .filter(sources=row)
        .prefetch_related("versions"),
        "may": may(request.user, row.agency),
        "section": "sources",
    }
    return render(request, "sources/source.html", context, status=status)
