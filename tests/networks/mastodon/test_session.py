"""One account on the mock: pictures, answers no more public than the question, threads, doors, and looking for what got lost."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from callbox.networks.mastodon.session import MastodonSession
from callbox.networks.vocabulary import Media, Rendition, Seen
from tests.networks.mastodon.harness import MockHarness
from tests.servers.mastodon_mock import DOMAIN, signed_in

pytestmark = pytest.mark.slow  # the mock takes seconds to start

ACCOUNT = f"mastodon:alice@{DOMAIN}"


@pytest.fixture(scope="module")
def mock() -> Iterator[MockHarness]:
    harness = MockHarness()
    harness.session().close()
    yield harness
    harness.stop()


@pytest.fixture
def session(mock: MockHarness) -> Iterator[MastodonSession]:
    opened = mock.session()
    yield opened
    opened.close()


def _nothing(sha256: str) -> bytes:
    raise AssertionError("nobody asked for media")


def _publish(session: MastodonSession, text: str, to: str = "") -> str:
    shown = Rendition(ACCOUNT, text, reply_to=to)
    return session.publish(shown, key=uuid.uuid4().hex, media=_nothing).remote_id


def _new(session: MastodonSession, cursor: str) -> list[Seen]:
    return list(session.collect(cursor).seen)


def _now(session: MastodonSession) -> str:
    batch = session.collect("")
    while batch.more:
        batch = session.collect(batch.cursor)
    return batch.cursor


def test_a_picture_arrives_with_its_description_and_the_language(mock: MockHarness, session: MastodonSession) -> None:
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawn, "PNG")
    data = drawn.getvalue()
    picture = Media(hashlib.sha256(data).hexdigest(), "image", "image/png", len(data), "A closed road")
    cursor = _now(session)
    shown = Rendition(ACCOUNT, "Calle cerrada", language="es-MX", media=(picture,))
    receipt = session.publish(shown, key=uuid.uuid4().hex, media={picture.sha256: data}.__getitem__)
    status = signed_in(mock.server, "bob").status(receipt.remote_id)
    assert [each.description for each in status.media_attachments] == ["A closed road"]
    assert (status.language, status.sensitive, status.visibility) == ("es", False, "public")
    [seen] = _new(session, cursor)
    assert (seen.own, seen.images, seen.images_described, seen.language) == (True, 1, 1, "es")
    assert session.find(shown, key="", since=datetime.now(UTC) - timedelta(minutes=1)) is not None


def test_an_answer_names_whom_it_answers_and_is_found_again(mock: MockHarness, session: MastodonSession) -> None:
    bob = signed_in(mock.server, "bob")
    asked = bob.status_post("@alice is Mill Road open?")
    since = datetime.now(UTC)
    answer = Rendition(ACCOUNT, "Yes, it is.", reply_to=str(asked.id))
    receipt = session.publish(answer, key=uuid.uuid4().hex, media=_nothing)
    status = bob.status(receipt.remote_id)
    assert "@bob" in status.content
    assert [each.acct for each in status.mentions] == ["bob"]
    found = session.find(answer, key="", since=since)
    assert found is not None
    assert found.remote_id == receipt.remote_id


def test_a_private_question_is_never_answered_in_public(mock: MockHarness, session: MastodonSession) -> None:
    cursor = _now(session)
    asked = signed_in(mock.server, "bob").status_post("@alice my case?", visibility="direct")
    [seen] = _new(session, cursor)
    assert (seen.door, seen.author, seen.author_name) == ("message", f"mastodon:bob@{DOMAIN}", "Bob")
    answered = _publish(session, "Please call us.", to=str(asked.id))
    assert signed_in(mock.server, "bob").status(answered).visibility == "direct"


def test_doors_and_threads_are_told_apart(mock: MockHarness, session: MastodonSession) -> None:
    bob, carol = signed_in(mock.server, "bob"), signed_in(mock.server, "carol")
    cursor = _now(session)
    first = _publish(session, "Road closed.")
    comment = bob.status_post("@alice until when?", in_reply_to_id=first)
    ours = _publish(session, "Until noon.", to=str(comment.id))
    deep = carol.status_post("@alice sure?", in_reply_to_id=ours)
    alone = carol.status_post("@alice hello")
    seen = {each.remote_id: each for each in _new(session, cursor)}
    assert {key: (each.thread, each.parent) for key, each in seen.items()} == {
        first: (first, ""),
        str(comment.id): (first, first),
        ours: (first, str(comment.id)),
        str(deep.id): (first, ours),
        str(alone.id): (str(alone.id), ""),
    }
    assert (seen[str(comment.id)].door, seen[str(alone.id)].door) == ("comment", "mention")
    assert [each.at for each in seen.values()] == sorted(each.at for each in seen.values())


def test_a_post_made_past_callbox_is_collected_with_what_it_lacks(mock: MockHarness, session: MastodonSession) -> None:
    alice = signed_in(mock.server, "alice")
    cursor = _now(session)
    drawn = BytesIO()
    Image.new("RGB", (4, 3)).save(drawn, "PNG")
    picture = alice.media_post(drawn.getvalue(), "image/png")
    alice.status_post("From a phone", media_ids=[picture.id])
    [seen] = _new(session, cursor)
    assert (seen.own, seen.text, seen.images, seen.images_described) == (True, "From a phone", 1, 0)


def test_two_pages_of_mentions_are_both_collected(mock: MockHarness, session: MastodonSession) -> None:
    bob = signed_in(mock.server, "bob")
    cursor = _now(session)
    written = {str(bob.status_post(f"@alice question {number}").id) for number in range(45)}
    found: set[str] = set()
    pages = 0
    while True:
        batch = session.collect(cursor)
        found |= {each.remote_id for each in batch.seen}
        cursor, pages = batch.cursor, pages + 1
        if not batch.more:
            break
    assert (found, pages) == (written, 2)


@pytest.mark.parametrize("cursor", ["", "nonsense", "[1]", '{"mention": 7}', "{"])
def test_a_cursor_that_makes_no_sense_begins_anew(session: MastodonSession, cursor: str) -> None:
    assert session.collect(cursor).cursor.startswith("{")


def test_of_the_same_words_twice_the_newer_is_found_and_older_ones_never(session: MastodonSession) -> None:
    shown = Rendition(ACCOUNT, f"Every week the same {uuid.uuid4().hex}")
    _publish(session, shown.text)
    newer = _publish(session, shown.text)
    found = session.find(shown, key="", since=datetime.now(UTC) - timedelta(minutes=1))
    assert found is not None
    assert found.remote_id == newer
    assert session.find(shown, key="", since=datetime.now(UTC) + timedelta(minutes=1)) is None


def test_a_post_corrected_in_place_is_found_by_the_hour_of_its_correction(session: MastodonSession) -> None:
    made = _publish(session, "Road closed.")
    corrected = Rendition(ACCOUNT, f"Road open {uuid.uuid4().hex}.")
    assert session.edit(made, corrected, key="", media=_nothing).remote_id == made
    found = session.find(corrected, key="", since=datetime.now(UTC) - timedelta(seconds=30))
    assert found is not None
    assert found.remote_id == made
