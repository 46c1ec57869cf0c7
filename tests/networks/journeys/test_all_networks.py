"""Paths 2 and 3 over every network at once, on servers of others: written once, approved, sent, answered, corrected, frozen, taken back."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from mastodon import Mastodon
from pytest_django import Settings

from callbox.flows import publication
from callbox.governance import audit, freezing
from callbox.networks.deliveries.models import Delivery
from callbox.networks.vocabulary import Content, Preview
from callbox.trust.models import Conversation
from callbox.voice.models import Message
from tests.networks.journeys.office import ALT, Office, work
from tests.people import signed_in
from tests.servers.networks import READERS, Networks, networks
from tests.servers.residents import body, until

pytestmark = [pytest.mark.networks, pytest.mark.django_db(transaction=True)]

WORDS = "🚧 Harbour Street is closed until noon.\nBuses 4 & 7 stop at the market, <not> at the pier."
BETTER = WORDS.replace("noon", "three")


@pytest.fixture
def found(settings: Settings, tmp_path: Path) -> Iterator[Networks]:
    """Every network, or a skip that says what is missing."""
    settings.DATA, settings.MEDIA_ROOT = tmp_path, tmp_path / "uploads"
    settings.AUDIT_WITNESS = tmp_path / "checkpoints.jsonl"
    with networks("harbour") as started:
        if started.missing:
            pytest.skip("; ".join(started.missing))
        settings.PRIVATE_HOSTS = started.places
        settings.MAILERS, settings.DEFAULT_FROM_EMAIL = started.mailers, started.sender
        yield started


def test_one_message_over_every_network(found: Networks, capsys: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    office = Office.open(found)
    office.subscribe(found)
    first, sent = _goes_out(office, found)
    _conversations(office, found)
    correction = _is_corrected(office, found, first, sent)
    _is_frozen(office, found)
    _is_taken_back(office, found, first, correction)
    audit.seal()
    whole = audit.verify()
    assert whole.whole
    office.saw("the trail", "", f"verifies, {whole.events} events")
    with capsys.disabled():
        print()
        for step, network, what in office.seen:
            print(f"  {step:14} {network:9} {what}")
        print(f"  {time.monotonic() - began:.0f} s")


def _goes_out(office: Office, found: Networks) -> tuple[Message, dict[str, Delivery]]:
    """What Bob saw is what each server gives back, byte for byte."""
    content = Content(WORDS, title="Harbour Street closed", media=(office.picture(),))
    message = office.write(content)
    shown = office.approve(message)
    assert set(shown) == {"mastodon", "bluesky", "email", "newsroom"}
    sent = office.out(message)
    _as_previewed(office, found, shown, sent, "as previewed")
    _ben_leaves(office, found)
    return message, sent


def _ben_leaves(office: Office, found: Networks) -> None:
    """One click in his mail program ends it: the correction will not reach him."""
    news = replace(found.by_mail, me=READERS[1]).letters()[-1]
    assert Client().post(urlsplit(news["List-Unsubscribe"].strip("<>")).path).status_code == 200
    office.saw("unsubscribed", "email", f"{READERS[1]} left with one click")


def _as_previewed(
    office: Office, found: Networks, shown: dict[str, Preview], sent: dict[str, Delivery], step: str
) -> None:
    api, server = office_api(found), found.on_bluesky
    source = until(lambda: api.status_source(sent["mastodon"].remote_id), "snac gives the source")
    assert source.text.encode() == shown["mastodon"].rendition.text.encode()
    status = until(lambda: api.status(sent["mastodon"].remote_id), "snac gives the status")
    assert [each.description for each in status.media_attachments] == [ALT]
    found.on_mastodon.sees("Harbour Street")

    server.sees(shown["bluesky"].rendition.text)
    [post] = [each for each in server.posts() if each["uri"] == sent["bluesky"].remote_id]
    assert post["record"]["text"].encode() == shown["bluesky"].rendition.text.encode()
    assert [each["alt"] for each in post["embed"]["images"]] == [ALT]

    letter = found.by_mail.letters()[-1]
    assert letter["Subject"] == shown["email"].rendition.title
    words, _line, end = body(letter).partition("\n\n-- \n")
    assert words == f"{shown['email'].rendition.text}\n\n[{ALT}]"
    assert letter["List-Unsubscribe"].strip("<>") in end

    [entry] = newsroom()
    assert entry["content_text"].encode() == shown["newsroom"].rendition.text.encode()
    assert [each["title"] for each in entry["attachments"]] == [ALT]
    for network, preview in shown.items():
        office.saw(step, network, f"{len(preview.rendition.text.encode())} bytes, the same")


def office_api(found: Networks) -> Mastodon:
    """Return the library, signed in on the agency's own server."""
    assert found.fediverse is not None
    return found.fediverse[0].signed_in()


def newsroom() -> list[dict[str, Any]]:
    """Return the entries of the public feed."""
    answer = Client().get("/p/harbour/news/feed.json")
    assert answer.status_code == 200
    items: list[dict[str, Any]] = json.loads(answer.content)["items"]
    return items


def _conversations(office: Office, found: Networks) -> None:
    """Replies on every network, a mention and a letter: each is a conversation; each answer is in its thread, at the resident's."""
    residents = found.residents
    asked = {
        kind: resident.reply(resident.sees("Harbour Street"), f"Is Mill Road open? ({kind})")
        for kind, resident in residents.items()
    }
    lamp = found.on_bluesky.mention("a lamp is broken in Quay Street")
    for kind, resident in residents.items():
        conversation = office.heard(kind, f"Is Mill Road open? ({kind})")
        door = "message" if kind == "email" else "comment"
        assert (conversation.door, conversation.state) == (door, "new")
        words = f"Yes, Mill Road is open. ({kind})"
        office.answer(conversation, words)
        read = until(partial(resident.answers, asked[kind]), f"{kind} shows the answer")
        assert [words in each for each in read] == [True], read
        conversation.refresh_from_db()
        assert (conversation.state, conversation.owner) == ("answered", office.carol)
        office.saw("conversation", kind, f"{conversation.person} asked, was answered in the thread")
    called = office.heard("bluesky", f"@{found.on_bluesky.agency.handle} a lamp is broken in Quay Street")
    assert called.door == "mention"
    office.answer(called, "Thank you, the city repairs it tomorrow.")
    until(lambda: found.on_bluesky.answers(lamp), "the AppView shows the answer to the mention")
    office.saw("conversation", "bluesky", "a mention, answered")
    assert Conversation.objects.of(office.agency).count() == 4


def _is_corrected(office: Office, found: Networks, first: Message, sent: dict[str, Delivery]) -> Message:
    """Each network in its own way: in place, as an answer to the first post, as the next edition, as another letter."""
    better = Content(BETTER, title="Harbour Street closed until three", media=first.newest.written.media)
    correction = publication.correct(message=first, content=better, by=office.alice)
    shown = office.approve(correction)
    now = office.out(correction)
    _as_previewed(office, found, shown, now, "corrected")

    assert now["mastodon"].remote_id == sent["mastodon"].remote_id
    until(lambda: any("until three" in each.content for each in found.on_mastodon.timeline()), "the edit crosses over")
    [post] = [each for each in found.on_bluesky.posts() if each["uri"] == now["bluesky"].remote_id]
    assert post["record"]["reply"]["parent"]["uri"] == sent["bluesky"].remote_id
    subjects = [each["Subject"] for each in found.by_mail.letters()]
    assert subjects[1] == "Harbour Street closed"
    assert subjects[-1] == shown["email"].rendition.title
    assert len(replace(found.by_mail, me=READERS[1]).letters()) == 2  # the one that asked him, and the news
    page = Client().get(str(newsroom()[0]["url"]).removeprefix("http://testserver")).content.decode()
    assert "until noon" in page  # the first edition stays readable
    assert "until three" in page
    return correction


def _is_frozen(office: Office, found: Networks) -> None:
    """Approved, and nothing of it anywhere; lifting the freeze lets nothing go by itself."""
    message = office.write(Content("Come to the summer fair!", title="Summer fair"))
    freezing.press(agency=office.agency, why="A colleague was killed this morning", by=office.carol)
    office.approve(message)
    rows = Delivery.objects.of(office.agency).about(message.subject)
    work(lambda: not rows.exclude(state="held").exists(), lambda: office.why_not(message))
    freezing.lift(agency=office.agency, by=office.bob)
    rounds = iter(range(3))
    work(lambda: next(rounds, None) is None, lambda: "three rounds")
    assert set(rows.values_list("state", flat=True)) == {"held"}
    assert not any("summer fair" in each.content for each in found.on_mastodon.timeline())
    assert not any("summer fair" in each["record"]["text"] for each in found.on_bluesky.posts())
    assert not any(each["Subject"] == "Summer fair" for each in found.by_mail.letters())
    assert not any(each["title"] == "Summer fair" for each in newsroom())
    office.saw("frozen", "all", f"{rows.count()} deliveries held, nothing published, nothing goes by itself afterwards")


def _is_taken_back(office: Office, found: Networks, *out: Message) -> None:
    """Gone where a network deletes, said where it does not: snac knows no DELETE, a letter is a letter."""
    for message in reversed(out):
        staying = publication.withdraw(message=message, why="The road was never closed.", by=office.bob)
        assert staying == [office.accounts["email"]]
        withdrawn = Message.objects.filter(pk=message.pk, state="withdrawn")
        work(withdrawn.exists, partial(office.why_not, message))
        back = Delivery.objects.of(office.agency).about(message.subject).filter(operation="withdraw")
        states = {row.connection.kind: row.state for row in back.select_related("connection")}
        assert states == {"bluesky": "sent", "newsroom": "sent", "mastodon": "refused"}
        page = signed_in(office.alice).get(f"/a/harbour/messages/{message.pk}/").content.decode()
        assert "does not let posts be taken back" in page
    ours = Delivery.objects.of(office.agency).filter(
        connection__account=office.accounts["bluesky"], operation="publish"
    )
    posts = ours.filter(subject__startswith="message:", state="sent").values_list("remote_id", flat=True)
    assert len(posts) == 2
    for uri in posts:
        until(partial(found.on_bluesky.forgot, uri), "the AppView forgets the post")
    assert BETTER not in str(newsroom())
    assert any("until three" in each.content for each in found.on_mastodon.timeline())  # and the page says so
    office.saw("taken back", "bluesky", "gone, its correction too")
    office.saw("taken back", "newsroom", "the entry says that it was withdrawn")
    office.saw("taken back", "mastodon", "snac keeps it; the page says that this server does not take posts back")
    office.saw("taken back", "email", "a letter stays with its reader")
