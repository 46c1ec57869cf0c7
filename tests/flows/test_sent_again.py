"""What becomes of a message when a person decides anew about a part of it."""

from __future__ import annotations

import pytest
import time_machine

from callbox.core.refusal import RefusedError
from callbox.flows import publication
from callbox.networks.connections import services as connections
from callbox.networks.connections.models import Connection
from callbox.networks.deliveries import services
from callbox.networks.deliveries.models import Delivery
from callbox.networks.vocabulary import Content
from callbox.voice.models import Message
from callbox.voice.services import messages
from tests.flows.newsdesk import ACCOUNTS, WORDS, Newsdesk, send, soon, texts

pytestmark = pytest.mark.django_db


def state_of(message: Message) -> str:
    return Message.objects.get(pk=message.pk).state


def test_what_reached_nobody_and_is_sent_again_is_out_and_can_be_corrected(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved()
    Delivery.objects.update(state="refused", said="Come back tomorrow")
    publication.settle_messages()
    assert state_of(message) == "expired"
    for row in Delivery.objects.all():
        services.settle(delivery=row, decision="again", by=newsdesk.abe)
    publication.settle_messages()
    assert state_of(message) == "approved"
    send()
    fresh = Message.objects.get(pk=message.pk)
    assert (texts(), fresh.state, fresh.why) == ([WORDS], "out", "")
    publication.correct(message=fresh, content=Content("Open again."), by=newsdesk.wendy)


def test_an_unchanged_message_that_reached_nobody_can_be_asked_for_again(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved()
    Delivery.objects.update(state="refused", said="Come back tomorrow")
    publication.settle_messages()
    message = Message.objects.get(pk=message.pk)
    newest = message.newest
    messages.save(
        message=message,
        content=newest.written,
        accounts=newest.accounts,
        due=None,
        expires=None,
        seen=newest.number,
        by=newsdesk.wendy,
    )
    publication.submit(message=message, by=newsdesk.wendy)
    newsdesk.approve(message, by=newsdesk.bea)
    send()
    assert texts() == [WORDS]


def test_nobody_approved_it_before_its_last_hour(newsdesk: Newsdesk) -> None:
    message = newsdesk.submitted(expires=soon(1))
    assert publication.settle_messages() == 0
    with time_machine.travel(soon(1.1)):
        assert publication.settle_messages() == 1
        assert state_of(message) == "expired"
        assert "Nobody approved it before its last hour" in Message.objects.get(pk=message.pk).why


def test_nothing_is_let_go_to_an_account_that_was_taken_off(newsdesk: Newsdesk) -> None:
    newsdesk.approved(due=soon(1))
    connections.disconnect(connection=Connection.objects.get(account=ACCOUNTS[0]), by=newsdesk.wendy)
    with time_machine.travel(soon(3)):
        send()
        row = Delivery.objects.get(connection__account=ACCOUNTS[0])
        assert row.state == "late"
        with pytest.raises(RefusedError, match="no longer connected"):
            services.release(delivery=row, by=newsdesk.abe)
        Delivery.objects.filter(pk=row.pk).update(state="refused")
        with pytest.raises(RefusedError, match="no longer connected"):
            services.settle(delivery=row, decision="again", by=newsdesk.abe)
