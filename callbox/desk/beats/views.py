"""Beats at the desk: a file is looked at with all it would change, then saved as a whole."""

from __future__ import annotations

import json

from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from shapely.geometry import box

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import told
from callbox.desk.beats.forms import FileForm, Whole, field_name
from callbox.governance import places
from callbox.people.beats import shapes, streets
from callbox.people.beats.ground import Ground, ground_of
from callbox.people.models import Agency, Beat, Street
from callbox.people.roles import Action


@require_safe
@agency_page(Action.CHANGE_PORTAL)
def beats(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List the beats, and take files."""
    return _list(request, agency)


def _list(request: StaffRequest, agency: Agency, problems: tuple[str, ...] = (), *, of: str = "") -> HttpResponse:
    rows = Beat.objects.of(agency)
    context = {
        "beats": rows.standing().annotate(lines=Count("streets")),
        "ended": rows.exclude(ended_at=None),
        "streets": Street.objects.filter(beat__agency=agency).count(),
        "form": FileForm(auto_id="beats_%s"),
        "streets_form": FileForm(auto_id="streets_%s"),
        "problems": problems,
        "of": of,
        "public": f"{settings.PORTAL_URL}/p/{agency.slug}/beats/",
        "section": "beats",
    }
    return render(request, "beats/list.html", context)


@require_POST
@agency_page(Action.CHANGE_PORTAL)
def look_at_beats(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Show what a file would change; nothing is saved yet."""
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, agency, (_("Choose a file first."),), of="beats")
    return _look(request, agency, form.cleaned_data["file"].read(shapes.LARGEST + 1))


def _look(request: StaffRequest, agency: Agency, data: bytes, said: str = "") -> HttpResponse:
    try:
        drawn = shapes.read(data)
    except shapes.UnusableError as unusable:
        return _list(request, agency, unusable.problems, of="beats")
    found = places.changes(agency, drawn)
    west, south, east, north = Ground({each.code: each.shape for each in drawn}).bounds()
    stand = ground_of(agency)
    context = {
        "corners": [f"{degrees:.3f}" for degrees in (south, north, west, east)],
        "elsewhere": bool(stand.keys) and not box(west, south, east, north).intersects(box(*stand.bounds())),
        "found": found,
        "new": [found.names[code] for code in found.new],
        "ends": [found.names[code] for code in found.ends],
        "changed": [
            (found.names[code], ", ".join(field_name(name) for name in fields))
            for code, fields in found.changed.items()
        ],
        "overlaps": [(found.names[one], found.names[other]) for one, other in found.overlaps],
        "file": json.dumps(json.loads(data.decode("utf-8-sig")), separators=(",", ":"), ensure_ascii=False),
        "said": said,
        "section": "beats",
    }
    return render(request, "beats/look.html", context)


@require_POST
@agency_page(Action.CHANGE_PORTAL)
def save_beats(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Save what was looked at."""
    data = request.POST.get("file", "").encode()
    try:
        drawn = shapes.read(data)
    except shapes.UnusableError as unusable:
        return _list(request, agency, unusable.problems, of="beats")
    try:
        places.import_beats(agency=agency, drawn=drawn, seen=request.POST.get("seen", ""), by=request.user)
    except RefusedError as refused:
        return _look(request, agency, data, str(refused))
    messages.success(request, _("Saved. Residents see it from now on."))
    return redirect("beats", agency=agency.slug)


@require_POST
@agency_page(Action.CHANGE_PORTAL)
def save_streets(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Replace the address list."""
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, agency, (_("Choose a file first."),), of="streets")
    codes = set(Beat.objects.of(agency).standing().values_list("code", flat=True))
    try:
        found = streets.read(form.cleaned_data["file"].read(streets.LARGEST + 1), codes=codes)
    except shapes.UnusableError as unusable:
        return _list(request, agency, unusable.problems, of="streets")
    count = len(found)
    done = ngettext("The list of %(n)d line is saved.", "The list of %(n)d lines is saved.", count) % {"n": count}
    with told(request, done):
        places.import_streets(agency=agency, stretches=found, by=request.user)
    return redirect("beats", agency=agency.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.CHANGE_PORTAL)
def change_beat(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Say who works a beat."""
    row = get_object_or_404(Beat.objects.visible_to(request.user).of(agency).standing(), pk=pk)
    forms = Whole(row, request.POST if request.method == "POST" else None)
    if request.method == "POST" and forms.is_valid():
        with told(request, _("Saved. Residents see it from now on.")):
            places.change_beat(beat=row, by=request.user, **forms.values())
        return redirect("beats", agency=agency.slug)
    return render(request, "beats/beat.html", {"beat": row, "forms": forms, "form": forms.form, "section": "beats"})


@require_POST
@agency_page(Action.CHANGE_PORTAL)
def end_beat(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Take a beat off the public pages."""
    row = get_object_or_404(Beat.objects.visible_to(request.user).of(agency).standing(), pk=pk)
    with told(request, _("The beat is ended. Residents no longer see it.")):
        places.end_beat(beat=row, by=request.user)
    return redirect("beats", agency=agency.slug)
