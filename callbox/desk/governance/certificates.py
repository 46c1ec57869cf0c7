"""Certificates of what was purged: on a page, and as a table to keep."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.planning.handing import hand_out
from callbox.governance.models import Disposal
from callbox.governance.retention.classes import classes
from callbox.maturity.report.table import Column, Table
from callbox.people.models import Agency
from callbox.people.roles import Action

PAGE = 50
_COLUMNS = ("certificate", "at", "kind", "what", "days", "count", "held", "first", "last", "digest")


@require_safe
@agency_page(Action.READ_RETENTION)
def certificates(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List the certificates, newest first."""
    rows = Disposal.objects.visible_to(request.user).filter(agency=agency)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.title = _title(row.class_id)  # type: ignore[attr-defined]
    return render(request, "governance/certificates.html", {"section": "retention", "page": page})


@require_safe
@agency_page(Action.READ_RETENTION)
def export(request: StaffRequest, agency: Agency, ending: str) -> HttpResponse:
    """Hand out every certificate as a table."""
    rows = Disposal.objects.visible_to(request.user).filter(agency=agency).order_by("pk")
    table = Table(
        name="certificates",
        title="Certificates of disposal",
        columns=tuple(Column(key, key.capitalize()) for key in _COLUMNS),
        rows=tuple(
            (
                row.pk,
                row.at.isoformat(),
                row.class_id,
                row.then,
                row.days,
                row.count,
                row.held,
                row.first.isoformat(),
                row.last.isoformat(),
                row.digest,
            )
            for row in rows
        ),
    )
    return hand_out(table, ending, prefix=agency.slug)


def _title(class_id: str) -> str:
    return classes()[class_id].title if class_id in classes() else class_id
