"""What was approved is what leaves: every field, changed behind everyone's back, keeps the message at home (reliability: T-68)."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.utils import timezone

from callbox.governance.models import Approval
from callbox.networks.deliveries.models import Delivery
from callbox.networks.vocabulary import Content, Media
from callbox.voice.models import MediaFile, Message
from callbox.voice.services import media
from tests.flows.newsdesk import ACCOUNTS, Newsdesk, posts, send, soon
from tests.voice.pictures import drawn, encoded

type Rendition = dict[str, Any]


def _media(change: dict[str, object]) -> Callable[[Rendition], None]:
    return lambda rendition: rendition["media"][0].update(change)


#: Every field of a rendition with a change an intruder would make.
CHANGES: dict[str, Callable[[Rendition], None]] = {
    "one byte of the text": lambda it: it.update(text=it["text"][:-1] + "!"),
    "one invisible character": lambda it: it.update(text=it["text"] + "\u200b"),
    "the title": lambda it: it.update(title="Other"),
    "the language": lambda it: it.update(language="de"),
    "the link": lambda it: it.update(link="https://evil.example/"),
    "what it answers": lambda it: it.update(reply_to="1"),
    "urgency": lambda it: it.update(urgent=True),
    "the account": lambda it: it.update(account=ACCOUNTS[1]),
    "the alternative text": _media({"alt": "Something else entirely"}),
    "the picture": _media({"sha256": "f" * 64}),
    "the kind of file": _media({"type": "text/html"}),
    "the size of the file": _media({"size": 1}),
    "the captions": _media({"captions": "f" * 64}),
    "the width": _media({"width": 1}),
    "no picture": lambda it: it.update(media=[]),
    "a second picture": lambda it: it["media"].append(it["media"][0]),
    "a field nobody knows": lambda it: it.update(extra=1),
    "a field that lacks": lambda it: it.pop("text"),
}


@pytest.fixture
def approved(newsdesk: Newsdesk) -> Message:
    """A message with a picture for one account, approved, due in an hour."""
    file = media.add(agency=newsdesk.agency, name="a.png", chunks=[encoded(drawn(), "PNG")], by=newsdesk.wendy)
    picture = Media(sha256=file.sha256, kind="image", type=file.type, size=file.size, alt="The bridge from the west")
    content = Content("Route 7 is closed.", media=(picture,))
    return newsdesk.approved(content=content, accounts=ACCOUNTS[:1], due=soon(1))


def rewrite(table: str, column: str, value: str | int | datetime | None, pk: int) -> None:
    """Change a row as someone with the database in hand would."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, pk])


def pass_the_hour() -> None:
    with time_machine.travel(soon(1.1)):
        send()


def leaves_not() -> None:
    pass_the_hour()
    assert posts("harbour") == []
    assert posts("harbour-east") == []
    assert Delivery.objects.get().state == "held"


def test_unchanged_it_leaves(approved: Message) -> None:
    assert approved
    pass_the_hour()
    assert len(posts("harbour")) == 1


@pytest.mark.parametrize("what", CHANGES)
def test_changed_in_its_delivery_it_stays(approved: Message, what: str) -> None:
    assert approved
    delivery = Delivery.objects.get()
    rendition = copy.deepcopy(delivery.rendition)
    CHANGES[what](rendition)
    rewrite(Delivery._meta.db_table, "rendition", json.dumps(rendition), delivery.pk)
    leaves_not()


@pytest.mark.parametrize("what", CHANGES)
def test_changed_in_its_version_the_approved_words_leave_all_the_same(approved: Message, what: str) -> None:
    version = approved.newest
    content = {**copy.deepcopy(version.content), "account": ACCOUNTS[0], "reply_to": ""}
    CHANGES[what](content)
    rewrite(type(version)._meta.db_table, "content", json.dumps(content), version.pk)
    pass_the_hour()
    assert [post.shown["text"] for post in posts("harbour")] == ["Route 7 is closed."]


def test_at_another_hour_it_stays(approved: Message) -> None:
    assert approved
    delivery = Delivery.objects.get()
    rewrite(Delivery._meta.db_table, "due", timezone.now() - timedelta(seconds=1), delivery.pk)
    send()
    assert posts("harbour") == []
    assert Delivery.objects.get().state == "held"


def test_on_another_account_it_stays(approved: Message, newsdesk: Newsdesk) -> None:
    assert approved
    other = type(Delivery.objects.get().connection).objects.of(newsdesk.agency).get(account=ACCOUNTS[1])
    rewrite(Delivery._meta.db_table, "connection_id", other.pk, Delivery.objects.get().pk)
    leaves_not()


@pytest.mark.parametrize("operation", ["edit", "withdraw"])
def test_it_changes_and_removes_nothing_where_it_was_approved_to_be_published(
    approved: Message, newsdesk: Newsdesk, operation: str
) -> None:
    assert approved
    earlier = newsdesk.approved("Earlier words.", accounts=ACCOUNTS[:1])
    send()
    standing = [post.shown["text"] for post in posts("harbour")]
    assert standing == ["Earlier words."]
    victim = Delivery.objects.about(earlier.subject).get()
    mine = Delivery.objects.about(approved.subject).get()
    rewrite(Delivery._meta.db_table, "operation", operation, mine.pk)
    rewrite(Delivery._meta.db_table, "replaces_id", victim.pk, mine.pk)
    pass_the_hour()
    assert [post.shown["text"] for post in posts("harbour")] == standing
    assert Delivery.objects.get(pk=mine.pk).state == "held"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("digest", "0" * 64),
        ("parts", json.dumps({ACCOUNTS[0]: "0" * 64})),
        ("parts", json.dumps({})),
        ("due", None),
        ("subject", "message:999"),
        ("voided_at", timezone.now()),
    ],
)
def test_an_approval_that_was_changed_lets_nothing_go(
    approved: Message, column: str, value: str | datetime | None
) -> None:
    assert approved
    rewrite(Approval._meta.db_table, column, value, Approval.objects.get().pk)
    leaves_not()


def test_without_an_approval_nothing_leaves(approved: Message) -> None:
    assert approved
    rewrite(Delivery._meta.db_table, "approval_id", None, Delivery.objects.get().pk)
    leaves_not()


def test_the_approval_of_another_message_lets_nothing_go(approved: Message, newsdesk: Newsdesk) -> None:
    other = newsdesk.approved("Other words.", accounts=ACCOUNTS[:1], due=soon(5))
    mine = Delivery.objects.about(approved.subject).get()
    theirs = Delivery.objects.about(other.subject).get()
    assert theirs.approval is not None
    rewrite(Delivery._meta.db_table, "approval_id", theirs.approval.pk, mine.pk)
    pass_the_hour()
    assert posts("harbour") == []


@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_with_a_picture_that_is_no_longer_the_one_it_stays(approved: Message, harm: str) -> None:
    assert approved
    path = Path(settings.MEDIA_ROOT) / MediaFile.objects.get().place
    if harm == "changed":
        other = io.BytesIO()
        drawn().rotate(180).save(other, "PNG")
        path.write_bytes(other.getvalue())
    else:
        path.unlink()
    leaves_not()
