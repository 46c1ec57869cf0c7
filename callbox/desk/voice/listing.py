"""The list of messages: what needs a person at the top, then what waits for an approver, then the rest by filters in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import may
from callbox.desk.voice.shown import carried, with_newest
from callbox.desk.voice.words import MESSAGES
from callbox.desk.voice.writing import door
from callbox.flows import publication
from callbox.governance.models import Approval
from callbox.governance.policy import TWO_PERSONS
from callbox.networks.connections.models import Connection
from callbox.networks.deliveries.models import Delivery
from callbox.people.models import Agency
from callbox.people.roles import Action
from callbox.voice.models import Message, Version

PAGE = 25
#: As much of what needs a person as one page names.
URGENT = 20


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to, as it stands in the address. Nonsense narrows nothing."""

    state: str
    account: str
    mine: bool

    @classmethod
    def of(cls, request: StaffRequest) -> Filters:
        """Read them."""
        state = request.GET.get("state", "")
        return cls(state if state in MESSAGES else "", request.GET.get("account", "")[:200], "mine" in request.GET)

    @property
    def any(self) -> bool:
        """Whether the list is narrowed at all."""
        return bool(self.state or self.account or self.mine)

    def narrow(self, rows: QuerySet[Message], request: StaffRequest) -> QuerySet[Message]:
        """Keep what fits."""
        if self.state:
            rows = rows.filter(state=self.state)
        if self.mine:
            rows = rows.filter(versions__by=request.user).distinct()
        if self.account:
            rows = rows.filter(pk__in=_of_account(rows, self.account))
        return rows


def _of_account(rows: QuerySet[Message], account: str) -> list[int]:
    """Return the messages whose newest version names the account. The list is JSON, and no question about JSON is the same everywhere."""
    versions = Version.objects.filter(message__in=rows).order_by("number")
    newest: dict[int, list[str]] = dict(versions.values_list("message_id", "accounts").iterator())
    return [message for message, accounts in newest.items() if account in accounts]


@require_safe
@agency_page(Action.READ_MESSAGES)
def messages(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List the messages."""
    granted, filters = may(request.user, agency), Filters.of(request)
    rows = door(request, agency)
    page = Paginator(filters.narrow(rows, request), PAGE).get_page(request.GET.get("page"))
    deliveries = Delivery.objects.visible_to(request.user).of(agency).select_related("connection")
    connections = Connection.objects.visible_to(request.user).of(agency)
    context: dict[str, Any] = {
        "page": page,
        "rows": with_newest(page.object_list),
        "filters": filters,
        "states": MESSAGES,
        "accounts": connections.values_list("account", flat=True),
        "to_approve": _to_approve(request, rows) if granted["approve_message"] and not filters.any else [],
        "unsettled": carried(
            agency, deliveries.filter(state__in=("unclear", "held", "late", "refused")).one_a_mailing()[:URGENT]
        ),
        "refused_connections": connections.filter(state="refused"),
        "may": granted,
        "section": "messages",
    }
    return render(request, "voice/list.html", context)


def _to_approve(request: StaffRequest, rows: QuerySet[Message]) -> list[Any]:
    """Return what waits for exactly this person: submitted, not of their own hand, and not approved by them already."""
    waiting = list(rows.filter(state="submitted").order_by("changed_at"))
    given = Approval.objects.visible_to(request.user).standing().filter(rule=TWO_PERSONS, by=request.user)
    mine = set(given.filter(subject__in=[row.subject for row in waiting]).values_list("subject", flat=True))
    others = (row for row in waiting if row.subject not in mine)
    return with_newest(row for row in others if request.user.pk not in publication.authors_of(row))
