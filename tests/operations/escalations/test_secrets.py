"""A new secret of a gateway, and the days for which the old one counts beside it."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.governance.models import AuditEvent
from callbox.operations.gateways import webhook
from callbox.operations.models import Escalation, Gateway
from callbox.operations.services import escalations, gateways
from tests.operations.escalations.desk import Desk, state

pytestmark = pytest.mark.django_db


@pytest.fixture
def door() -> Client:
    return Client()


def acknowledged(door: Client, row: Escalation, secret: str, number: int) -> int:
    """Call as dispatch does, signed with this secret; return the answer."""
    body = json.dumps({"acknowledges": str(row.key), "by": "Ortiz"})
    signed = webhook.signed(secret, key=f"call-{number:08}", body=body, at=timezone.now())
    url = f"/api/v1/escalations/{row.key}/acknowledge"
    return door.post(url, body, content_type="application/json", headers=signed).status_code


def test_for_some_days_an_old_secret_counts_beside_the_new_one_both_ways(desk: Desk, door: Client) -> None:
    old = gateways.secret_of(desk.gateway)
    new = gateways.renew_secret(gateway=desk.gateway, days=7, by=desk.by)
    row = desk.ask()
    escalations.send_due()
    assert state(row) == "sent"  # the centre still knows the old one alone
    assert gateways.secrets_of(desk.gateway) == [new, old]
    told = AuditEvent.objects.filter(action="gateway.secret-made").get()
    assert told.data["old_until"]
    for number, secret in enumerate((old, new)):
        assert acknowledged(door, row, secret, number) == 200
    assert acknowledged(door, row, webhook.new_secret(), 3) == 401


def test_an_old_secret_ends_when_somebody_ends_it_when_its_days_are_over_and_when_another_is_made(
    desk: Desk, door: Client
) -> None:
    row = desk.ask()
    Escalation.objects.update(state="sent")

    def renewed(days: int) -> str:
        old = gateways.secret_of(desk.gateway)
        gateways.renew_secret(gateway=desk.gateway, days=days, by=desk.by)
        return old

    first = renewed(7)
    assert acknowledged(door, row, first, 1) == 200
    gateways.end_old_secret(gateway=desk.gateway, by=desk.by)
    assert acknowledged(door, row, first, 2) == 401
    with pytest.raises(RefusedError, match="not count any more"):
        gateways.end_old_secret(gateway=desk.gateway, by=desk.by)
    second = renewed(1)
    Gateway.objects.update(old_until=timezone.now())
    assert acknowledged(door, row, second, 3) == 401
    third = renewed(14)
    renewed(0)
    assert acknowledged(door, row, third, 4) == 401
    assert not Gateway.objects.exclude(old_secret="").exists()
    with pytest.raises(RefusedError, match="how many days"):
        gateways.renew_secret(gateway=desk.gateway, days=400, by=desk.by)
