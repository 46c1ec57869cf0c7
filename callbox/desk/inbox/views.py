"""The inbox: who waits, how long, who has it; and one conversation with everything that can be done about it."""

from __future__ import annotations

from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import may
from callbox.desk.inbox.forms import AnswerForm, HandOverForm, NoteForm
from callbox.networks import registry
from callbox.networks.vocabulary import Preview
from callbox.people.models import Agency
from callbox.people.roles import Action
from callbox.trust.models import Conversation
from callbox.trust.services import answers

PAGE: Final = 50
SHOWN: Final = ("waiting", "mine", "answered", "closed", "all")


@require_safe
@agency_page(Action.READ_INBOX)
def inbox(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List conversations: urgent ones first, then the longest wait."""
    shown = request.GET.get("show", "waiting")
    shown = shown if shown in SHOWN else "waiting"
    rows = _chosen(request, agency, shown)
    words = request.GET.get("words", "").replace("\0", "").strip()[:200]
    if words:
        rows = rows.filter(topic__icontains=words)
    everything = Conversation.objects.of(agency)
    context = {
        "page": _page(rows, agency, request.GET.get("page"), searched=bool(words)),
        "shown": shown,
        "words": words,
        "any": everything.exists(),
        "waiting": everything.filter(state__in=("new", "claimed")).count(),
        "urgent": everything.filter(state__in=("new", "claimed"), urgent=True).count(),
        "section": "inbox",
    }
    return render(request, "inbox/list.html", context)


def _chosen(request: StaffRequest, agency: Agency, shown: str) -> QuerySet[Conversation]:
    rows = Conversation.objects.of(agency)
    if shown == "waiting":
        return rows.waiting()
    if shown == "mine":
        return rows.owned_by(request.user).order_by("-urgent", "waits_since", "pk")
    return rows if shown == "all" else rows.filter(state=shown)


def _page(rows: QuerySet[Conversation], agency: Agency, number: str | None, *, searched: bool) -> Page[Any]:
    """Return a page of conversations. Which ones is asked of an index alone: the rows of all pages before are never read.

    searched: the words are looked for once, not once to count and once more to show.
    """
    keys = rows.values_list("pk", flat=True)
    page: Page[Any] = Paginator(list(keys) if searched else keys, PAGE).get_page(number)
    found = (
        Conversation.objects.of(agency).select_related("owner", "connection", "beat").in_bulk(list(page.object_list))
    )
    page.object_list = [found[key] for key in page.object_list if key in found]
    return page


@require_safe
@agency_page(Action.READ_INBOX)
def conversation(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show one conversation."""
    return show(request, agency, find(agency, pk))


def find(agency: Agency, pk: int) -> Conversation:
    """Return a conversation of the agency.

    Raises:
        Http404: there is none.
    """
    rows = Conversation.objects.of(agency).select_related("agency", "owner", "connection", "beat", "labelled_by")
    return get_object_or_404(rows, pk=pk)


def show(
    request: StaffRequest,
    agency: Agency,
    row: Conversation,
    *,
    answer: AnswerForm | None = None,
    preview: Preview | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a conversation, with what was typed where something stood in the way."""
    context: dict[str, Any] = {
        "conversation": row,
        "subject": f"conversation:{row.pk}",
        "lines": row.lines.select_related("by", "item", "delivery"),
        "mine": row.owner_id == request.user.pk,
        "free": row.state != "claimed",
        "network": registry.network(row.connection.kind).label if row.connection else "",
        "limit": _limit(row),
        "answer": answer or AnswerForm(),
        "preview": preview,
        "note": NoteForm(),
        "hand_over": HandOverForm(agency=agency, by=request.user),
        "may": may(request.user, agency),
        "section": "inbox",
    }
    return render(request, "inbox/conversation.html", context, status=status)


def _limit(row: Conversation) -> int:
    try:
        shown = answers.preview(conversation=row, text="")
    except RefusedError:
        return 0
    return shown.limit if shown else 0
