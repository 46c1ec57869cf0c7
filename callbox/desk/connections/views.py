"""Connected accounts: the list, connecting, connecting again, ending."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import may, told
from callbox.desk.connections.forms import ConnectForm
from callbox.desk.connections.words import network_words
from callbox.networks.connections import services
from callbox.networks.connections.models import Connection
from callbox.networks.contract import Ability
from callbox.networks.deliveries.models import Delivery
from callbox.networks.registry import NETWORKS
from callbox.people.models import Agency
from callbox.people.roles import Action

#: Every account is listened to about once a minute; after so long without success people should know.
DEAF: Final = timedelta(minutes=15)


def _door(request: StaffRequest, agency: Agency) -> QuerySet[Connection]:
    return Connection.objects.visible_to(request.user).of(agency).select_related("agency", "by")


@require_safe
@agency_page(Action.READ_MESSAGES)
def connections(request: StaffRequest, agency: Agency) -> HttpResponse:
    """List the accounts that are connected, those that need a person first."""
    order = {"refused": 0, "working": 1, "ended": 2}
    rows = sorted(_door(request, agency), key=lambda row: (order[row.state], row.account))
    since = timezone.now() - DEAF
    deaf = {row.pk for row in rows if row.state == "working" and row.collected_at and row.collected_at < since}
    context = {"rows": rows, "deaf": deaf, "may": may(request.user, agency), "section": "accounts"}
    return render(request, "connections/list.html", context)


@require_safe
@agency_page(Action.CONNECT_ACCOUNT)
def connect(request: StaffRequest, agency: Agency) -> HttpResponse:  # noqa: ARG001
    """Choose a network."""
    kinds = [(network, network_words(kind)) for kind, network in NETWORKS.items()]
    kinds.sort(key=lambda each: each[0].kind == "paper")  # practice comes last
    return render(request, "connections/choose.html", {"kinds": kinds, "section": "accounts"})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.CONNECT_ACCOUNT)
def connect_kind(request: StaffRequest, agency: Agency, kind: str) -> HttpResponse:
    """Connect an account of one network."""
    if kind not in NETWORKS:
        raise Http404
    form = ConnectForm(request.POST or None, network=NETWORKS[kind])
    return _connect(request, agency, form, None)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@agency_page(Action.CONNECT_ACCOUNT)
def connection(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Show one connection; connect it again with a new secret."""
    row = get_object_or_404(_door(request, agency), pk=pk)
    if row.kind not in NETWORKS:
        raise Http404
    form = ConnectForm(request.POST or None, network=NETWORKS[row.kind], details=row.details)
    return _connect(request, agency, form, row)


def _connect(request: StaffRequest, agency: Agency, form: ConnectForm, row: Connection | None) -> HttpResponse:
    network = form.network
    if request.method == "POST" and form.is_valid():
        try:
            made = services.connect(
                agency=agency, kind=network.kind, details=form.details, secrets=form.secrets, by=request.user
            )
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            if row is not None and made.pk != row.pk:
                messages.warning(
                    request,
                    _("This is another account than before: %(account)s is connected now, %(before)s is as it was.")
                    % {"account": made.handle, "before": row.handle},
                )
            else:
                messages.success(request, _("%(account)s is connected.") % {"account": made.handle})
            return redirect("connections", agency=agency.slug)
    context = {
        "row": row,
        "form": form,
        "network": network,
        "says": network_words(network.kind),
        "cannot": [] if row is None else _missing(network.abilities),
        "waiting": 0 if row is None else Delivery.objects.of(agency).filter(connection=row, state="waiting").count(),
        "section": "accounts",
    }
    return render(request, "connections/connection.html", context, status=422 if form.errors else 200)


def _missing(abilities: frozenset[Ability]) -> list[str]:
    """Return what the network does not let us do, in words, where an author should know it."""
    words = {
        Ability.EDIT: _("change what was published: a correction appears as a reply"),
        Ability.WITHDRAW: _("take back what was published"),
        Ability.FIND: _("look up a post whose answer got lost: a person looks"),
        Ability.COLLECT: _("collect replies and mentions"),
        Ability.MEDIA: _("show images"),
        Ability.HIDE: _("hide a comment: ask the network or its owner instead"),
    }
    return [sentence for ability, sentence in words.items() if ability not in abilities]


@require_POST
@agency_page(Action.CONNECT_ACCOUNT)
def end_connection(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Take an account off; its secret is forgotten."""
    row = get_object_or_404(_door(request, agency), pk=pk)
    with told(
        request, _("Ended. The secret is forgotten; what still waited for this account stays for a person to decide.")
    ):
        services.disconnect(connection=row, by=request.user)
    return redirect("connections", agency=agency.slug)
