"""What was claimed in public, from the rows of messages, deliveries, alerts and collected posts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
import time_machine
from django.utils import timezone

from callbox.flows import publication
from callbox.governance.policy import EMERGENCY
from callbox.maturity.services import claims as services
from callbox.maturity.services import own_record
from callbox.networks.connections import services as connections
from callbox.networks.deliveries import sending
from callbox.networks.ledger import empty
from callbox.networks.models import Connection, Delivery
from callbox.networks.vocabulary import Content
from callbox.operations.alert_tables import SCHEMAS
from callbox.operations.models import Alert
from callbox.people.models import User
from callbox.people.roles import Role
from callbox.voice.models import Message
from callbox.voice.services import messages
from tests.people import Cast, person
from tests.trust.inbox.things import item

pytestmark = pytest.mark.django_db

BEGIN = datetime(2026, 9, 7, 8, 0, tzinfo=UTC)


@pytest.fixture
def press(cast: Cast) -> User:
    return person("Pam", cast.agency, Role.PRESS_OFFICER)


@pytest.fixture
def where(cast: Cast) -> Connection:
    with time_machine.travel(BEGIN, tick=False):
        return connections.connect(
            agency=cast.agency, kind="paper", details={"handle": "harbour"}, secrets={}, by=cast.bob
        )


def let_go(message: Message, press: User, cast: Cast) -> None:
    publication.submit(message=message, by=press)
    digest = publication.bound_of(message.newest).digest
    publication.approve(message=Message.objects.get(pk=message.pk), digest=digest, by=cast.bob)
    sending.send_waiting()
    publication.settle_messages()


def out(cast: Cast, where: Connection, press: User, *, at: datetime, urgent: bool = False) -> Message:
    with time_machine.travel(at, tick=False):
        content = Content(text="Mill Road is closed until six.", title="Mill Road", urgent=urgent)
        message = messages.draft(agency=cast.agency, content=content, accounts=[where.account], by=press)
        let_go(message, press, cast)
    return Message.objects.get(pk=message.pk)


def claims(cast: Cast, *, at: datetime) -> list[dict[str, Any]]:
    return own_record.read(cast.agency, as_of=at).ledger.table("claims").collect().to_dicts()


def test_a_message_that_a_second_person_approved_is_a_confirmed_claim(
    cast: Cast, where: Connection, press: User
) -> None:
    out(cast, where, press, at=BEGIN, urgent=True)
    row = {"at": BEGIN, "safety": True, "confirmed": True, "wrong": False, "corrected_at": None}
    assert claims(cast, at=BEGIN + timedelta(days=1)) == [row]
    assert claims(cast, at=BEGIN - timedelta(days=1)) == []


def test_what_one_person_sent_alone_has_no_confirmer(cast: Cast, where: Connection, press: User) -> None:
    out(cast, where, press, at=BEGIN, urgent=True)
    approval = Delivery.objects.get().approval
    assert approval is not None
    type(approval).objects.filter(pk=approval.pk).update(rule=EMERGENCY)
    assert [row["confirmed"] for row in claims(cast, at=BEGIN + timedelta(days=1))] == [False]
    releases = own_record.read(cast.agency, as_of=BEGIN + timedelta(days=1)).ledger.table("releases").collect()
    assert releases["checked"].to_list() == [False]


def test_a_correction_counts_from_the_wrong_words_to_its_own_hour(cast: Cast, where: Connection, press: User) -> None:
    wrong = out(cast, where, press, at=BEGIN)
    with time_machine.travel(BEGIN + timedelta(minutes=10), tick=False):
        better = publication.correct(message=wrong, content=Content("Mill Road is open.", title="Mill Road"), by=press)
    begun = claims(cast, at=BEGIN + timedelta(minutes=15))
    assert [(row["wrong"], row["corrected_at"]) for row in begun] == [(True, None)]
    with time_machine.travel(BEGIN + timedelta(minutes=20), tick=False):
        let_go(better, press, cast)
    corrected = claims(cast, at=BEGIN + timedelta(hours=1))
    assert [row["corrected_at"] for row in corrected] == [BEGIN + timedelta(minutes=20)]
    Message.objects.filter(pk=better.pk).update(state="dropped")
    assert [row["wrong"] for row in claims(cast, at=BEGIN + timedelta(hours=1))] == [False]


def test_a_post_made_past_callbox_is_a_claim_that_nobody_confirmed(cast: Cast, where: Connection) -> None:
    item(where, "All children are safe", remote_id="p1", own=True)
    item(where, "@mia yes", remote_id="p2", own=True, parent="r9")
    passed_on = item(where, "From the county", remote_id="p3", own=True)
    type(passed_on).objects.filter(pk=passed_on.pk).update(repost=True)
    found = own_record.read(cast.agency, as_of=timezone.now() + timedelta(days=400)).ledger.table("claims").collect()
    assert found.select("safety", "confirmed").rows() == [(None, False)]


def test_an_alert_is_one_claim_and_the_message_that_carries_it_no_second_one(
    cast: Cast, where: Connection, press: User
) -> None:
    message = out(cast, where, press, at=BEGIN, urgent=True)
    Alert.objects.create(
        agency=cast.agency, kind="Alert", identifier="a1", message=message.subject, by=press, at=BEGIN, changed_at=BEGIN
    )
    assert claims(cast, at=BEGIN + timedelta(days=1)) == []


def test_an_exercise_is_no_claim(cast: Cast) -> None:
    rows = [
        {"at": BEGIN, "kind": "Alert", "exercise": exercise, "severity": "Severe", "approvers": 2, "valid": True}
        | {"expires": None}
        for exercise in (True, False)
    ]
    alerts = pl.DataFrame(rows, schema=SCHEMAS["alerts"])
    found = services.table(
        cast.agency, posts=empty("posts"), releases=empty("releases"), alerts=alerts, as_of=BEGIN + timedelta(days=1)
    )
    assert found.rows() == [(BEGIN, True, True, False, None)]
