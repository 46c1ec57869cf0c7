"""The inbox: who waits, how long, who has it; and one conversation with everything that can be done about it."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import may
from callbox.desk.inbox.forms import AnswerForm, HandOverForm, NoteForm
from callbox.networks import registry
from callbox.networks.vocabulary import Preview
from callbox.people.models import Agency
from callbox.people.roles import Action
from callbox.trust.models import Conversation, Line
from callbox.trust.models.conversations import NOT_THERE
from callbox.trust.services import answers

PAGE: Final = 50
SHOWN: Final = ("waiting", "mine", "forgotten", "undelivered", "answered", "closed", "all")


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
    everything, now = Conversation.objects.of(agency), timezone.now()
    page = _page(rows, agency, request.GET.get("page"), searched=bool(words))
    context = {
        "page": page,
        "shown": shown,
        "words": words,
        "any": everything.exists(),
        "waiting": everything.waiting().count(),
        "urgent": everything.waiting().filter(urgent=True).count(),
        "undelivered": everything.undelivered().count(),
        "forgotten": set(
            everything.forgotten(now).filter(pk__in=[row.pk for row in page]).values_list("pk", flat=True)
        ),
        "section": "inbox",
    }
    return render(request, "inbox/list.html", context)


def _chosen(request: StaffRequest, agency: Agency, shown: str) -> QuerySet[Conversation]:
    rows = Conversation.objects.of(agency)
    if shown == "waiting":
        return rows.waiting()
    if shown == "mine":
        return rows.owned_by(request.user).order_by("-urgent", F("waits_since").asc(nulls_last=True), "pk")
    if shown == "forgotten":
        return rows.forgotten(timezone.now()).order_by("-urgent", F("waits_since").asc(nulls_last=True), "pk")
    if shown == "undelivered":
        return rows.undelivered()
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
    lines = list(row.lines.select_related("by", "item", "delivery"))
    residents = [line for line in lines if line.kind == Line.Kind.RESIDENT]
    private = [line.item.door == "message" for line in residents if line.item]
    forgotten = row.state == "claimed" and Conversation.objects.forgotten(timezone.now()).filter(pk=row.pk).exists()
    context: dict[str, Any] = {
        "conversation": row,
        "subject": f"conversation:{row.pk}",
        "lines": lines,
        "seen": max((line.pk for line in residents), default=0),
        "stuck": NOT_THERE,
        "private": private[-1:] == [True],
        "mixed": private[-1:] == [False] and any(private),
        "mine": row.owner_id == request.user.pk,
        "forgotten": forgotten,
        "free": row.state != "claimed" or forgotten,
        "emergency": agency.emergency or settings.EMERGENCY_NUMBER,
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
