"""What is written out reads and writes what the models say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from callbox.governance import freezing
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.governance.models import AuditEvent, Freeze
from callbox.networks.deliveries import sending, statements
from callbox.networks.deliveries.models import Delivery, Operation
from tests.networks.deliveries.fake import FakeNetwork
from tests.networks.desk import Desk

pytestmark = pytest.mark.django_db


def test_the_gate_reads_of_a_claimed_delivery_what_its_rows_hold(desk: Desk, fake: FakeNetwork) -> None:
    first = desk.queued()
    sending.send_lane(first.connection_id)
    first.refresh_from_db()
    row = desk.queued(
        text="Harbour Street is open again.",
        due=timezone.now() - timedelta(minutes=2),
        operation=Operation.EDIT,
        replaces=first,
    )
    claimed = sending.claim(row.pk)
    assert claimed is not None
    with transaction.atomic():
        read = statements.claimed(claimed)
    assert read is not None
    whole = Delivery.objects.select_related("connection", "approval", "replaces").get(pk=row.pk)
    for mine, theirs in (
        (read, whole),
        (read.connection, whole.connection),
        (read.approval, whole.approval),
        (read.replaces, whole.replaces),
    ):
        assert mine is not None
        names = {field.attname for field in mine._meta.concrete_fields} - mine.get_deferred_fields()
        assert {name: getattr(mine, name) for name in names} == {name: getattr(theirs, name) for name in names}
        assert len(names) > 2


def test_a_delivery_of_another_claim_is_not_read(desk: Desk, fake: FakeNetwork) -> None:
    claimed = sending.claim(desk.queued().pk)
    assert claimed is not None
    claimed.fence -= 1
    with transaction.atomic():
        assert statements.claimed(claimed) is None
        assert not statements.swap(claimed, {"state": "sent"}, {})


def test_since_when_a_freeze_stands_is_told(desk: Desk) -> None:
    assert freezing.pressed_at(desk.agency.pk) is None
    freezing.press(agency=desk.agency, why="Shooting on Mill Road", by=desk.alice)
    assert freezing.pressed_at(desk.agency.pk) == Freeze.objects.get().at
    freezing.lift(agency=desk.agency, by=desk.bob)
    assert freezing.pressed_at(desk.agency.pk) is None


def test_an_event_is_returned_as_it_was_written(desk: Desk) -> None:
    with transaction.atomic():
        given = record(
            agency=desk.agency, by=desk.alice, action=Audited.DELIVERY_SENT, target="delivery:1", data={"é": [1, None]}
        )
    kept = AuditEvent.objects.get(pk=given.pk)
    names = [field.attname for field in AuditEvent._meta.concrete_fields]
    assert [getattr(given, name) for name in names] == [getattr(kept, name) for name in names]
