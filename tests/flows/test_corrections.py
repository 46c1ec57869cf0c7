"""A correction reaches every account the words went to, and the wrong words leave nowhere once it is approved."""

from __future__ import annotations

import pytest

from callbox.flows import publication
from callbox.networks.connections import services as connections
from callbox.networks.connections.models import Connection
from callbox.networks.deliveries import services
from callbox.networks.deliveries.models import Delivery
from callbox.networks.vocabulary import Content
from callbox.voice.models import Message
from tests.flows.newsdesk import ACCOUNTS, WORDS, Newsdesk, send, soon, texts

pytestmark = pytest.mark.django_db
FIXED = "Route 7 is closed at the harbour, not at the bridge."


def corrected(newsdesk: Newsdesk, message: Message) -> Message:
    correction = publication.correct(
        message=Message.objects.get(pk=message.pk), content=Content(FIXED), by=newsdesk.wendy
    )
    publication.submit(message=correction, by=newsdesk.wendy)
    newsdesk.approve(correction)
    return correction


def test_an_account_that_was_taken_off_does_not_stop_the_correction_of_the_others(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved()
    send()
    connections.disconnect(connection=Connection.objects.get(account=ACCOUNTS[1]), by=newsdesk.wendy)
    corrected(newsdesk, message)
    send()
    assert texts("harbour") == [f"Correction: {FIXED}"]
    assert texts("harbour-east") == [WORDS]


def test_the_wrong_words_leave_nowhere_once_their_correction_is_approved(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved()
    Delivery.objects.filter(connection__account=ACCOUNTS[1]).update(not_before=soon(0.5))
    send()
    assert (texts("harbour"), texts("harbour-east")) == ([WORDS], [])
    corrected(newsdesk, message)
    Delivery.objects.update(not_before=None)
    send()
    assert texts("harbour") == [f"Correction: {FIXED}"]
    (said,) = texts("harbour-east")
    assert said.startswith(f"Correction: {FIXED}\n\n")
    taken_off = Delivery.objects.get(subject=message.subject, connection__account=ACCOUNTS[1])
    assert (taken_off.state, taken_off.said) == ("given-up", "It was corrected before it left.")
    assert Message.objects.get(pk=message.pk).state == "out"


def test_a_copy_whose_number_nobody_knows_is_corrected_by_a_new_post(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved()
    send()
    seen_there = Delivery.objects.get(connection__account=ACCOUNTS[1])
    Delivery.objects.filter(pk=seen_there.pk).update(state="unclear", remote_id="", url="")
    services.settle(delivery=seen_there, decision="sent", url="https://social.example/@east/1", by=newsdesk.wendy)
    corrected(newsdesk, message)
    send()
    assert texts("harbour") == [f"Correction: {FIXED}"]
    assert texts("harbour-east") == [WORDS, f"Correction: {FIXED}\n\nhttps://social.example/@east/1"]
    assert not Delivery.objects.unsettled().exists()
