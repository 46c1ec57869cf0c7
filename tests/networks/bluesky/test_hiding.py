"""Answers below our own posts are hidden in the thread's gate, and nothing else in it is touched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callbox.networks.bluesky import gate
from callbox.networks.bluesky.network import Bluesky
from callbox.networks.bluesky.session import BlueskySession
from callbox.networks.contract import NotSentError, Place, UnclearError
from tests.core.loopback import hangs_up
from tests.networks.bluesky.fake import DID, HANDLE, PASSWORD, FakeServer


@pytest.fixture
def server() -> Iterator[FakeServer]:
    server = FakeServer()
    yield server
    server.close()


@pytest.fixture
def session(server: FakeServer) -> Iterator[BlueskySession]:
    place = Place(Path(), frozenset({server.place}), f"bluesky:{HANDLE}")
    session = Bluesky().open({"server": f"http://{server.place}", "handle": HANDLE}, {"password": PASSWORD}, place)
    yield session
    session.close()


def _gate(server: FakeServer, post: str) -> str:
    return f"at://{DID}/{gate.GATE}/{post.rsplit('/', 1)[1]}"


def test_an_answer_is_hidden_and_shown_again(server: FakeServer, session: BlueskySession) -> None:
    post = server.post("Harbour Street is closed.")
    comment = server.hear("Call 555 0100, that is where she lives", to=post, reason="reply")
    session.hide(comment, hidden=True)
    session.hide(comment, hidden=True)
    found = server.records[_gate(server, post)]
    assert (found["post"], found["hiddenReplies"]) == (post, [comment])
    session.hide(comment, hidden=False)
    assert server.records[_gate(server, post)]["hiddenReplies"] == []


def test_who_may_answer_and_what_was_hidden_before_stays(server: FakeServer, session: BlueskySession) -> None:
    post = server.post("Harbour Street is closed.")
    first, second = (server.hear(text, to=post, reason="reply") for text in ("one", "two"))
    allow = [{"$type": "app.bsky.feed.threadgate#mentionRule"}]
    server.records[_gate(server, post)] = {
        "$type": gate.GATE, "post": post, "createdAt": server.now(), "allow": allow, "hiddenReplies": [first],
    }  # fmt: skip
    session.hide(second, hidden=True)
    found = server.records[_gate(server, post)]
    assert found["allow"] == allow
    assert found["hiddenReplies"] == [first, second]


def test_what_is_not_below_a_post_of_ours_cannot_be_hidden(server: FakeServer, session: BlueskySession) -> None:
    with pytest.raises(NotSentError, match="own posts only"):
        session.hide(server.hear("@riverton.test hello"), hidden=True)
    with pytest.raises(NotSentError, match="gone"):
        session.hide("at://did:plc:resident/app.bsky.feed.post/3zzz", hidden=True)


def test_a_line_that_breaks_leaves_it_unclear(server: FakeServer, session: BlueskySession) -> None:
    post = server.post("Harbour Street is closed.")
    comment = server.hear("one", to=post, reason="reply")
    server.after["com.atproto.repo.createRecord"] = hangs_up
    with pytest.raises(UnclearError):
        session.hide(comment, hidden=True)


def test_a_full_gate_says_so() -> None:
    root = gate.root_of({"reply": {"root": {"uri": f"at://{DID}/app.bsky.feed.post/3a"}}})
    assert root is not None
    full = {"hiddenReplies": [str(number) for number in range(gate.MOST)]}
    with pytest.raises(NotSentError, match="300"):
        gate.changed(full, root=root, comment="one more", hidden=True, at=datetime.now(UTC))
    assert gate.root_of({"reply": {"root": "nonsense"}}) is None
