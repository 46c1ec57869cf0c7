"""One message: what each account shows of it, how it came about, what became of it, and what this person may do about it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import complain, may, told
from callbox.desk.voice import alone
from callbox.desk.voice.forms import HourForm
from callbox.desk.voice.told_of import changes, last_seen
from callbox.desk.voice.writing import door
from callbox.flows import publication
from callbox.governance import approvals
from callbox.governance.models import Approval
from callbox.networks.contract import Ability
from callbox.networks.deliveries.models import Delivery
from callbox.networks.registry import NETWORKS
from callbox.people.models import Agency
from callbox.people.roles import Action
from callbox.voice.models import Message, Version
from callbox.voice.services import messages

#: A delivery in one of these states has surely not left.
STILL_HERE = frozenset({*messages.UNSENT, "refused", "given-up"})


@require_safe
@agency_page(Action.READ_MESSAGES)
def message(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show one message."""
    row = get_object_or_404(door(request, agency), pk=pk)
    versions = list(row.versions.select_related("by").order_by("-number"))
    newest = versions[0]
    granted = may(request.user, agency)
    approving = granted["approve_message"] and row.state == "submitted"
    since = last_seen(request, row, versions) if approving else None
    context: dict[str, Any] = {
        "message": row,
        "saved": newest,
        "content": newest.written,
        "may": granted,
        "history": _history(versions),
        "approvals": Approval.objects.visible_to(request.user)
        .of(agency)
        .filter(subject=row.subject)
        .select_related("by"),
        "standing": publication.standing(row),
        "takings": Delivery.objects.visible_to(request.user)
        .of(agency)
        .about(row.subject)
        .filter(operation="withdraw")
        .select_related("connection"),
        "corrections": door(request, agency).filter(corrects=row),
        "section": "messages",
        "hour_form": HourForm(agency=agency, version=newest),
    }
    left = any(line.state not in STILL_HERE for line in context["standing"])
    context |= _allowed(row, granted, left=left) | _previews(row, newest)
    context |= alone.on_the_page_of(row, newest, request.user)
    if approving:
        own, mine = request.user.pk in publication.authors_of(row), request.user in context["given_by"]
        context |= {
            "approving": not own and not (mine and context["missing"]),
            "own": own,
            "since": since,
            "changes": changes(since, newest) if since else [],
        }
    return render(request, "voice/message.html", context)


def _previews(row: Message, newest: Version) -> dict[str, Any]:
    """What every account shows; once it is approved, its deliveries tell."""
    if row.state in {"approved", "out", "withdrawn"}:
        return {"previews": []}
    found = publication.previews_of(newest)
    bound = publication.bound_of(newest, found)
    given = [each.by for each in publication.given(row, bound)] if row.state == "submitted" else []
    needed = approvals.needed(row.agency)
    return {
        "given_by": given,
        "needed": needed,
        "missing": max(0, needed - len(given)),
        "previews": found,
        "letters": publication.letters(agency=row.agency, content=newest.written, accounts=newest.accounts),
        "problems": publication.problems_of(newest),
        "digest": bound.digest,
    }


def _allowed(row: Message, granted: dict[str, bool], *, left: bool) -> dict[str, bool]:
    """Which buttons the state of the message and the role of the person leave. left: some of it has left, or may have."""
    open_ = row.state in messages.OPEN and not left
    is_out = row.state in {"approved", "out"}
    copies = publication.public_copies(row) if is_out else {}
    return {
        "may_write": granted["write_message"] and open_,
        "may_submit": granted["write_message"] and row.state == "draft",
        "may_move": granted["write_message"] and open_,
        "may_drop": granted["write_message"] and open_,
        "may_restore": granted["write_message"] and row.state == "dropped",
        "may_correct": granted["write_message"] and is_out and bool(publication.corrected_on(row)),
        "may_withdraw": granted["send_again"] and any(_can_withdraw(account) for account in copies),
    }


def _can_withdraw(account: str) -> bool:
    network = NETWORKS.get(account.partition(":")[0])
    return network is not None and Ability.WITHDRAW in network.abilities


def _history(versions: list[Version]) -> list[dict[str, Any]]:
    """Each version, newest first, with what it changed."""
    olders = [*versions[1:], None]
    return [
        {"version": version, "changes": changes(older, version) if older else []}
        for version, older in zip(versions, olders, strict=True)
    ]


@require_POST
@agency_page(Action.WRITE_MESSAGE)
def submit(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Hand it to a second person."""
    row = get_object_or_404(door(request, agency), pk=pk)
    with told(request, _("It waits for a second person now. You can still change it; then it waits anew.")):
        publication.submit(message=row, by=request.user)
    return _back(agency, row)


@require_POST
@agency_page(Action.APPROVE_MESSAGE)
def approve(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Let exactly what stood on the page leave."""
    row = get_object_or_404(door(request, agency), pk=pk)
    done = _("Approved. It leaves at its hour, exactly as you saw it.")
    if approvals.needed(agency) > 1:
        done = _("Approved by you, exactly as you saw it. Below stands whether somebody else must approve it too.")
    with told(request, done):
        publication.approve(message=row, digest=request.POST.get("digest", ""), by=request.user)
    return _back(agency, row, since=request.POST.get("version", ""))


@require_POST
@agency_page(Action.APPROVE_MESSAGE)
def send_back(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Hand it back with a reason."""
    row = get_object_or_404(door(request, agency), pk=pk)
    with told(request, _("Sent back. The author reads your reason at the top of the message.")):
        publication.send_back(message=row, why=request.POST.get("why", ""), by=request.user)
    return _back(agency, row)


@require_POST
@agency_page(Action.WRITE_MESSAGE)
def reschedule(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Give it another hour."""
    row = get_object_or_404(door(request, agency), pk=pk)
    form = HourForm(request.POST, agency=agency, version=row.newest)
    if not form.is_valid():
        complain(request, [str(error) for errors in form.errors.values() for error in errors])
        return _back(agency, row)
    data = form.cleaned_data
    with told(
        request, _("The hour is changed. Where it was approved or waited, a second person approves the new hour.")
    ):
        publication.reschedule(
            message=row, due=data["due"], expires=data["expires"], seen=data["seen"], by=request.user
        )
    return _back(agency, row)


@require_POST
@agency_page(Action.SEND_AGAIN)
def withdraw(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Take it back."""
    row = get_object_or_404(door(request, agency), pk=pk)
    staying: list[str] = []
    with told(request, _("It is being taken back. Below stands where that has happened.")):
        staying = publication.withdraw(message=row, why=request.POST.get("why", ""), by=request.user)
    if staying:
        accounts = ", ".join(staying)
        complain(
            request,
            [
                _("It stays on %(accounts)s: nothing can be taken back there. Publish a correction.")
                % {"accounts": accounts}
            ],
        )
    return _back(agency, row)


@require_POST
@agency_page(Action.WRITE_MESSAGE)
def drop(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Put it aside; nothing is deleted."""
    row = get_object_or_404(door(request, agency), pk=pk)
    with told(request, _("Put aside. It will not be sent, and you can take it up again.")):
        messages.drop(message=row, by=request.user)
    return _back(agency, row)


@require_POST
@agency_page(Action.WRITE_MESSAGE)
def restore(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Take it up again."""
    row = get_object_or_404(door(request, agency), pk=pk)
    with told(request, _("It is a draft again.")):
        messages.restore(message=row, by=request.user)
    return _back(agency, row)


def _back(agency: Agency, row: Message, *, since: str = "") -> HttpResponse:
    """Show the message again. since: version the person had before them; if it changed meanwhile the page says how."""
    url = reverse("message", kwargs={"agency": agency.slug, "pk": row.pk})
    changed = since.isdecimal() and row.state == "submitted" and int(since) != row.newest.number
    return redirect(f"{url}?since={since}" if changed else url)
