"""T-71: no altered byte of a signed call passes.  T-72: each call a hundred times, shuffled: its effect once; stale ones refused."""

from __future__ import annotations

import base64
import random
from datetime import UTC, datetime, timedelta

import pytest

from callbox.governance.models import AuditEvent
from callbox.operations.gateways import webhook
from callbox.operations.gateways.webhook import WrongSignatureError
from callbox.operations.models import Escalation, Incident
from tests.api.test_matrix_dispatch import Door, knock
from tests.people import Cast
from tests.servers.dispatch import call_back


def test_no_bit_of_a_signed_call_can_be_turned() -> None:
    secret = webhook.new_secret()
    body, headers = call_back(secret, {"gateway": 1, "reference": "CAD-7", "what": "Gas leak"})
    assert webhook.check(secret, headers=headers, body=body)[0] == headers["webhook-id"]
    passed, tried = [], 0
    for place in ("body", *headers):
        text = body if place == "body" else headers[place].encode()
        for index in range(len(text)):
            for bit in range(8):
                turned = text[:index] + bytes([text[index] ^ 1 << bit]) + text[index + 1 :]
                given = headers if place == "body" else {**headers, place: turned.decode("latin-1")}
                tried += 1
                try:
                    webhook.check(secret, headers=given, body=turned if place == "body" else body)
                except WrongSignatureError:
                    continue
                passed.append((place, index, bit))
    assert tried > 1000
    assert passed == []


def test_a_thousand_bodies_with_one_byte_turned_are_refused() -> None:
    secret, chance, passed = webhook.new_secret(), random.Random(71), 0
    for number in range(1000):
        body, headers = call_back(secret, {"reference": f"CAD-{number}", "what": "x" * chance.randrange(200)})
        index = chance.randrange(len(body))
        turned = body[:index] + bytes([body[index] ^ 1 << chance.randrange(8)]) + body[index + 1 :]
        try:
            webhook.check(secret, headers=headers, body=turned)
        except WrongSignatureError:
            continue
        passed += 1
    assert passed == 0


def test_the_vector_of_the_specification_is_made_and_taken() -> None:
    """standard-webhooks/standard-webhooks, spec: the example of the reference implementations' tests."""
    secret, key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    at = datetime.fromtimestamp(1614265330, UTC)
    made = webhook.signed(secret, key=key, body='{"test": 2432232314}', at=at)
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_one_of_several_signatures_is_enough_and_another_kind_is_passed_over() -> None:
    secret = webhook.new_secret()
    body, headers = call_back(secret, {"a": 1})
    wrong = "v1," + base64.b64encode(b"x" * 32).decode()
    several = {**headers, "webhook-signature": f"{wrong} v1a,abc {headers['webhook-signature']}"}
    assert webhook.check(secret, headers=several, body=body)[1] == {"a": 1}


@pytest.mark.django_db
def test_each_call_a_hundred_times_in_any_order_has_its_effect_once(cast: Cast) -> None:
    doors = [Door(cast, f"County {number}") for number in range(3)]
    calls = []
    for number, door in enumerate(doors):
        told = door.body() | {"reference": f"CAD-{number}"}
        calls += [(door.address(name), *call_back(door.secret, told)) for name in ("api_acknowledge", "api_incident")]
        past = datetime.now(UTC) - timedelta(minutes=10)
        calls += [(door.address("api_incident"), *call_back(door.secret, told | {"reference": "stale"}, at=past))]
    shuffled = calls * 100
    random.Random(72).shuffle(shuffled)
    events = AuditEvent.objects.count()
    answers = [knock(*call) for call in shuffled]
    assert {answer: answers.count(answer) for answer in sorted(set(answers))} == {200: 597, 201: 3, 401: 300}
    assert Escalation.objects.filter(state="acknowledged").count() == 3
    assert sorted(Incident.objects.values_list("reference", flat=True)) == ["CAD-0", "CAD-1", "CAD-2"]
    assert AuditEvent.objects.count() - events == 6
