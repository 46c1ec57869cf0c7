"""The thin path on real servers: two snac daemons, the agency's and a resident's, that tell each other."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from callbox.networks.contract import NotSentError
from callbox.networks.mastodon.words import text_of
from callbox.networks.vocabulary import Media, Rendition
from tests.networks.mastodon.harness import SnacHarness, until

pytestmark = pytest.mark.networks


@pytest.fixture
def two(tmp_path: Path) -> Iterator[SnacHarness]:
    harness = SnacHarness()
    harness.start(tmp_path)
    try:
        yield harness
    finally:
        harness.stop()


def test_a_message_crosses_to_another_server_is_answered_answered_back_and_corrected(two: SnacHarness) -> None:
    session = two.session()
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawn, "PNG")
    data = drawn.getvalue()
    picture = Media(hashlib.sha256(data).hexdigest(), "image", "image/png", len(data), "Harbour Street, closed")
    bytes_of = {picture.sha256: data}.__getitem__
    shown = Rendition(two.account, "Harbour Street is closed until noon.", media=(picture,))
    sent = session.publish(shown, key=uuid.uuid4().hex, media=bytes_of)

    there = two.resident.signed_in()
    seen = until(lambda: next((each for each in there.timeline_home() if each.url == sent.url), None))
    assert text_of(seen.content) == shown.text
    assert [each.description for each in seen.media_attachments] == ["Harbour Street, closed"]

    two.reply(sent.remote_id, "Is Mill Road open?")
    cursor = session.collect("").cursor
    [question] = [each for each in session.collect("").seen if not each.own]
    assert (question.text, question.thread, question.door) == ("Is Mill Road open?", sent.remote_id, "comment")
    assert question.author == f"mastodon:{two.resident.handle}"

    answer = two.network.render_reply(
        "Yes, Mill Road is open.", account=two.account, to=question.remote_id, language="en"
    )
    answered = session.publish(answer.rendition, key=uuid.uuid4().hex, media=bytes_of)
    until(
        lambda: next((True for each in there.notifications() if each.status and each.status.url == answered.url), None)
    )
    later = session.collect(cursor).seen
    assert [(each.own, each.thread, each.parent) for each in later if each.remote_id == answered.remote_id] == [
        (True, sent.remote_id, question.remote_id)
    ]

    corrected = Rendition(two.account, "Harbour Street is closed until three.", media=(picture,))
    session.edit(sent.remote_id, corrected, key=uuid.uuid4().hex, media=bytes_of)
    until(lambda: next((True for each in there.timeline_home() if "until three" in each.content), None))

    with pytest.raises(NotSentError, match="does not let posts be taken back"):
        session.withdraw(sent.remote_id)
    session.close()
