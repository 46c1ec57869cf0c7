"""The firehose's frames, sound and otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.networks.streams import firehose_server as wire
from tests.networks.streams.listening import Listening
from tests.networks.streams.sources import OnFirehose

PATH = f"{wire.POST}/3kabc"


@pytest.fixture
def server() -> Iterator[OnFirehose]:
    found = OnFirehose()
    yield found
    found.close()


def _heard(server: OnFirehose, *frames: bytes) -> Listening:
    """Listen to the frames and one sound post after them, from the beginning."""
    for frame in frames:
        server.say(frame)
    server.post("the last one")
    listening = Listening(server.stream(), "0")
    listening.until_text("the last one")
    listening.stop()
    return listening


def _commit(server: OnFirehose, *changes: tuple[str, str, dict[str, Any] | None], **other: Any) -> bytes:
    server.commit(list(changes), **other)
    return server.frames.pop()


def test_posts_are_made_changed_and_deleted_by_one_commit(server: OnFirehose) -> None:
    listening = _heard(
        server,
        _commit(
            server,
            ("create", PATH, {"text": "one", "createdAt": "2026-11-22T09:00:00Z"}),
            ("create", "app.bsky.feed.like/3kx", {"subject": "x"}),
            ("delete", f"{wire.POST}/3kold", None),
        ),
        _commit(server, ("update", PATH, {"text": "two"}), seq=2),
    )
    assert [(post.text, post.gone) for post in listening.posts[:3]] == [("one", False), ("", True), ("two", False)]
    assert listening.posts[0].remote_id == listening.posts[2].remote_id == f"at://did:plc:resident/{PATH}"
    assert listening.posts[0].at.hour == 9


def test_a_record_that_does_not_match_its_hash_is_not_believed(server: OnFirehose) -> None:
    true, false = wire.encode({"text": "true words"}), wire.encode({"text": "false words"})
    forged = wire.car((wire.cid_of(true), false))
    change = [{"action": "create", "path": PATH, "cid": wire.Link(wire.cid_of(true))}]
    listening = _heard(server, _commit(server, ops=change, blocks=forged))
    assert listening.texts == ["the last one"]
    assert sum(each.unreadable for each in listening.heard) == 1


def _strange() -> dict[str, bytes]:
    message = wire.frame
    sound = {"seq": 1, "repo": "did:plc:a", "time": "2026-11-22T10:00:00Z", "blocks": b"", "ops": []}
    change = {"action": "create", "path": PATH, "cid": wire.Link(wire.cid_of(b"x"))}
    return {
        "nothing": b"",
        "no body": wire.encode({"op": 1, "t": "#commit"}),
        "three values": message("#commit", sound) + b"\x01",
        "no map": wire.encode([1]) + wire.encode([2]),
        "cut short": message("#commit", sound)[:-3],
        "nested": b"\x81" * 1_000_000,
        "an array that claims to be endless": b"\x9b" + b"\xff" * 8,
        "an end that is no map": wire.encode({"op": -1}) + wire.encode(["end"]),
        "no number": message("#commit", {**sound, "seq": "1"}),
        "a number below nought": message("#commit", {**sound, "seq": -1}),
        "changes that are none": message("#commit", {**sound, "ops": 5}),
        "changes of text": message("#commit", {**sound, "ops": ["create"]}),
        "no blocks": message("#commit", {**sound, "ops": [change]}),
        "blocks of noise": message("#commit", {**sound, "ops": [change], "blocks": b"\xff" * 100_000}),
        "a link that is text": message("#commit", {**sound, "ops": [{**change, "cid": "b"}]}),
        "no author": message("#commit", {**sound, "repo": 5, "ops": [change]}),
        "too big to tell": message("#commit", {**sound, "tooBig": True}),
    }


@pytest.mark.parametrize("name", sorted(_strange()))
def test_what_cannot_be_read_is_counted_and_the_stream_goes_on(server: OnFirehose, name: str) -> None:
    listening = _heard(server, _strange()[name])
    assert listening.texts == ["the last one"]
    assert sum(each.unreadable for each in listening.heard) == 1


def test_what_is_no_commit_passes_by_and_moves_the_cursor(server: OnFirehose) -> None:
    for number, kind in enumerate(("#identity", "#account", "#sync", "#something-new"), 1):
        server.say(wire.frame(kind, {"seq": number, "did": "did:plc:a", "time": "2026-11-22T10:00:00Z"}))
    listening = Listening(server.stream(), "0")
    server.post("after them")
    listening.until_text("after them")
    listening.stop()
    assert sum(each.passed for each in listening.heard) == 1
    assert listening.cursor == "5"


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("#account", {"active": False, "status": "deleted"}),
        ("#account", {"active": False, "status": "takendown"}),
        ("#tombstone", {}),
    ],
)
def test_an_account_that_is_gone_for_good_takes_everything_along(
    server: OnFirehose, kind: str, state: dict[str, Any]
) -> None:
    said = {"seq": 1, "did": "did:plc:a", "time": "2026-11-22T10:00:00Z", **state}
    gone, last = _heard(server, wire.frame(kind, said)).posts
    assert (gone.gone, gone.author, gone.remote_id) == (True, "did:plc:a", "")
    assert last.text == "the last one"


def test_an_account_that_may_come_back_keeps_its_posts(server: OnFirehose) -> None:
    said = {"seq": 1, "did": "did:plc:a", "time": "2026-11-22T10:00:00Z", "active": False, "status": "suspended"}
    assert _heard(server, wire.frame("#account", said)).texts == ["the last one"]


def test_a_cursor_ahead_of_a_server_that_was_set_up_anew_begins_now_and_says_so(server: OnFirehose) -> None:
    server.post("of its new life")
    listening = Listening(server.stream(), "5000")
    listening.until(lambda: any(each.missed for each in listening.heard))
    server.wait_open()
    server.post("from now on")
    listening.until_text("from now on")
    listening.stop()
    assert listening.cursor == "2"


def test_an_outdated_cursor_goes_on_with_what_is_kept_and_says_so(server: OnFirehose) -> None:
    for number in range(5):
        server.post(f"post {number}")
    server.kept_from = 3
    listening = Listening(server.stream(), "1")
    listening.until_text("post 4")
    listening.stop()
    assert listening.texts == ["post 3", "post 4"]
    assert next(each.missed for each in listening.heard if each.posts or each.missed)


def test_a_server_that_ends_the_stream_is_quoted(server: OnFirehose) -> None:
    server.say(wire.error("ConsumerTooSlow", "You are too slow."))
    listening = Listening(server.stream(), "0")
    assert listening.until_broken().said == "it ended the stream: ConsumerTooSlow You are too slow."
