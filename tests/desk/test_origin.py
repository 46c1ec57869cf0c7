"""T-02: what staff does carries address, person, time to the millisecond and outcome; what runs by itself carries no address."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from callbox.governance import audit
from callbox.governance.actions import Audited
from callbox.governance.models import AuditEvent
from tests.people import Cast, signed_in
from tests.people.cast import PASSWORD

#: Of 200 machines.
ADDRESSES = [f"127.0.{number % 7}.{number + 1}" for number in range(200)]


@pytest.mark.django_db
def test_every_act_of_staff_says_from_where(cast: Cast) -> None:
    client, begun, count = signed_in(cast.bob), timezone.now(), AuditEvent.objects.count()
    for number, address in enumerate(ADDRESSES):
        why = f"Drill number {number}"
        client.post(reverse("press_freeze", kwargs={"agency": "harbour"}), {"why": why}, REMOTE_ADDR=address)
        client.post(reverse("lift_freeze", kwargs={"agency": "harbour"}), REMOTE_ADDR=address)
    events = list(AuditEvent.objects.order_by("pk")[count:])
    assert len(events) == 2 * len(ADDRESSES)
    assert [event.data["address"] for event in events] == [each for each in ADDRESSES for _act in range(2)]
    assert {event.by_name for event in events} == {"Bob <bob@harbour.example>"}
    assert {event.action for event in events} == {"freeze.pressed", "freeze.lifted"}
    assert all(begun.replace(microsecond=0) <= event.at <= timezone.now() for event in events)


@pytest.mark.django_db
def test_a_wrong_password_says_from_where(cast: Cast) -> None:
    wrong = {"login": cast.bob.email, "password": PASSWORD + "?"}
    Client().post(reverse("account_login"), wrong, REMOTE_ADDR="127.0.9.9")
    refused = AuditEvent.objects.get(action="session.refused")
    assert refused.data["address"] == "127.0.9.9"


@pytest.mark.django_db
def test_a_forwarded_address_is_not_believed_without_a_proxy(cast: Cast) -> None:
    assert settings.PROXIES == 0
    path = reverse("press_freeze", kwargs={"agency": "harbour"})
    signed_in(cast.bob).post(
        path, {"why": "Storm"}, REMOTE_ADDR="127.0.3.4", headers={"X-Forwarded-For": "203.0.113.9"}
    )
    assert AuditEvent.objects.get(action="freeze.pressed").data["address"] == "127.0.3.4"


@pytest.mark.django_db
def test_nothing_outside_a_request_of_staff_has_one(cast: Cast) -> None:
    Client().get("/p/harbour/", REMOTE_ADDR="127.0.8.8")
    with transaction.atomic():
        audit.record(agency=cast.agency, by=cast.bob, action=Audited.TARGET_SET, target="practice:V1")
    assert not [event for event in AuditEvent.objects.all() if "address" in event.data]
