"""Bluesky on the network's own servers: a post, the answers to it, ours to them, and taking it back, as people see it by the AppView."""

from __future__ import annotations

import io
import json
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import regex
from atproto_client import models
from PIL import Image

from callbox.networks.bluesky import rendering
from callbox.networks.bluesky.session import BlueskySession
from callbox.networks.contract import NotSentError
from callbox.networks.vocabulary import Content, Media, Rendition, Seen
from tests.networks.bluesky.harness import INDEX_SECONDS, ServerHarness, WholeHarness
from tests.servers import atproto

pytestmark = pytest.mark.networks


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[ServerHarness]:
    """A personal data server with an account of our own."""
    harness = ServerHarness()
    harness.start(tmp_path)
    yield harness
    harness.stop()


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[WholeHarness]:
    """The whole network with an account of our own."""
    harness = WholeHarness()
    harness.start(tmp_path)
    yield harness
    harness.stop()


def _until[T](ask: Callable[[], T | None]) -> T:
    end = time.monotonic() + INDEX_SECONDS
    while (found := ask()) is None:
        assert time.monotonic() < end, "the AppView did not show it in time"
        time.sleep(0.2)
    return found


def _picture() -> tuple[Media, bytes]:
    drawn = io.BytesIO()
    Image.new("RGB", (80, 60), "#204060").save(drawn, "PNG")
    data = drawn.getvalue()
    return Media("0" * 64, "image", "image/png", len(data), "A closed road by the harbour", width=80, height=60), data


def _publish(session: BlueskySession, rendition: Rendition, data: bytes = b"") -> str:
    return session.publish(rendition, key=uuid.uuid4().hex, media=lambda sha256: data).remote_id


def _no_media(sha256: str) -> bytes:
    raise AssertionError(f"nobody asked for {sha256}")


def _collected(session: BlueskySession) -> dict[str, Seen]:
    seen: dict[str, Seen] = {}
    cursor = ""
    while True:
        batch = session.collect(cursor)
        seen |= {each.remote_id: each for each in batch.seen}
        if not batch.more:
            return seen
        cursor = batch.cursor


def _shown(session: BlueskySession, uri: str) -> models.AppBskyFeedDefs.ThreadViewPost | None:
    """Return the thread below a post as the AppView shows it."""
    line = session._line
    try:
        thread = line.read(lambda: line.api.app.bsky.feed.get_post_thread({"uri": uri})).thread
    except NotSentError:
        return None
    return thread if isinstance(thread, models.AppBskyFeedDefs.ThreadViewPost) else None


def test_a_conversation_as_people_see_it(whole: WholeHarness) -> None:
    """A post with marks and a picture; a reply and a mention reach us in their threads; our answer is shown; taken back is gone."""
    agency, resident = whole.session(), whole.of(account := whole.server.join("resident"))
    media, data = _picture()
    content = Content(f"🚧 مغلق #harbour https://example.org/roads thanks @{account.handle}", media=(media,))
    preview = whole.network.render(content, account=whole.account)
    assert preview.fits
    ours = _publish(agency, preview.rendition, data)

    shown = _until(lambda: _shown(agency, ours))
    record: Any = shown.post.record
    text = record.text.encode()
    marked = [text[mark.index.byte_start : mark.index.byte_end].decode() for mark in record.facets]
    assert marked == ["#harbour", "https://example.org/roads", f"@{account.handle}"]
    assert record.facets[2].features[0].did == account.did
    images = shown.post.embed
    assert isinstance(images, models.AppBskyEmbedImages.View)
    assert [(image.alt, image.aspect_ratio and image.aspect_ratio.width) for image in images.images] == [
        (media.alt, 80)
    ]

    reply = whole.network.render_reply("Until when?", account=whole.account, to=ours, language="en").rendition
    mention = whole.network.render(Content(f"@{whole.agency.handle} a lamp is broken"), account=whole.account).rendition
    asked, called = _publish(resident, reply), _publish(resident, mention)
    seen = _until(lambda: found if {asked, called} <= (found := _collected(agency)).keys() else None)
    assert (seen[asked].thread, seen[asked].parent, seen[asked].door) == (ours, ours, "comment")
    assert (seen[called].thread, seen[called].parent, seen[called].door) == (called, "", "mention")
    assert (seen[asked].author, seen[asked].own) == (f"bluesky:{account.handle}", False)
    assert (seen[ours].own, seen[ours].images_described, seen[ours].replies) == (True, 1, 1)

    answer = whole.network.render_reply("Until noon.", account=whole.account, to=asked, language="en").rendition
    answered = _publish(agency, answer)

    def _answers() -> list[str] | None:
        thread = _shown(resident, ours)
        replies = (thread.replies or []) if thread else []
        below = [each for reply in replies for each in getattr(reply, "replies", None) or []]
        return [each.post.uri for each in below] or None

    assert _until(_answers) == [answered]

    agency.withdraw(ours)
    assert not agency.exists(ours)
    _until(lambda: True if _shown(resident, ours) is None else None)


def test_a_post_made_past_callbox_is_collected_as_ours(whole: WholeHarness) -> None:
    """Without words for its picture: that is what the measure of V5 sees."""
    session = whole.session()
    media, data = _picture()
    past = Rendition(whole.account, "From the phone", media=(Media("0" * 64, "image", "image/png", media.size),))
    uri = _publish(session, past, data)
    seen = _until(lambda: _collected(session).get(uri))
    assert (seen.own, seen.images, seen.images_described) == (True, 1, 0)


@pytest.mark.parametrize("sign", ["a", "é", "👨‍👩‍👧‍👦", "🇳🇴", "شّ"])
def test_the_server_counts_as_we_do(sign: str, alone: ServerHarness) -> None:
    """What we say fits is taken, and what we say does not is refused."""
    session, most = alone.session(), min(300, 3000 // len(sign.encode()))
    full, over = (alone.network.render(Content(sign * count), account=alone.account) for count in (most, most + 1))
    assert full.fits
    assert not over.fits
    _publish(session, full.rendition)
    with pytest.raises(NotSentError):
        _publish(session, over.rendition)
    assert len(alone.server.posts(alone.agency)) == 1


def test_we_count_as_the_networks_own_library() -> None:
    """Emoji, flags, letters with marks and syllables of many scripts, against its `graphemeLen`."""
    try:
        folder = atproto.installed()
    except atproto.MissingError as error:
        pytest.skip(str(error))
    letters = regex.findall(r"\X", "aé👨‍👩‍👧‍👦🇳🇴👍🏽क्षित्र각กำலிশ্রীشرّطة🏴󠁧󠁢󠁷󠁬󠁳󠁿1️⃣e\u0301\r\n\u200d\u0915\u094d")
    texts = ["".join(letters[(start * 7 + step * 3) % len(letters)] for step in range(12)) for start in range(200)]
    program = (
        "import { graphemeLen } from '@atproto/common-web'; let s = '';"
        "for await (const c of process.stdin) s += c;"
        "console.log(JSON.stringify(JSON.parse(s).map(graphemeLen)))"
    )
    done = subprocess.run(
        [str(atproto.NODE), "--input-type=module", "-e", program],
        input=json.dumps(texts), cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout) == [rendering.length(text) for text in texts]


def test_one_key_is_one_post_whoever_calls_at_once(alone: ServerHarness) -> None:
    """The same delivery by four sessions at once: each is told of the one post there is."""
    sessions, key = [alone.session() for _ in range(4)], uuid.uuid4().hex
    rendition = alone.network.render(Content("Once."), account=alone.account).rendition
    with ThreadPoolExecutor(len(sessions)) as pool:
        receipts = list(pool.map(lambda session: session.publish(rendition, key=key, media=_no_media), sessions))
    stored = [post["uri"] for post in alone.server.posts(alone.agency)]
    assert stored == list({receipt.remote_id for receipt in receipts})
    found = sessions[0].find(rendition, key=key, since=datetime.now(UTC) - timedelta(minutes=1))
    assert found is not None
    assert [found.remote_id] == stored
