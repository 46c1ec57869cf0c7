"""Conversations go whole when their days are over, not before, not past a hold, and they do not come back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from callbox.flows.arrival import arrived, catch_up
from callbox.flows.retention import KEEPERS
from callbox.governance.models import Disposal
from callbox.governance.retention import purge, services
from callbox.networks.models import Item
from callbox.trust.models import Conversation, Line
from callbox.trust.services import answers, conversations, hearing
from tests.people.cast import Cast
from tests.trust.inbox.things import START, connection, item

pytestmark = pytest.mark.django_db

LATER = START + timedelta(days=1097)


def _heard(cast: Cast) -> Conversation:
    where = connection(cast.agency, cast.alice)
    arrived([item(where, "Is Mill Road open?")])
    return Conversation.objects.get(connection=where)


def _purge(now: datetime = LATER) -> int:
    mine = [keeper for keeper in KEEPERS if keeper.id in {"conversations", "enquiries"}]
    return purge.purge(mine, now=now)


def test_a_conversation_goes_with_its_lines_and_does_not_come_back(cast: Cast) -> None:
    row = _heard(cast)
    with time_machine.travel(START + timedelta(hours=1)):
        conversations.note(conversation=row, text="Ask the road office", by=cast.alice)
        answers.answer(conversation=row, text="Yes, since noon.", by=cast.alice)
    assert _purge(START + timedelta(days=1000)) == 0
    assert _purge() == 1
    assert not Line.objects.exists()
    assert Disposal.objects.get().class_id == "conversations"
    assert catch_up() == 0
    assert not Conversation.objects.exists()


def test_what_arrived_after_the_purged_ones_is_still_caught_up_with(cast: Cast) -> None:
    row = _heard(cast)
    assert _purge() == 1
    assert row.connection is not None
    item(row.connection, "And now?", author="tom", minutes=60)
    assert catch_up() == 1


@pytest.mark.parametrize("subject", ["conversation:{row}", "item:{item}", "author:mia", "thread:r1"])
def test_a_hold_on_what_stands_in_it_keeps_the_conversation(cast: Cast, subject: str) -> None:
    row = _heard(cast)
    named = subject.format(row=row.pk, item=Item.objects.get().pk)
    services.place_hold(agency=cast.agency, subject=named, reason="A lawsuit", reference="26-114", by=cast.bob)
    assert _purge() == 0
    assert Line.objects.count() == 1


def test_a_question_of_the_portal_goes_with_its_address(cast: Cast) -> None:
    hearing.enquire(agency=cast.agency, text="When is the fair?", address="mia@resident.example")
    assert _purge(timezone.now() + timedelta(days=1097)) == 1
    assert not Conversation.objects.exists()
    assert Disposal.objects.get().class_id == "enquiries"
