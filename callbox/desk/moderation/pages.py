"""What was hidden, by whom, on which ground and what became of it; the grounds; the monthly counts."""

from __future__ import annotations

import csv
import io
from dataclasses import fields
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from callbox.desk.access import StaffRequest, agency_page, counted
from callbox.desk.assessments.told import may
from callbox.desk.moderation.forms import DecisionForm, PolicyForm, RestoreForm
from callbox.governance.moderation.grounds import DECIDED_WITHIN, grounds, overdue_for_review
from callbox.governance.moderation.lint import findings
from callbox.people import days
from callbox.people.models import Agency
from callbox.people.roles import Action
from callbox.trust.models import Hiding
from callbox.trust.services import appeals, moderation_counts
from callbox.trust.services import moderation as services

PAGE: Final = 50


@require_safe
@agency_page(Action.READ_INBOX)
def moderation(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List every hiding: objections that wait first, then the newest."""
    rows = Hiding.objects.of(agency).select_related("item__connection", "by", "agency", "notice__delivery")
    page = Paginator(rows.exclude(state="appealed"), PAGE).get_page(request.GET.get("page"))
    counts = moderation_counts.monthly(agency)
    decided = sum(month.upheld + month.overturned for month in counts)
    context = {
        "appealed": [(row, grounds()[row.ground], appeals.due(row)) for row in rows.appealed()],
        "page": page,
        "rows": [(row, grounds()[row.ground]) for row in page],
        "months": [(month, grounds()[month.ground]) for month in counts],
        "decided": decided,
        "overturned": sum(month.overturned for month in counts),
        "today": days.today(agency),
        "section": "moderation",
    }
    return render(request, "moderation/list.html", context)


@require_safe
@agency_page(Action.READ_INBOX)
def hiding(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show one hiding with its copy, its clock, what the author was told and said, and what was decided."""
    return show(request, agency, find(agency, pk))


def find(agency: Agency, pk: int) -> Hiding:
    """Return a hiding of the agency.

    Raises:
        Http404: there is none.
    """
    rows = Hiding.objects.of(agency).select_related(
        "item__connection__agency", "agency", "by", "decided_by", "undone_by", "notice__delivery"
    )
    return get_object_or_404(rows, pk=pk)


def show(
    request: StaffRequest, agency: Agency, row: Hiding, *, status: int = 200, address: str = "", **given: Any
) -> HttpResponse:
    """Render a hiding. address: of the author's page, shown this once."""
    line = row.item.line if hasattr(row.item, "line") else None
    context: dict[str, Any] = {
        "hiding": row,
        "ground": grounds()[row.ground],
        "copy_whole": services.digest(row.snapshot) == row.snapshot_digest,
        "conversation": line.conversation_id if line else None,
        "told": appeals.is_told(row),
        "can_tell": appeals.can_tell(row),
        "due": appeals.due(row),
        "within": DECIDED_WITHIN,
        "own": row.by_id == request.user.pk,
        "restore": RestoreForm(),
        "decision": DecisionForm(),
        "address": address,
        "may": may(request.user, agency),
        "section": "moderation",
        **given,
    }
    response = render(request, "moderation/hiding.html", context, status=status)
    if address:
        response.headers["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.READ_INBOX)
def law(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Show the written grounds, and look at a comment policy; what was pasted is not kept."""
    form = PolicyForm(request.POST or None)
    looked = request.method == "POST" and form.is_valid()
    context = {
        "grounds": grounds().values(),
        "overdue": overdue_for_review(days.today(agency)),
        "form": form,
        "looked": looked,
        "findings": findings(form.cleaned_data["text"]) if looked else [],
        "section": "moderation",
    }
    return render(request, "moderation/grounds.html", context, status=422 if form.errors else 200)


@require_safe
@agency_page(Action.READ_INBOX)
def counts_csv(request: StaffRequest, agency: Agency) -> HttpResponse:  # noqa: ARG001
    """Return the monthly counts as CSV."""
    rows, text = moderation_counts.as_rows(agency), io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(moderation_counts.Month)])
    writer.writeheader()
    writer.writerows(rows)
    name = {"Content-Disposition": f'attachment; filename="hidden-comments-{agency.slug}.csv"'}
    return counted(HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8", headers=name), len(rows))


@require_safe
@agency_page(Action.READ_INBOX)
def counts_json(request: StaffRequest, agency: Agency) -> HttpResponse:  # noqa: ARG001
    """Return the monthly counts as JSON, with what each ground means."""
    rows = moderation_counts.as_rows(agency)
    meant = {ground.id: {"title": ground.title, "source": ground.source} for ground in grounds().values()}
    body = {"agency": agency.name, "time_zone": agency.time_zone, "grounds": meant, "months": rows}
    name = {"Content-Disposition": f'attachment; filename="hidden-comments-{agency.slug}.json"'}
    return counted(JsonResponse(body, headers=name, json_dumps_params={"ensure_ascii": False}), len(rows))
