"""The board, and one event: why it stands where it stands, its posts, where nobody listened, what was found, what can be done."""

from __future__ import annotations

from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import may
from callbox.desk.events.forms import CloseForm, FindingForm, KeepForm, MergeForm, NameForm
from callbox.desk.events.growth import growth_of
from callbox.governance.models import AuditEvent
from callbox.intelligence.models import Assessment, Event, Match, Reveal, Sighting, Watch
from callbox.intelligence.services import events as services
from callbox.intelligence.services.families import root, sightings
from callbox.intelligence.services.figures import risen_at
from callbox.intelligence.services.findings import searched
from callbox.intelligence.services.reveals import looks_of
from callbox.people.models import Agency
from callbox.people.roles import Action

PAGE: Final = 50
#: What each choice of the board shows, in the order of its columns.
COLUMNS: Final = {
    "open": ("new", "checking", "confirmed"),
    "refuted": ("refuted",),
    "closed": ("closed",),
    "merged": ("merged",),
}


@require_safe
@agency_page(Action.READ_EVENTS)
def events(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Show the board: what needs somebody first. The words of posts stand on the page of each event alone."""
    shown = request.GET.get("show", "open")
    shown = shown if shown in COLUMNS else "open"
    rows = Event.objects.of(agency).select_related("owner", "merged_into")
    now = timezone.now()
    columns = []
    for state in COLUMNS[shown]:
        ordered = (
            rows.filter(state=state) if shown == "open" else rows.filter(state=state).order_by("-changed_at", "-pk")
        )
        page = Paginator(ordered, PAGE).get_page(request.GET.get("page"))
        growth = growth_of(page.object_list, now=now)
        columns.append((state, page, [(row, growth[row.pk], risen_at(row)) for row in page.object_list]))
    context: dict[str, Any] = {
        "columns": columns,
        "shown": shown,
        "any": Event.objects.of(agency).exists(),
        "waiting": rows.filter(state="new").count(),
        "listens": Watch.objects.of(agency).running(now).exists(),
        "asked": Reveal.objects.filter(agency=agency, state="asked").count(),
        "may": may(request.user, agency),
        "section": "events",
    }
    return render(request, "events/board.html", context)


@require_safe
@agency_page(Action.READ_EVENTS)
def event(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show one event."""
    return show(request, agency, find(agency, pk))


def find(agency: Agency, pk: int) -> Event:
    """Return an event of the agency, or 404."""
    return get_object_or_404(Event.objects.of(agency).select_related("agency", "owner", "merged_into"), pk=pk)


def find_sighting(agency: Agency, pk: int) -> Sighting:
    """Return a post of the agency that stands in an event, or 404."""
    rows = Sighting.objects.of(agency).select_related("agency", "event__agency", "event__owner", "source")
    return get_object_or_404(rows.exclude(event=None), pk=pk)


def show(
    request: StaffRequest,
    agency: Agency,
    row: Event,
    *,
    finding: FindingForm | None = None,
    close: CloseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render an event, with what was typed where something stood in the way. That it was read is in the trail before it is shown."""
    services.read(event=row, by=request.user)
    now = timezone.now()
    whole = sightings(row)
    page = Paginator(_posts(whole), PAGE).get_page(request.GET.get("page"))
    seen = looks_of(agency, [each.pk for each in page.object_list])
    merging = MergeForm(event=row)
    context: dict[str, Any] = {
        "event": row,
        "subject": row.subject,
        "root": root(row),
        "mine": row.owner_id == request.user.pk,
        "risen": risen_at(row),
        "growth": growth_of([row], now=now)[row.pk],
        "page": page,
        "posts": [(each, list(each.duplicates.all()), seen.get(each.pk, 0)) for each in page.object_list],
        "folded": whole.exclude(duplicate_of=None).count(),
        "searched": searched(row, now=now),
        "assessments": Assessment.objects.filter(event=row).select_related("by").order_by("-at", "-pk"),
        "parts": Event.objects.of(agency).filter(merged_into=row),
        "history": AuditEvent.objects.filter(agency=agency, target=row.subject)
        .exclude(action="event.read")
        .order_by("-pk")[:50],
        "readers": AuditEvent.objects.filter(agency=agency, target=row.subject, action="event.read").count(),
        "review_by": whole.filter(gone_at=None).order_by("review_by").values_list("review_by", flat=True).first(),
        "following": _following(row),
        "finding": finding or FindingForm(),
        "close": close or CloseForm(),
        "naming": NameForm(initial={"title": row.title, "place": row.place}),
        "merging": merging,
        "mergeable": merging.fields["into"].queryset.exists(),  # type: ignore[attr-defined]  # a choice of rows
        "past": row.state in {"refuted", "merged"},
        "keeping": KeepForm(),
        "may": may(request.user, agency),
        "section": "events",
    }
    return render(request, "events/event.html", context, status=status)


def _posts(whole: Any) -> Any:
    """Return the posts a page lists: the first of those that say the same, oldest first, with what each repeats under it."""
    matches = Match.objects.prefetch_related("watch__versions").order_by("pk")
    copies = Sighting.objects.select_related("source").order_by("at", "pk")
    return (
        whole.filter(duplicate_of=None)
        .select_related("source")
        .prefetch_related(Prefetch("matches", matches), Prefetch("duplicates", copies))
        .order_by("at", "pk")
    )


def _following(row: Event) -> Event | None:
    """Return the event after this one on the board, among those nobody has: the way through with one key."""
    standing = Event.objects.of(row.agency).filter(state="new")
    below = Q(score__lt=row.score) | Q(score=row.score, last_at__lt=row.last_at)
    return standing.filter(below).exclude(pk=row.pk).first()
