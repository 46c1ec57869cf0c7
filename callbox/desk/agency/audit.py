"""The audit trail of an agency: read, verify, export."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from django.conf import settings
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from callbox.desk.access import StaffRequest, agency_page, told_already
from callbox.governance import audit as trail
from callbox.governance import chain
from callbox.governance.actions import Audited
from callbox.governance.models import AuditEvent
from callbox.people.models import Agency
from callbox.people.roles import Action

PAGE = 50
#: A SHA-256, whole in the export, shown by its beginning.
_DIGEST = re.compile("[0-9a-f]{64}")


@require_safe
@agency_page(Action.READ_AUDIT)
def audit(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List the events, newest first, narrowed by action or person."""
    events = AuditEvent.objects.visible_to(request.user).filter(agency=agency).order_by("-pk")
    action, who = request.GET.get("action", ""), request.GET.get("who", "").strip()[:100].replace("\0", "")
    if action in Audited:
        events = events.filter(action=action)
    if who:
        events = events.filter(by_name__icontains=who)
    page = Paginator(events, PAGE).get_page(request.GET.get("page"))
    for event in page:
        event.words = _words(event)  # type: ignore[attr-defined]
        event.name = _name(event.action)  # type: ignore[attr-defined]
    context = {
        "page": page,
        "actions": [(one.value, _name(one)) for one in Audited],
        "action": action,
        "who": who,
        "section": "audit",
    }
    return render(request, "desk/audit/list.html", context)


def _name(action: str) -> str:
    """Return an action as people say it; one that this version does not know, as it is written."""
    return Audited(action).label.capitalize() if action in Audited else action


def _words(event: AuditEvent) -> str:
    """Return the event's data as one line people can read."""
    parts = []
    for key, value in event.data.items():
        if value in ("", [], {}):
            continue
        if event.action == Audited.AGENCY_CHANGED and isinstance(value, list) and len(value) == 2:
            parts.append(f"{key}: {_short(value[0])} → {_short(value[1])}")
        else:
            parts.append(f"{key}: {_short(value)}")
    return ", ".join(parts)


def _short(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_short(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{_short(key)} {_short(one)}" for key, one in value.items())
    if isinstance(value, str):
        return f"{value[:12]}…" if _DIGEST.fullmatch(value) else value
    return json.dumps(value, ensure_ascii=False)


@require_POST
@agency_page(Action.READ_AUDIT)
def audit_verify(request: StaffRequest, agency: Agency) -> HttpResponse:  # noqa: ARG001
    """Recompute the whole chain now and show what was found."""
    try:
        verdict = trail.verify(checkpoints=chain.read_checkpoints(settings.AUDIT_WITNESS))
    except ValueError as error:
        return render(request, "desk/audit/verdict.html", {"unreadable": str(error), "section": "audit"})
    return render(request, "desk/audit/verdict.html", {"verdict": verdict, "section": "audit"})


@require_POST
@agency_page(Action.READ_AUDIT)
def audit_export(request: StaffRequest, agency: Agency) -> HttpResponseBase:
    """Hand out the sealed chain as JSON Lines; other agencies' events are bare digests in it."""
    with transaction.atomic():
        head = trail.checkpoint()
        trail.record(
            agency=agency,
            by=request.user,
            action=Audited.AUDIT_EXPORTED,
            target=f"agency:{agency.slug}",
            data={"links": head.sequence if head else 0},
        )

    def lines() -> Iterator[str]:
        for link in trail.links(agency=agency):
            yield chain.to_line(link) + "\n"

    name = f"callbox-audit-{agency.slug}.jsonl"
    response = StreamingHttpResponse(
        lines(),
        content_type="application/jsonl; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    return told_already(response)
