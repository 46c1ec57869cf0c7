"""What every public stream promises, asked of all four."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from callbox.networks.stream import StreamError
from callbox.networks.streams import open_stream
from tests.networks.streams.listening import Listening
from tests.networks.streams.sources import SOURCES, OnFeed, OnFirehose, Source


@pytest.fixture(params=sorted(SOURCES))
def source(request: pytest.FixtureRequest) -> Iterator[Source]:
    """A server of each kind."""
    with SOURCES[request.param]() as found:
        yield found


def _begun(source: Source, cursor: str = "") -> Listening:
    """Listen, and wait until something was heard: from then on nothing is missed."""
    listening = Listening(source.stream(), cursor)
    listening.until(lambda: bool(listening.heard))
    if isinstance(source, OnFirehose) and not cursor:  # it has no number before its first frame
        source.wait_open()
        source.post("something else")
        listening.until_text("something else")
    return listening


def test_what_is_posted_is_heard_with_its_words_and_a_stable_id(source: Source) -> None:
    source.post("before anybody listened")
    listening = _begun(source)
    source.post("The bridge is closed")
    listening.until_text("The bridge is closed")
    listening.stop()
    [post] = [each for each in listening.posts if each.text == "The bridge is closed"]
    assert post.network == ("bluesky" if source.kind in {"jetstream", "firehose"} else source.kind)
    assert post.remote_id
    assert not post.gone
    assert sum(each.passed for each in listening.heard) >= 1
    assert sum(each.unreadable for each in listening.heard) == 0
    assert "before anybody listened" not in listening.texts


def test_what_is_deleted_is_heard_under_the_same_id_where_the_source_tells_it(source: Source) -> None:
    listening = _begun(source)
    key = source.post("a mistake")
    listening.until_text("a mistake")
    source.delete(key)
    if source.tells_deletions:
        listening.until(lambda: any(each.gone for each in listening.posts))
        known = {each.remote_id for each in listening.posts if each.text == "a mistake"}
        assert {each.remote_id for each in listening.posts if each.gone} == known
    listening.stop()


def test_a_stream_that_broke_off_says_so_in_a_sentence(source: Source) -> None:
    listening = _begun(source)
    source.cut()
    error = listening.until_broken()
    assert error.said
    assert error.after > 0
    assert "Traceback" not in error.said


def test_what_was_posted_while_nobody_listened_is_heard_at_the_last_cursor(source: Source) -> None:
    first = _begun(source)
    source.post("one")
    first.until_text("one")
    first.stop()
    for text in ("two", "three", "four"):
        source.post(text)
    second = _begun(source, first.cursor)
    source.post("five")
    second.until_text("five")
    second.stop()
    assert [text for text in second.texts if text in {"two", "three", "four", "five"}] == [
        "two",
        "three",
        "four",
        "five",
    ]
    again = [post.remote_id for post in second.posts]
    if (
        source.kind == "jetstream"
    ):  # is gone on with a little before: what was heard then is heard again, and no more than once
        assert len(again) == len(set(again))
    else:
        assert "one" not in second.texts
    assert not any(each.missed for each in second.heard)


def test_breaking_off_again_and_again_loses_nothing(source: Source) -> None:
    texts: list[str] = []
    listening = _begun(source)
    for number in range(4):
        source.post(f"post {number}")
        listening.until_text(f"post {number}")
        source.cut()
        listening.until_broken()
        texts += listening.texts
        if isinstance(source, OnFeed):
            source.broken = False
        source.post(f"between {number}")
        listening = Listening(source.stream(), listening.cursor)
        listening.until_text(f"between {number}")
    listening.stop()
    texts += listening.texts
    wanted = {f"{word} {number}" for word in ("post", "between") for number in range(4)}
    assert wanted <= set(texts)


def test_listening_ends_within_two_seconds_of_being_asked(source: Source) -> None:
    # The best of three: the machine of a test may be busy with others.
    assert any(_begun(source).stop() < 2.0 for _ in range(3))


def test_a_private_address_is_refused_before_anything_is_sent(source: Source) -> None:
    place = source.place  # type: ignore[attr-defined]  # all have one
    scheme = "ws" if source.kind in {"jetstream", "firehose"} else "http"
    listening = Listening(open_stream(source.kind, f"{scheme}://{place}", secrets={}, private=frozenset()))
    assert "leads to no public address" in listening.until_broken().said


def test_a_kind_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError):
        open_stream("pigeon", "https://example.org", secrets={}, private=frozenset())


@pytest.mark.parametrize("kind", sorted(SOURCES))
@pytest.mark.parametrize("address", ["", "nonsense", "ftp://example.org", "https://[", "wss://", "https://"])
def test_an_address_that_is_none_is_said_to_be_none(kind: str, address: str) -> None:
    listening = Listening(open_stream(kind, address, secrets={}, private=frozenset()))
    error = listening.until_broken()
    assert isinstance(error, StreamError)
    assert error.said
