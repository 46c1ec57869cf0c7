"""The newsroom keeps every edition, writes each once, and signs it."""

from __future__ import annotations

import base64
import json

import pytest

from callbox.core.signing import parse_public
from callbox.networks.contract import NotSentError, Session
from callbox.networks.newsroom.models import Entry
from callbox.networks.newsroom.network import Newsroom
from callbox.networks.vocabulary import Content
from tests.people import Cast
from tests.portal.entries import connect, key, no_media, rendition


@pytest.fixture
def newsroom(cast: Cast) -> Session:
    return connect(cast.agency, cast.bob)


def test_a_correction_is_the_next_edition_and_the_first_stays(cast: Cast, newsroom: Session) -> None:
    sent = newsroom.publish(rendition(cast.agency, "Closed until noon."), key=key("a"), media=no_media)
    for _time in range(3):  # a repeated call changes nothing
        newsroom.edit(sent.remote_id, rendition(cast.agency, "Closed until three."), key=key("b"), media=no_media)
    texts = list(
        Entry.objects.filter(slug=sent.remote_id).order_by("edition").values_list("rendition__text", flat=True)
    )
    assert texts == ["Closed until noon.", "Closed until three."]


def test_a_withdrawal_says_so_once_and_ends_the_entry(cast: Cast, newsroom: Session) -> None:
    sent = newsroom.publish(rendition(cast.agency, "Missing: a boy."), key=key("a"), media=no_media)
    newsroom.withdraw(sent.remote_id)
    newsroom.withdraw(sent.remote_id)
    assert list(Entry.objects.order_by("edition").values_list("withdrawn", flat=True)) == [False, True]
    with pytest.raises(NotSentError, match="was withdrawn"):
        newsroom.edit(sent.remote_id, rendition(cast.agency, "Found."), key=key("c"), media=no_media)


def test_what_does_not_exist_is_surely_not_sent(cast: Cast, newsroom: Session) -> None:
    with pytest.raises(NotSentError):
        newsroom.edit("0" * 32, rendition(cast.agency, "x"), key=key("c"), media=no_media)
    with pytest.raises(NotSentError):
        newsroom.withdraw("0" * 32)
    assert not Entry.objects.exists()


def test_every_edition_is_signed_over_all_that_is_shown(cast: Cast, newsroom: Session) -> None:
    sent = newsroom.publish(rendition(cast.agency, "Cerrado."), key=key("a"), media=no_media)
    newsroom.withdraw(sent.remote_id)
    for entry in Entry.objects.all():
        signature, document = base64.b64decode(entry.signature), entry.document.encode()
        assert parse_public(entry.signer).verifies(signature, document)
        assert not parse_public(entry.signer).verifies(signature, document.replace(b"Cerrado", b"Abierto"))
        said = json.loads(document)
        assert said["shown"] == entry.rendition
        assert (said["agency"], said["entry"], said["edition"], said["withdrawn"]) == (
            "harbour", sent.remote_id, entry.edition, entry.withdrawn,
        )  # fmt: skip


def test_the_same_key_signs_for_the_same_agency_and_another_for_another(cast: Cast, newsroom: Session) -> None:
    other = connect(cast.other, cast.dan)
    newsroom.publish(rendition(cast.agency, "One"), key=key("a"), media=no_media)
    newsroom.publish(rendition(cast.agency, "Two"), key=key("b"), media=no_media)
    other.publish(rendition(cast.other, "Three"), key=key("c"), media=no_media)
    first, second, third = (Entry.objects.get(key=key(name)).signer for name in "abc")
    assert first == second != third


def test_a_newsroom_asks_for_a_title_and_takes_any_length() -> None:
    preview = Newsroom().render(Content(text="word " * 20_000), account="newsroom:harbour")
    assert [reason.code for reason in preview.problems] == ["title_missing"]
    assert Newsroom().render(Content(text="word " * 20_000, title="Long"), account="newsroom:harbour").fits
