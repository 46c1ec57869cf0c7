"""What is asked of an author before a message leaves, from what the agency said before."""

from __future__ import annotations

import pytest

from callbox.flows import publication
from callbox.flows.publication import renditions
from callbox.networks.connections import services as connections
from callbox.networks.connections.models import Connection
from callbox.networks.vocabulary import Content
from callbox.voice.models import Message
from tests.flows.newsdesk import ACCOUNTS, WORDS, Newsdesk, connect, seen, send

pytestmark = pytest.mark.django_db
MAILING = "email:news@harbour.example"


def test_a_mailing_counts_once_among_what_was_said_before(newsdesk: Newsdesk) -> None:
    connect(newsdesk.agency, MAILING, by=newsdesk.wendy)
    newsdesk.approved("The ferry is late.")
    mailing = newsdesk.submitted(content=Content(WORDS, title="Route 7"), accounts=(MAILING,))
    publication.approve(
        message=mailing,
        digest=seen(mailing),
        by=newsdesk.abe,
        recipients=lambda _account, _content: [f"{number}@x.example" for number in range(9)],
    )
    assert sorted(each.account for each in renditions._earlier(newsdesk.agency, None)) == [MAILING, *ACCOUNTS]
    found = publication.hints(agency=newsdesk.agency, content=Content(WORDS, title="Route 7"), accounts=(MAILING,))
    assert [each.code for each in found] == ["same_words", "same_hour"]


def test_an_account_that_keeps_the_wrong_words_is_named(newsdesk: Newsdesk) -> None:
    message = newsdesk.approved()
    send()
    connections.disconnect(connection=Connection.objects.get(account=ACCOUNTS[1]), by=newsdesk.wendy)
    message = Message.objects.get(pk=message.pk)
    found = publication.hints(
        agency=newsdesk.agency, content=Content("Open again."), accounts=[ACCOUNTS[0]], corrects=message
    )
    assert [(each.code, each.values) for each in found if each.code == "stays_uncorrected"] == [
        ("stays_uncorrected", {"account": ACCOUNTS[1]})
    ]
