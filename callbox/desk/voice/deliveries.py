"""What a person decides about one delivery: an unclear one is settled, a held or late one let go on."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import back, complain, told
from callbox.desk.voice.forms import SettleForm
from callbox.networks.deliveries import services
from callbox.networks.deliveries.models import Delivery, Operation
from callbox.people.models import Agency
from callbox.people.roles import Action


def _door(request: StaffRequest, agency: Agency) -> QuerySet[Delivery]:
    return Delivery.objects.visible_to(request.user).of(agency).select_related("agency", "connection")


def _page(agency: Agency, delivery: Delivery) -> str:
    kind, _colon, number = delivery.subject.partition(":")
    if kind == "message":
        return reverse("message", kwargs={"agency": agency.slug, "pk": int(number)})
    return reverse("messages", kwargs={"agency": agency.slug})


@require_POST
@agency_page(Action.SEND_AGAIN)
def settle(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Say of an unclear one that it is there, send it again, or give it up; a held or late one can be given up too."""
    row = get_object_or_404(_door(request, agency), pk=pk)
    form = SettleForm(request.POST)
    if not form.is_valid():
        complain(request, [str(error) for errors in form.errors.values() for error in errors])
        return back(request, _page(agency, row))
    data = form.cleaned_data
    taking_back = row.operation == Operation.WITHDRAW
    done = {
        "sent": _("Kept as taken back.") if taking_back else _("Kept as sent. A correction will name its address."),
        "again": _("It is taken back again.") if taking_back else _("It is sent again."),
        "give-up": _("Left as it is.") if taking_back else _("Given up. It will not be sent."),
    }[data["decision"]]
    with told(request, done):
        services.settle(
            delivery=row, decision=data["decision"], by=request.user, remote_id=data["remote_id"], url=data["url"]
        )
    return back(request, _page(agency, row))


@require_POST
@agency_page(Action.SEND_AGAIN)
def release(request: StaffRequest, agency: Agency, pk: int) -> HttpResponse:
    """Let a held or late one go on, as it was approved."""
    row = get_object_or_404(_door(request, agency), pk=pk)
    with told(request, _("The letters of this mailing leave now.") if row.recipient else _("It leaves now.")):
        services.release(delivery=row, by=request.user)
    return back(request, _page(agency, row))
