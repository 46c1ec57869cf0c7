"""The streams of the AT Protocol on the network's own server: what people post there is heard, gone on with, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from callbox.networks.bluesky.keys import record_key
from callbox.networks.stream import Stream
from callbox.networks.streams import open_stream
from tests.networks.streams.listening import Listening
from tests.servers import atproto
from tests.servers.atproto import POST, Account, Server
from tests.servers.jetstream import jetstream_of
from tests.servers.residents import until

pytestmark = pytest.mark.networks


@pytest.fixture
def server() -> Server:
    try:
        return atproto.shared(whole=False)
    except atproto.MissingError as error:
        pytest.skip(str(error))


@pytest.fixture(params=["firehose", "jetstream"])
def stream(request: pytest.FixtureRequest, server: Server) -> Iterator[Stream]:
    """The server's firehose, and the same as JSON."""
    firehose = f"ws://{server.place}"
    if request.param == "firehose":
        yield open_stream("firehose", firehose, secrets={}, private=frozenset({server.place}))
        return
    with jetstream_of(firehose) as shim:
        yield open_stream("jetstream", shim.address, secrets={}, private=frozenset({shim.place}))


class _Writer:
    """Somebody who posts, changes and deletes with the server's own calls."""

    def __init__(self, server: Server, name: str) -> None:
        self.account: Account = server.join(name)
        login = {"identifier": self.account.handle, "password": self.account.password}
        found = httpx.post(f"{server.address}/xrpc/com.atproto.server.createSession", json=login, trust_env=False)
        self._server = server
        self._headers = {"Authorization": f"Bearer {found.raise_for_status().json()['accessJwt']}"}

    def put(self, key: str, text: str) -> str:
        """Write a post under a key; return its address."""
        record = {"$type": POST, "text": text, "createdAt": datetime.now(UTC).isoformat(), "langs": ["en"]}
        return str(self._call("putRecord", {**self._place(key), "record": record})["uri"])

    def delete(self, key: str) -> None:
        self._call("deleteRecord", self._place(key))

    def _place(self, key: str) -> dict[str, Any]:
        return {"repo": self.account.did, "collection": POST, "rkey": record_key(key)}

    def _call(self, name: str, data: dict[str, Any]) -> dict[str, Any]:
        address = f"{self._server.address}/xrpc/com.atproto.repo.{name}"
        answer = httpx.post(address, json=data, headers=self._headers, trust_env=False, timeout=30)
        found: dict[str, Any] = answer.raise_for_status().json()
        return found


def _begun(stream: Stream, writer: _Writer) -> Listening:
    """Listen, and wait until a post is heard: from then on nothing is missed."""
    listening = Listening(stream)
    listening.until(lambda: bool(listening.heard))

    def heard() -> bool:
        writer.put("begin", "somebody begins")
        return "somebody begins" in listening.texts

    until(heard, "the stream shows something")
    return listening


def test_what_people_post_is_heard_and_gone_on_with_where_it_was_left(server: Server, stream: Stream) -> None:
    writer = _Writer(server, "ada")
    first = _begun(stream, writer)
    uri = writer.put("first", "Water rises at the mill – careful 🌊")
    first.until_text("Water rises at the mill – careful 🌊")
    first.stop()
    [post] = [each for each in first.posts if each.remote_id == uri]
    assert post.author == writer.account.did
    assert post.language == "en"
    assert post.at <= datetime.now(UTC)

    writer.put("second", "while nobody listened")
    writer.put("first", "Water falls again")
    writer.delete("second")
    second = Listening(stream, first.cursor)
    second.until(lambda: any(each.gone for each in second.posts))
    second.stop()
    ours = [(each.remote_id.rpartition("/")[2], each.text) for each in second.posts if each.author == post.author]
    meanwhile = [("second", "while nobody listened"), ("first", "Water falls again"), ("second", "")]
    wanted = [(record_key(key), text) for key, text in meanwhile]
    assert [each for each in ours if each in wanted] == wanted
    assert sum(each.unreadable for each in (*first.heard, *second.heard)) == 0


def test_many_posts_arrive_whole_and_in_order(server: Server, stream: Stream) -> None:
    writer = _Writer(server, "ben")
    listening = _begun(stream, writer)
    for number in range(30):
        writer.put(f"{number}", f"post {number}")
    listening.until_text("post 29")
    listening.stop()
    assert [text for text in listening.texts if text.startswith("post ")] == [f"post {n}" for n in range(30)]


def test_a_cursor_from_another_server_is_said_to_be_missed(server: Server) -> None:
    firehose = open_stream("firehose", f"ws://{server.place}", secrets={}, private=frozenset({server.place}))
    listening = Listening(firehose, str(2**40))
    listening.until(lambda: any(each.missed for each in listening.heard))
    listening.stop()
