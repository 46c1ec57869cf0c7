"""Watches: what waits for whom, what listens, one watch with everything that was said and done, and writing one."""

from __future__ import annotations

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from callbox.core.refusal import RefusedError
from callbox.core.text import SENTENCES, Reason
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import may, told
from callbox.desk.clock import zone_of
from callbox.desk.watches.forms import WatchForm, written
from callbox.desk.watches.gates import gates
from callbox.desk.watches.words import WATCHES
from callbox.governance.models import Approval
from callbox.intelligence.bases import bases
from callbox.intelligence.models import Source, Watch, WatchVersion
from callbox.intelligence.safeguards import topics
from callbox.intelligence.services import permission, trying
from callbox.intelligence.services import watches as services
from callbox.people.models import Agency
from callbox.people.roles import Action

PAGE: Final = 50


@require_safe
@agency_page(Action.READ_WATCHES)
def watches(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List watches: those that wait for somebody, those that listen, then all others."""
    rows = Watch.objects.of(agency).select_related("by").prefetch_related("versions")
    page = Paginator(rows.exclude(state__in=("stopped", "submitted", "allowed")), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "waiting": [_line(row) for row in rows.filter(state__in=("stopped", "submitted")).order_by("changed_at")],
        "listening": [_line(row) for row in rows.filter(state="allowed").order_by("ends")],
        "others": [_line(row) for row in page],
        "page": page,
        "may": may(request.user, agency),
        "now": timezone.now(),
        "section": "watches",
    }
    return render(request, "watches/list.html", context)


def _line(row: Watch) -> dict[str, Any]:
    version = max(row.versions.all(), key=lambda each: each.number)
    return {"row": row, "version": version, "word": WATCHES[row.state], "basis": _basis(version)}


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.WRITE_WATCH)
def new_watch(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Write a watch; “Try the words” shows what they touch and would have found, and keeps nothing."""
    return _write(request, agency, None)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.WRITE_WATCH)
def edit_watch(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Write its next version."""
    return _write(request, agency, find(agency, pk))


def _write(request: StaffRequest, agency: Agency, row: Watch | None) -> HttpResponse:
    with timezone.override(zone_of(agency)):
        initial = None if row is None or request.method == "POST" else written(row)
        form = WatchForm(request.POST if request.method == "POST" else None, agency=agency, initial=initial)
        tried: trying.Tried | None = None
        if form.is_valid():
            try:
                if request.POST.get("act") == "try":
                    tried = trying.try_words(agency=agency, said=form.said(), by=request.user)
                else:
                    return _keep(request, agency, row, form)
            except RefusedError as refused:
                form.add_error(None, str(refused))
        context = {
            "form": form,
            "watch": row,
            "tried": tried,
            "touched": [(each, _sentence(each.reason)) for each in tried.findings] if tried else (),
            "days": trying.DAYS,
            "bases": bases().values(),
            "gates": gates(agency),
            "sourceless": not Source.objects.of(agency).open().exists(),
            "section": "watches",
        }
        return render(request, "watches/write.html", context, status=422 if form.errors else 200)


def _keep(request: StaffRequest, agency: Agency, row: Watch | None, form: WatchForm) -> HttpResponse:
    if row is None:
        row = services.draft(agency=agency, said=form.said(), by=request.user)
    else:
        services.save(watch=row, said=form.said(), by=request.user)
    with told(request, _("Kept as a draft. It listens to nothing until you hand it in and somebody else allows it.")):
        return redirect("watch", agency=agency.slug, pk=row.pk)


@require_safe
@agency_page(Action.READ_WATCHES)
def watch(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show one watch: its words, what they touch, why it does or does not listen, and everything that was done."""
    row = find(agency, pk)
    versions = list(row.versions.select_related("by").order_by("-number"))
    newest, now = versions[0], timezone.now()
    newest.watch = row
    obstacles = permission.obstacles(row, now) if row.state == "allowed" else ()
    context = {
        "watch": row,
        "said": newest,
        "versions": versions,
        "word": WATCHES[row.state],
        "basis": _basis(newest),
        "sources": Source.objects.of(agency).filter(pk__in=newest.sources),
        "findings": _explained(newest),
        "obstacles": [_sentence(reason) for reason in obstacles],
        "sign_offs": row.sign_offs.select_related("by"),
        "approvals": Approval.objects.of(agency).filter(subject=row.subject).select_related("by"),
        "matches": row.matches.count(),
        "author": any(version.by_id == request.user.pk for version in versions),
        "may": may(request.user, agency),
        "section": "watches",
    }
    return render(request, "watches/watch.html", context)


def find(agency: Agency, pk: int) -> Watch:
    """Return a watch of the agency; 404 where it has none of this number."""
    return get_object_or_404(Watch.objects.of(agency).select_related("agency", "by"), pk=pk)


def _basis(version: WatchVersion) -> str:
    known = bases().get(version.basis)
    return known.title if known else version.basis


def _explained(version: WatchVersion) -> list[dict[str, Any]]:
    """Return what the safeguards found when it was saved, the words of one kind together: the sentence, their places, and the law."""
    places = {"query": _("words"), "title": _("name"), "purpose": _("purpose"), "area": _("area")}
    known, alike = topics(), dict[tuple[str, str], list[dict[str, Any]]]()
    for each in version.findings:
        alike.setdefault((each["code"], each["topic"]), []).append(each)
    found = []
    for (code, topic_id), some in alike.items():
        topic = known.get(topic_id)
        words = "”, “".join(each["word"] for each in some)
        found.append(
            {
                "sentence": _sentence(Reason(code, {"word": words, "topic": _(topic.title) if topic else topic_id})),
                "places": [(places.get(each["field"], each["field"]), each["at"] + 1) for each in some],
                "law": topic.law if topic else "",
                "refuses": some[0]["demand"] == "refuse",
            }
        )
    return found


def _sentence(reason: Reason) -> str:
    return _(SENTENCES[reason.code]) % dict(reason.values)
