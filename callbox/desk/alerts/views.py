"""Alerts to read: actual ones and exercises apart, one alert as people will see it, its area, its file."""

from __future__ import annotations

from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.alerts import words
from callbox.desk.assessments.told import may
from callbox.desk.incidents.escalation_views import place
from callbox.desk.incidents.forms import LINKED_WORDS
from callbox.flows import alerting, escalation, publication, sharing
from callbox.governance import freezing
from callbox.governance.models import Approval
from callbox.governance.policy import NEEDED, TWO_APPROVERS
from callbox.operations.alert_picture import WIDTHS, draw
from callbox.operations.cap.templates import templates
from callbox.operations.cap.vocabulary import MEDIA_TYPE, Info
from callbox.operations.cap.writing import write
from callbox.operations.models import Alert
from callbox.operations.services import alert_messages
from callbox.operations.services import alerts as services
from callbox.people.beats.ground import ground_of
from callbox.people.models import Agency
from callbox.people.roles import Action
from callbox.voice.models import Message

PAGE: Final = 50


def door(request: StaffRequest, agency: Agency) -> QuerySet[Alert]:
    """Return the alerts this person may see here."""
    return Alert.objects.visible_to(request.user).of(agency).select_related("agency", "by", "follows", "incident")


@require_safe
@agency_page(Action.READ_ALERTS)
def alerts(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List alerts: what holds now, what is being worked on, what is over; exercises in a list of their own."""
    rows, now = door(request, agency), timezone.now()
    holding = set(Alert.objects.of(agency).holding(now).exclude(kind="Cancel").values_list("pk", flat=True))
    real = Paginator(rows.real(), PAGE).get_page(request.GET.get("page"))  # type: ignore[attr-defined]  # our own verbs
    practice = rows.filter(exercise=True)[:PAGE]
    context = {
        "real": [_line(row, holds=row.pk in holding) for row in real],
        "practice": [_line(row, holds=row.pk in holding) for row in practice],
        "page": real,
        "templates": templates().values(),
        "may": may(request.user, agency),
        "freeze": freezing.standing(agency),
        "section": "alerts",
    }
    return render(request, "alerts/list.html", context)


def _line(row: Alert, *, holds: bool) -> dict[str, Any]:
    info = row.newest.written.first
    return {
        "alert": row,
        "headline": info.headline,
        "severity": words.plain(words.SEVERITY, info.severity).partition(":")[0],
        "word": words.STATES[row.state],
        "kind": words.KINDS.get(row.kind, row.kind),
        "holds": holds,
    }


@require_safe
@agency_page(Action.READ_ALERTS)
def alert(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show one alert."""
    return render(request, "alerts/alert.html", context_of(request, agency, find(request, agency, pk)))


def find(request: StaffRequest, agency: Agency, pk: int) -> Alert:
    """Return one alert this person may see."""
    return get_object_or_404(door(request, agency), pk=pk)


def context_of(request: StaffRequest, agency: Agency, row: Alert) -> dict[str, Any]:
    """Return everything the page of one alert shows."""
    version, granted = row.newest, may(request.user, agency)
    open_ = row.state in services.OPEN
    bound = alerting.bound_of(version) if open_ else None
    given = services.given(row, bound) if bound else []
    mine = request.user.pk in services.authors_of(row)
    approved = any(each.by_id == request.user.pk for each in given)
    followed = Alert.objects.published().filter(follows=row).first()
    content = version.written
    return {
        "alert": row,
        "saved": version,
        "content": content,
        "infos": [(info, words.LANGUAGE_NAMES.get(info.language, info.language)) for info in content.infos],
        "facts": _facts(content.first),
        "shaped": any(area.polygons or area.circles for area in content.first.areas),
        "widths": WIDTHS,
        "word": words.STATES[row.state],
        "kind": words.KINDS.get(row.kind, row.kind),
        "danger": content.dangerous,
        "may": granted,
        "problems": alerting.problems_of(version) if open_ else [],
        "previews": alerting.previews_of(version) if open_ and version.accounts and content.infos else [],
        "digest": bound.digest if bound else "",
        "given": given,
        "needed": NEEDED[TWO_APPROVERS] - len(given),
        "approving": row.state == "submitted" and granted["approve_alert"] and not mine and not approved,
        "mine": mine,
        "approved_by_me": approved,
        "approvals": Approval.objects.of(agency).filter(subject=row.subject).select_related("by"),
        "versions": row.versions.select_related("by").order_by("-number"),
        "line": [*row.line, row],
        "begun": _begun(request, row),
        "offerable": not sharing.given_alert(row).obstacle,
        "followed": followed,
        "may_follow": granted["write_alert"] and row.state == "published" and row.kind != "Cancel" and not followed,
        "open": open_,
        "message": _message(row),
        "address": alert_messages.address(row),
        "xml": row.xml or _draft_xml(row),
        "freeze": freezing.standing(agency),
        "section": "alerts",
    }


def _begun(request: StaffRequest, row: Alert) -> dict[str, Any] | None:
    """Return what it was begun from, where that is no incident (which stands beside it) and the reader may read it."""
    found = escalation.matter(agency=row.agency, subject=row.about, by=request.user) if row.about else None
    if found is None or found.subject.startswith("incident:"):
        return None
    word = LINKED_WORDS.get(found.subject.partition(":")[0], "")
    return {"title": found.title, "word": word, "url": place(row.agency, found.subject)}


def _facts(info: Info) -> list[str]:
    return [
        words.plain(words.URGENCY, info.urgency),
        words.plain(words.SEVERITY, info.severity),
        words.plain(words.CERTAINTY, info.certainty),
        *[words.plain(words.CATEGORY, each) for each in info.category],
        *[words.plain(words.RESPONSE, each) for each in info.response],
    ]


def _message(row: Alert) -> dict[str, Any] | None:
    """Return the message that took it to its accounts, with where it stands."""
    if not row.message:
        return None
    found = Message.objects.of(row.agency).filter(pk=int(row.message.partition(":")[2])).first()
    return None if found is None else {"row": found, "standing": publication.standing(found)}


def _draft_xml(row: Alert) -> str:
    """Return what the file would hold if it were sent now; empty where it cannot be written yet."""
    try:
        return write(alert_messages.message_of(row.newest, sent=timezone.now())).decode()
    except ValueError:
        return ""


@require_safe
@agency_page(Action.READ_ALERTS)
def picture(request: StaffRequest, agency: Agency, pk: int, wide: int) -> HttpResponse:
    """Draw the area."""
    row = find(request, agency, pk)
    content = row.newest.written
    if wide not in WIDTHS:
        raise Http404
    drawn = draw(content.first.areas, ground_of(agency), wide=wide, exercise=row.exercise, danger=content.dangerous)
    if not drawn:
        raise Http404
    return HttpResponse(drawn, content_type="image/svg+xml", headers={"Cache-Control": "private, no-store"})


@require_safe
@agency_page(Action.READ_ALERTS)
def download(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Hand out the bytes that were published, or what they would be."""
    row = find(request, agency, pk)
    text = row.xml or _draft_xml(row)
    if not text:
        raise Http404
    name = f"{row.identifier}{'' if row.xml else '-draft'}.xml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type=f"{MEDIA_TYPE}; charset=utf-8", headers=headers)
