"""Every address for dispatch x method x {no signature, wrong, of another gateway, old, early, right}."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from django.test import Client
from django.urls import reverse

from callbox.api import dispatch_urls
from callbox.governance.models import AuditEvent
from callbox.operations.gateways import webhook
from callbox.operations.gateways.payload import Content
from callbox.operations.models import Escalation, Gateway, Incident
from callbox.operations.services import escalations, gateways
from callbox.operations.services.gateways import Details
from tests.people import Cast
from tests.servers.dispatch import call_back

pytestmark = pytest.mark.django_db

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
MINUTES: Final = timedelta(minutes=1)
#: How long ago, or how far ahead, the library's five minutes end for sure.
TOO_OLD, TOO_EARLY = -6 * MINUTES, 6 * MINUTES


class Door:
    """One agency's gateway and one escalation that was sent there."""

    def __init__(self, cast: Cast, title: str) -> None:
        details = Details(title, "https://dispatch.example/callbox", 5, "+1 555 0100")
        self.gateway, self.secret = gateways.add(
            agency=cast.agency, details=details, exercise=False, secret="", by=cast.erin
        )
        content = Content("Fire", "", "life", "https://desk.example/")
        self.row = escalations.ask(
            gateway=self.gateway, subject=f"event:{self.gateway.pk}", content=content, key=uuid.uuid4(), by=cast.bob
        )
        Escalation.objects.filter(pk=self.row.pk).update(state="sent")

    def address(self, name: str) -> str:
        return reverse(name, kwargs={"key": self.row.key} if name == "api_acknowledge" else None)

    def body(self) -> dict[str, object]:
        told = {"gateway": self.gateway.pk, "reference": "CAD-7", "what": "Gas leak", "by": "R. Ortiz"}
        return {**told, "acknowledges": str(self.row.key)}


NAMES: Final = tuple(str(pattern.name) for pattern in dispatch_urls.urlpatterns)


@pytest.fixture
def door(cast: Cast) -> Door:
    return Door(cast, "County")


def knock(url: str, body: bytes, headers: dict[str, str], method: str = "POST") -> int:
    client = Client(enforce_csrf_checks=True)
    return client.generic(method, url, body, "application/json", headers=headers).status_code


def keys(door: Door, cast: Cast) -> Iterator[tuple[str, bytes, dict[str, str]]]:
    """Yield every key that must not open: its name, the body, the headers."""
    now, content = datetime.now(UTC), door.body()
    plain = json.dumps(content).encode()
    other = Door(cast, "Another county").secret
    yield "none", plain, {}
    yield "wrong", *call_back(webhook.new_secret(), content)
    yield "of another gateway", *call_back(other, content)
    yield "old", *call_back(door.secret, content, at=now + TOO_OLD)
    yield "early", *call_back(door.secret, content, at=now + TOO_EARLY)
    body, headers = call_back(door.secret, content)
    yield "of another body", body + b" ", headers
    yield "of another id", body, {**headers, "webhook-id": "msg_another0"}
    yield "newer than signed", body, {**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)}
    for name in headers:
        yield f"without {name}", body, {each: value for each, value in headers.items() if each != name}
        yield f"with a mangled {name}", body, {**headers, name: "v1,é=\x00,"}


def test_what_is_not_signed_right_opens_nothing_and_leaves_no_trace(door: Door, cast: Cast) -> None:
    wrong = []
    tried = list(keys(door, cast))
    events = AuditEvent.objects.count()
    for name in NAMES:
        for what, body, headers in tried:
            status = knock(door.address(name), body, headers)
            if status != 401:
                wrong.append(f"{name}, signature {what}: {status}")
    assert wrong == []
    door.row.refresh_from_db()
    assert door.row.state == "sent"
    assert not Incident.objects.exists()
    assert AuditEvent.objects.count() == events


def test_other_methods_are_refused_whatever_they_carry(door: Door, cast: Cast) -> None:
    for name in NAMES:
        for method in METHODS:
            if method != "POST":
                body, headers = call_back(door.secret, door.body())
                assert knock(door.address(name), body, headers, method) == 405
    assert not Incident.objects.exists()


def test_a_right_key_opens_each_door_without_a_cookie(door: Door) -> None:
    assert [knock(door.address(name), *call_back(door.secret, door.body())) for name in NAMES] == [200, 201]
    door.row.refresh_from_db()
    assert (door.row.state, door.row.acknowledged_by, door.row.reference) == ("acknowledged", "R. Ortiz", "CAD-7")
    incident = Incident.objects.get()
    assert (incident.title, incident.flagged_from, incident.by) == ("Gas leak", "dispatch", None)


def test_no_other_signed_call_passes_for_an_acknowledgement(door: Door, cast: Cast) -> None:
    """Not our own call sent back, not the word about another escalation, not the flag of an incident."""
    address = door.address("api_acknowledge")
    ours = json.dumps(door.row.payload, sort_keys=True)
    sent = webhook.signed(door.secret, key=str(door.row.key), body=ours, at=datetime.now(UTC))
    assert knock(address, ours.encode(), sent) == 422
    for told in ({**door.body(), "acknowledges": str(uuid.uuid4())}, {"gateway": 1, "reference": "7", "what": "Fire"}):
        assert knock(address, *call_back(door.secret, told)) == 422
    door.row.refresh_from_db()
    assert door.row.state == "sent"


def test_an_unknown_and_a_closed_gateway_are_refused_alike(door: Door, cast: Cast) -> None:
    body, headers = call_back(door.secret, door.body())
    assert knock(f"/api/v1/escalations/{uuid.uuid4()}/acknowledge", body, headers) == 401
    numbers: tuple[object, ...] = (999_999, 0, -1, 2**70, None, True, "1", [], {})
    for number in numbers:
        assert knock(door.address("api_incident"), *call_back(door.secret, {**door.body(), "gateway": number})) == 401
    Gateway.objects.update(state="closed")
    for name in NAMES:
        assert knock(door.address(name), body, headers) == 401


@pytest.mark.parametrize("content", ["[]", "null", "3", '"x"', "{", "", "\\ud800", "[" * 20_000])
def test_what_is_no_object_is_refused_although_it_is_signed(door: Door, content: str) -> None:
    _body, headers = call_back(door.secret, {})
    moment = datetime.now(UTC)
    signed = webhook.signed(door.secret, key=headers["webhook-id"], body=content, at=moment)
    for name in NAMES:
        assert knock(door.address(name), content.encode(), signed) == 401


@pytest.mark.parametrize(
    "given",
    [
        {"reference": ""},
        {"what": ""},
        {"what": ["a", "list"]},
        {"reference": None},
        {"flagged_at": "yesterday"},
        {"flagged_at": "2026-02-30T10:00:00Z"},
        {"flagged_at": "2026-01-01T10:00:00"},
        {"flagged_at": "0001-01-01T00:00:00+14:00"},
        {"flagged_at": "2199-01-01T10:00:00Z"},
        {"flagged_at": 12},
    ],
)
def test_nonsense_in_a_signed_call_is_said_and_nothing_is_kept(door: Door, given: dict[str, object]) -> None:
    assert knock(door.address("api_incident"), *call_back(door.secret, door.body() | given)) == 422
    assert not Incident.objects.exists()


def test_hostile_texts_are_kept_short_and_printable(door: Door) -> None:
    hostile = {"what": "a\x00b\ud800\u202e" + "x" * 5000, "where": "\x1b[31m" * 50, "reference": " 7\n7 "}
    assert knock(door.address("api_incident"), *call_back(door.secret, door.body() | hostile)) == 201
    row = Incident.objects.get()
    assert row.title.startswith("abx")
    assert len(row.title) == 160
    assert row.reference == "7 7" or row.reference == "77"
    assert row.place.isprintable()


def test_too_much_is_refused_before_it_is_looked_at(door: Door) -> None:
    body, headers = call_back(door.secret, {**door.body(), "what": "x" * webhook.MAX_BODY})
    for name in NAMES:
        assert knock(door.address(name), body, headers) == 413
