"""Jetstream's frames, sound and otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from callbox.networks.bluesky import jetstream as product
from tests.networks.streams.listening import Listening
from tests.networks.streams.sources import OnJetstream

POST = "app.bsky.feed.post"


@pytest.fixture
def server() -> Iterator[OnJetstream]:
    found = OnJetstream()
    yield found
    found.close()


def _heard(server: OnJetstream, *frames: bytes | dict[str, Any], at: int | None = None) -> Listening:
    """Listen to the frames and one sound post after them."""
    listening = Listening(server.stream())
    listening.until(lambda: bool(listening.heard))
    for frame in frames:
        server.say(frame, at=at)
    server.post("the last one", key="last")
    listening.until_text("the last one")
    listening.stop()
    return listening


def _commit(record: object, **other: Any) -> dict[str, Any]:
    commit = {"rev": "1", "operation": "create", "collection": POST, "rkey": "3kabc", "record": record, "cid": "b"}
    return {"did": "did:plc:a", "kind": "commit", "commit": {**commit, **other}}


def test_a_post_carries_its_address_its_language_and_what_it_answers(server: OnJetstream) -> None:
    record = {
        "$type": POST,
        "text": "Smoke\x00 over \ud83d the mill",
        "createdAt": "2026-11-22T11:00:00+01:00",
        "langs": ["de", "en"],
        "reply": {"parent": {"uri": f"at://did:plc:b/{POST}/3kb"}, "root": {"uri": f"at://did:plc:c/{POST}/3kc"}},
    }
    listening = _heard(server, _commit(record))
    post = listening.posts[0]
    assert post.remote_id == f"at://did:plc:a/{POST}/3kabc"
    assert post.author == "did:plc:a"
    assert post.url == "https://bsky.app/profile/did:plc:a/post/3kabc"
    assert post.text == "Smoke over ? the mill"
    assert post.at == datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert post.language == "de"
    assert post.parent == f"at://did:plc:b/{POST}/3kb"


def test_a_changed_post_comes_again_under_its_id(server: OnJetstream) -> None:
    listening = _heard(
        server, _commit({"text": "one"}), _commit({"text": "two"}, operation="update"), _commit({}, operation="delete")
    )
    first, second, third = listening.posts[:3]
    assert first.remote_id == second.remote_id == third.remote_id
    assert (second.text, third.gone) == ("two", True)


@pytest.mark.parametrize("status", ["deleted", "takendown"])
def test_an_account_that_is_gone_for_good_takes_everything_along(server: OnJetstream, status: str) -> None:
    told = {"kind": "account", "did": "did:plc:a", "account": {"active": False, "did": "did:plc:a", "status": status}}
    gone = _heard(server, told).posts[0]
    assert (gone.gone, gone.author, gone.remote_id, gone.text) == (True, "did:plc:a", "", "")


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "account", "did": "did:plc:a", "account": {"active": False, "status": "deactivated"}},
        {"kind": "account", "did": "did:plc:a", "account": {"active": True, "status": "deleted"}},
        {"kind": "account", "did": "nobody", "account": {"active": False, "status": "deleted"}},
        {"kind": "identity", "did": "did:plc:a", "identity": {"handle": "x"}},
        {"kind": "account", "did": "did:plc:a", "account": {"active": False}},
        {"kind": "something-new"},
        _commit({"subject": {}}, collection="app.bsky.feed.like"),
    ],
)
def test_what_is_no_post_passes_by_uncounted(server: OnJetstream, other: dict[str, Any]) -> None:
    listening = _heard(server, other)
    assert [post.text for post in listening.posts] == ["the last one"]
    assert sum(each.passed for each in listening.heard) == 1
    assert sum(each.unreadable for each in listening.heard) == 0


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\xff\xfe\x00",
        b"{",
        b"null",
        b"[1, 2]",
        b'"text"',
        b"[" * 100_000,
        b'{"kind": "commit"}',
        b'{"kind": "commit", "commit": []}',
        json.dumps({"time_us": "soon", **_commit({"text": "a"})}).encode(),
        json.dumps({"time_us": True, **_commit({"text": "a"})}).encode(),
        json.dumps({"time_us": -1, **_commit({"text": "a"})}).encode(),
        json.dumps({"time_us": 10**40, **_commit({"text": "a"})}).encode(),
        {"kind": "account", "did": "did:plc:a", "account": ["deleted"]},
        _commit(None),
        _commit("text"),
        _commit({"text": 5}),
        _commit({"text": "a"}, rkey=""),
        _commit({"text": "a"}, rkey="../../x"),
        _commit({"text": "a"}, rkey=["a"]),
        {**_commit({"text": "a"}), "did": None},
        {**_commit({"text": "a"}), "did": "plc:a"},
    ],
)
def test_what_cannot_be_read_is_counted_and_the_stream_goes_on(
    server: OnJetstream, frame: bytes | dict[str, Any]
) -> None:
    listening = _heard(server, frame)
    assert [post.text for post in listening.posts] == ["the last one"]
    assert sum(each.unreadable for each in listening.heard) == 1
    assert sum(each.passed for each in listening.heard) == 2


def test_no_author_is_ahead_of_the_stream_and_none_has_a_clock_from_before_the_network(server: OnJetstream) -> None:
    stated = ["2031-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "yesterday", 5, None]
    listening = _heard(server, *(_commit({"text": str(each), "createdAt": each}) for each in stated))
    now = datetime.now(UTC)
    for post in listening.posts[:-1]:
        assert now - timedelta(minutes=2) < post.at <= now


def test_old_posts_that_are_carried_over_keep_their_time(server: OnJetstream) -> None:
    listening = _heard(server, _commit({"text": "old", "createdAt": "2015-03-01T08:00:00Z"}))
    assert listening.posts[0].at == datetime(2015, 3, 1, 8, tzinfo=UTC)


def test_a_server_whose_clock_is_ahead_does_not_move_the_cursor_there(server: OnJetstream) -> None:
    ahead = int((datetime.now(UTC) + timedelta(days=3)).timestamp() * 1_000_000)
    listening = Listening(server.stream())
    listening.until(lambda: bool(listening.heard))
    began = listening.cursor
    server.say({"time_us": ahead, **_commit({"text": "from the future"})}, at=ahead)
    listening.until_text("from the future")
    listening.stop()
    assert listening.cursor == began
    assert listening.posts[0].at <= datetime.now(UTC)


def test_a_long_text_is_cut_and_thousands_of_posts_come_in_goes(server: OnJetstream) -> None:
    listening = Listening(server.stream())
    listening.until(lambda: bool(listening.heard))
    server.post("x" * 200_000)
    for number in range(3_000):
        server.post(f"post {number}")
    listening.until_text("post 2999")
    listening.stop()
    assert len(listening.texts[0]) == 30_000
    assert len(listening.texts) == 3_001
    assert max(len(each.posts) for each in listening.heard) <= 500


def test_a_frame_larger_than_any_post_ends_the_stream_with_a_word(server: OnJetstream) -> None:
    listening = Listening(server.stream())
    listening.until(lambda: bool(listening.heard))
    server.say(b"x" * (product.LARGEST + 1))
    error = listening.until_broken()
    assert "more in one piece" in error.said
    assert error.after >= 60


@pytest.mark.parametrize("cursor", ["nonsense", "-5", "1e9", "١٢"])
def test_a_cursor_that_is_none_is_now(server: OnJetstream, cursor: str) -> None:
    server.post("before")
    listening = Listening(server.stream(), cursor)
    listening.until(lambda: bool(listening.heard))
    server.post("after")
    listening.until_text("after")
    listening.stop()
    assert listening.texts == ["after"]
