"""Collecting: everything once or more, never less; in pages, from where it stopped, and whatever strange apps wrote."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from callbox.networks.bluesky import collecting
from callbox.networks.bluesky.collecting import Cursor, Walk
from callbox.networks.bluesky.session import BlueskySession
from callbox.networks.contract import NotSentError
from callbox.networks.vocabulary import Seen
from tests.core.loopback import resets, says
from tests.networks.bluesky.fake import DID, FakeServer

NOTIFICATIONS = "app.bsky.notification.listNotifications"
FEED = "app.bsky.feed.getAuthorFeed"


def _all(session: BlueskySession, cursor: str = "") -> tuple[list[Seen], str]:
    seen: list[Seen] = []
    for _ in range(100):
        batch = session.collect(cursor)
        seen, cursor = [*seen, *batch.seen], batch.cursor
        if not batch.more:
            return seen, cursor
    raise AssertionError("the pages never end")


def _image(alt: str) -> dict[str, Any]:
    return {"alt": alt, "image": {"$type": "blob", "ref": {"$link": "bafk"}, "mimeType": "image/png", "size": 7}}


def test_a_reply_lies_in_its_thread_and_a_mention_begins_one(server: FakeServer, session: BlueskySession) -> None:
    ours = server.post("Harbour Street is closed.")
    first = server.hear("Until when?", to=ours, reason="reply")
    second = server.hear("Yes, until when?", to=first, reason="reply")
    called = server.hear("@riverton.test good morning", langs=["es"])
    seen = {each.remote_id: each for each in _all(session)[0]}
    assert [(seen[uri].thread, seen[uri].parent, seen[uri].door) for uri in (first, second, called)] == [
        (ours, ours, "comment"),
        (ours, first, "comment"),
        (called, "", "mention"),
    ]
    assert (seen[called].language, seen[called].author, seen[called].author_name, seen[called].own) == (
        "es",
        "bluesky:resident.test",
        "A resident",
        False,
    )
    assert (seen[ours].own, seen[ours].likes, seen[ours].thread) == (True, 3, ours)


def test_likes_and_follows_are_no_messages(server: FakeServer, session: BlueskySession) -> None:
    server.hear("liked", reason="like")
    server.hear("followed", reason="follow")
    assert _all(session)[0] == []


def test_a_second_walk_brings_what_is_new_and_not_the_whole_record(
    server: FakeServer, session: BlueskySession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "PAGE", 10)
    for number in range(500):
        server.hear(f"number {number}")
    seen, cursor = _all(session)
    assert len({each.remote_id for each in seen}) == 500
    for number in range(3):
        server.hear(f"new {number}")
    later, _ = _all(session, cursor)
    assert {f"new {number}" for number in range(3)} <= {each.text for each in later}
    assert len(later) < 200


def test_what_arrives_between_two_pages_is_not_lost(
    server: FakeServer, session: BlueskySession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "PAGE", 10)
    for number in range(35):
        server.hear(f"old {number}")
    batch = session.collect("")
    server.hear("in between")
    seen, cursor = _all(session, batch.cursor)
    again, _ = _all(session, cursor)
    assert "in between" in {each.text for each in (*batch.seen, *seen, *again)}
    assert {f"old {number}" for number in range(35)} <= {each.text for each in (*batch.seen, *seen)}


@pytest.mark.parametrize("cursor", ["", "nonsense", "{}", "[]", '{"heard": 7}', '{"turn": "heard", "own": null}'])
def test_a_cursor_nobody_understands_begins_anew(cursor: str, server: FakeServer, session: BlueskySession) -> None:
    server.hear("good morning")
    assert [each.text for each in _all(session, cursor)[0]] == ["good morning"]


def test_a_page_the_server_has_forgotten_begins_the_walk_anew(server: FakeServer, session: BlueskySession) -> None:
    server.hear("good morning")
    cursor = str(
        Cursor(heard=Walk(until="2026-01-01T00:00:00+00:00", top="2026-02-01T00:00:00+00:00", page="forgotten"))
    )
    refused = json.dumps({"error": "InvalidRequest", "message": "Malformed cursor"}).encode()
    server.instead[NOTIFICATIONS] = says("400 Bad Request", refused, "Content-Type: application/json")
    batch = session.collect(cursor)
    assert (batch.seen, batch.more) == ((), True)
    with pytest.raises(NotSentError):
        session.collect(batch.cursor)  # the first page itself is refused: that is said
    del server.instead[NOTIFICATIONS]
    assert [each.text for each in _all(session, batch.cursor)[0]] == ["good morning"]


@pytest.mark.parametrize("method", [NOTIFICATIONS, FEED])
@pytest.mark.parametrize("answer", [resets, says("502 Bad Gateway"), says("200 OK", b"{}")], ids=["reset", "502", "{}"])
def test_a_server_that_fails_is_not_an_empty_inbox(
    method: str, answer: Any, server: FakeServer, session: BlueskySession
) -> None:
    server.instead[method] = answer
    with pytest.raises(NotSentError):
        _all(session)


def test_without_an_appview_our_own_posts_are_read_from_the_server(
    server: FakeServer, session: BlueskySession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "PAGE", 10)
    for number in range(25):
        server.post(f"number {number}")
    server.appview = False
    seen, cursor = _all(session)
    assert {each.text for each in seen} == {f"number {number}" for number in range(25)}
    assert {(each.own, each.likes) for each in seen} == {(True, None)}
    assert len(_all(session, cursor)[0]) == 25


def test_pictures_and_their_words_are_counted(server: FakeServer, session: BlueskySession) -> None:
    images = {"$type": "app.bsky.embed.images", "images": [_image("A closed road"), _image("")]}
    quoted = {"$type": "app.bsky.embed.record", "record": {"uri": f"at://{DID}/app.bsky.feed.post/1", "cid": "bafk"}}
    server.post("two pictures", embed=images)
    server.post("beside a quote", embed={"$type": "app.bsky.embed.recordWithMedia", "record": quoted, "media": images})
    server.post("a gallery", embed={"$type": "app.bsky.embed.gallery", "items": images["images"]})
    seen, _ = _all(session)
    assert [(each.images, each.images_described) for each in seen] == [(2, 1)] * 3


@pytest.mark.parametrize(
    "value",
    [
        {"$type": "app.bsky.feed.post"},
        {"$type": "com.example.strange", "text": 7},
        {"$type": "app.bsky.feed.post", "text": "x" * 5000, "createdAt": "yesterday", "langs": "en", "facets": 3},
        {"$type": "app.bsky.feed.post", "text": "x", "reply": "none", "embed": [], "langs": [None]},
        {"$type": "app.bsky.feed.post", "text": "x", "reply": {"parent": {}, "root": None}, "embed": {"images": 3}},
    ],
)
def test_a_strange_record_does_not_stop_the_others(
    value: dict[str, Any], server: FakeServer, session: BlueskySession
) -> None:
    server.hear("before")
    server.hear("replaced")
    server.notifications[0]["record"] = value
    server.hear("after")
    seen, _ = _all(session)
    assert {"before", "after"} <= {each.text for each in seen}
    assert len(seen) == 3


def test_when_it_reached_us_is_the_networks_clock_not_the_authors(server: FakeServer, session: BlueskySession) -> None:
    server.hear("from the future")
    server.notifications[0]["record"]["createdAt"] = "2999-01-01T00:00:00Z"
    (seen,) = _all(session)[0]
    assert seen.at < datetime.now(UTC)


def test_an_imported_post_of_ours_keeps_its_date_and_one_ahead_of_the_clock_does_not(
    server: FakeServer, session: BlueskySession
) -> None:
    old, ahead = server.post("imported"), server.post("ahead")
    server.appview = False
    server.records[old]["createdAt"] = "2019-05-01T10:00:00.000Z"
    server.records[ahead]["createdAt"] = "2999-05-01T10:00:00.000Z"
    seen = {each.remote_id: each for each in _all(session)[0]}
    assert seen[old].at == datetime(2019, 5, 1, 10, tzinfo=UTC)
    assert seen[ahead].at <= datetime.now(UTC)


def test_what_we_passed_on_is_marked_as_such(server: FakeServer, session: BlueskySession) -> None:
    uri, at = f"at://{DID}/app.bsky.feed.repost/1", server.now()
    author = {"did": "did:plc:mayor", "handle": "mayor.test"}
    record = {"$type": "app.bsky.feed.post", "text": "Welcome", "createdAt": at}
    post = {"uri": "at://did:plc:mayor/app.bsky.feed.post/1", "cid": "bafk", "author": author, "record": record}
    reason = {"$type": "app.bsky.feed.defs#reasonRepost", "by": {"did": DID, "handle": "riverton.test"}, "uri": uri}
    server.reposts.append({"post": post | {"indexedAt": at}, "reason": reason | {"indexedAt": at}})
    (seen,) = _all(session)[0]
    assert (seen.remote_id, seen.repost, seen.own, seen.text) == (uri, True, True, "")


def test_an_author_without_a_handle_is_known_by_the_lasting_name(server: FakeServer, session: BlueskySession) -> None:
    server.hear("hello")
    server.notifications[0]["author"] = {"did": "did:plc:resident", "handle": "handle.invalid"}
    (seen,) = _all(session)[0]
    assert (seen.author, seen.url.split("/")[4]) == ("bluesky:did:plc:resident", "did:plc:resident")
