"""A Mastodon server's public stream: events as the server writes them, sound and otherwise; and what is made up from its timeline."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.networks.mastodon.streaming import PublicStream
from callbox.networks.server_sent import Lines, Sent
from callbox.networks.stream import StreamError
from tests.networks.streams.listening import Listening


def _status(key: str = "5", **other: Any) -> dict[str, Any]:
    return {
        "id": key,
        "created_at": "2026-11-22T10:00:00.000Z",
        "content": "<p>Water at the <b>mill</b></p>",
        "account": {"acct": "rosa", "display_name": "Rosa"},
        "visibility": "public",
        "language": "en",
        "url": f"https://social.example/@rosa/{key}",
        **other,
    }


class _Social:
    """A server that says what a test tells it. timeline: newest first; None: shown to nobody.  asked: every question."""

    def __init__(self) -> None:
        self.said: list[bytes] = []
        self.timeline: list[dict[str, Any]] | None = []
        self.asked: list[tuple[str, dict[str, list[str]], str]] = []
        self.status, self.headers = 200, {"Content-Type": "text/event-stream"}
        self._more = threading.Condition()
        self._ended = False
        social = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                social.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.place = f"127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stream(self, path: str = "", token: str = "") -> PublicStream:
        return PublicStream(f"http://{self.place}{path}", token, frozenset({self.place}))

    def say(self, name: str, data: object) -> None:
        """Send an event; what is no text is sent as JSON."""
        written = data if isinstance(data, str) else json.dumps(data)
        self.raw(f"event: {name}\ndata: {written}\n\n".encode())

    def raw(self, piece: bytes) -> None:
        with self._more:
            self.said.append(piece)
            self._more.notify_all()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        place = urlsplit(handler.path)
        asked = parse_qs(place.query)
        self.asked.append((place.path, asked, handler.headers.get("Authorization", "")))
        if place.path.startswith("/api/v1/streaming/"):
            self._speak(handler)
        else:
            self._show(handler, asked)

    def _show(self, handler: BaseHTTPRequestHandler, asked: dict[str, list[str]]) -> None:
        handler.send_response(401 if self.timeline is None else 200)
        page = self.timeline or []
        if "min_id" in asked:  # the ones next after it, newest first
            page = [each for each in page if int(each["id"]) > int(asked["min_id"][0])]
            page = page[-int(asked["limit"][0]) :]
        body = json.dumps(page[: int(asked["limit"][0])]).encode()
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def _speak(self, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(self.status)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        at = 0
        handler.wfile.write(b":)\n\n")
        while self.status == 200:
            with self._more:
                self._more.wait_for(lambda: self._ended or len(self.said) > at)  # noqa: B023 - asked at once
                if self._ended:
                    return
                waiting = self.said[at:]
            try:
                handler.wfile.write(b"".join(waiting))
            except OSError:
                return
            at += len(waiting)

    def close(self) -> None:
        with self._more:
            self._ended = True
            self._more.notify_all()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


@contextmanager
def _running() -> Iterator[_Social]:
    social = _Social()
    try:
        yield social
    finally:
        social.close()


@pytest.fixture
def social() -> Iterator[_Social]:
    with _running() as found:
        yield found


def _until_last(social: _Social, listening: Listening) -> Listening:
    social.say("update", _status("99", content="the last one"))
    listening.until_text("the last one")
    listening.stop()
    return listening


def test_a_status_is_its_warning_and_words_from_whom_and_what_it_answers(social: _Social) -> None:
    listening = Listening(social.stream())
    social.say("update", _status("7", spoiler_text="Flood", in_reply_to_id="6"))
    post = _until_last(social, listening).posts[0]
    assert post.text == "Flood\nWater at the mill"
    assert post.remote_id == f"7@{social.place}"
    assert post.parent == f"6@{social.place}"
    assert post.author == f"rosa@{social.place}"
    assert post.author_name == "Rosa"
    assert post.at == datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert post.url == "https://social.example/@rosa/7"


def test_edits_and_deletions_come_under_the_same_id(social: _Social) -> None:
    listening = Listening(social.stream())
    social.say("update", _status("7"))
    social.say("status.update", _status("7", content="changed"))
    social.say("delete", "7")
    first, second, third = _until_last(social, listening).posts[:3]
    assert first.remote_id == second.remote_id == third.remote_id
    assert (second.text, third.gone) == ("changed", True)


@pytest.mark.parametrize("name", ["notification", "filters_changed", "announcement", "something-new"])
def test_other_events_pass_by_uncounted(social: _Social, name: str) -> None:
    listening = Listening(social.stream())
    social.say(name, "{}")
    social.raw(b":thump\n\nevent: update\n\n\n\nretry: 5\nid: 3\n\n")
    _until_last(social, listening)
    assert sum(each.passed for each in listening.heard) == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("update", "{"),
        ("update", "[" * 50_000),
        ("update", "null"),
        ("update", _status(content=None)),
        ("update", _status(id=5)),
        ("update", _status(id="../x")),
        ("update", _status(account=None)),
        ("update", _status(account={"acct": 5})),
        ("delete", "../x y"),
        ("delete", "5" * 5_000),
    ],
)
def test_what_cannot_be_read_is_counted_and_the_stream_goes_on(social: _Social, name: str, data: object) -> None:
    listening = Listening(social.stream())
    social.say(name, data)
    _until_last(social, listening)
    assert listening.texts == ["the last one"]
    assert sum(each.unreadable for each in listening.heard) == 1


def test_what_is_not_for_everybody_is_not_listened_to(social: _Social) -> None:
    listening = Listening(social.stream())
    for kind in ("unlisted", "private", "direct"):
        social.say("update", _status(visibility=kind))
    _until_last(social, listening)
    assert sum(each.passed for each in listening.heard) == 1


def test_a_status_from_the_future_or_without_a_time_counts_as_now(social: _Social) -> None:
    listening = Listening(social.stream())
    began = datetime.now(UTC)
    for stated in ("2099-01-01T00:00:00Z", "soon", None, 5):
        social.say("update", _status(created_at=stated))
    for post in _until_last(social, listening).posts[:-1]:
        assert began <= post.at <= datetime.now(UTC)


def test_what_was_missed_is_made_up_page_by_page_from_a_little_before(social: _Social) -> None:
    base = 113 * 10**15
    social.timeline = [_status(str(base + number), content=f"post {number}") for number in reversed(range(100))]
    listening = Listening(social.stream(), str(base))
    listening.until_text("post 99")
    _until_last(social, listening)
    assert listening.texts == [*(f"post {number}" for number in range(100)), "the last one"]
    first = next(asked for path, asked, _ in social.asked if path.endswith("timelines/public"))
    assert int(first["min_id"][0]) == base - (300_000 << 16)
    assert not any(each.missed for each in listening.heard)


def test_a_server_that_hides_its_timeline_is_gone_on_with_and_the_gap_is_said(social: _Social) -> None:
    social.timeline = None
    listening = Listening(social.stream(), "5")
    listening.until(lambda: any(each.missed for each in listening.heard))
    _until_last(social, listening)
    assert listening.cursor == "99"


def test_without_a_cursor_the_newest_status_is_where_it_begins(social: _Social) -> None:
    social.timeline = [_status("41"), _status("40")]
    listening = Listening(social.stream())
    listening.until(lambda: bool(listening.heard))
    listening.stop()
    assert (listening.cursor, listening.posts) == ("41", [])


def test_the_local_stream_is_made_up_from_the_local_timeline_with_the_token(social: _Social) -> None:
    listening = Listening(social.stream("/api/v1/streaming/public/local", token="secret"), "5")
    _until_last(social, listening)
    stream, timeline = social.asked[:2]
    assert (stream[0], stream[2]) == ("/api/v1/streaming/public/local", "Bearer secret")
    assert (timeline[1]["local"], timeline[2]) == (["true"], "Bearer secret")


def test_a_stream_elsewhere_is_followed_without_the_token(social: _Social) -> None:
    with _running() as other:
        social.status = 301
        social.headers = {"Location": f"http://localhost:{other.place.rpartition(':')[2]}/api/v1/streaming/public"}
        place = other.place.replace("127.0.0.1", "localhost")
        stream = PublicStream(f"http://{social.place}", "secret", frozenset({social.place, place}))
        listening = Listening(stream)
        other.say("update", _status("7"))
        listening.until(lambda: bool(listening.posts))
        listening.stop()
        assert other.asked[0][2] == ""
        assert social.asked[0][2] == "Bearer secret"


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("https://x.example/stream", "a platform whose terms bar listening"),
        ("http://[", "what is no address"),
        ("ftp://a.example/", "not protected"),
    ],
)
def test_a_stream_is_not_followed_to_where_nobody_may_listen(social: _Social, to: str, said: str) -> None:
    social.status, social.headers = 302, {"Location": to}
    place = frozenset({social.place})
    stream = PublicStream(f"http://{social.place}", private=place, barred=lambda host: host == "x.example")
    assert said in Listening(stream).until_broken().said


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (401, "application/json", "a token is needed"),
        (503, "text/html", "it answered 503"),
        (200, "text/html", "it does not answer with a stream"),
    ],
)
def test_a_server_that_shows_no_stream_says_why(social: _Social, status: int, kind: str, said: str) -> None:
    social.status, social.headers = status, {"Content-Type": kind}
    assert said in Listening(social.stream()).until_broken().said


@given(
    st.lists(st.sampled_from([b"event: a\n", b"data: x\r\n", b"data:y\r", b"\n", b"\r\n", b": remark\n", b"data\n"])),
    st.lists(st.integers(1, 7)),
)
def test_events_are_the_same_however_the_pieces_fall(written: list[bytes], cuts: list[int]) -> None:
    whole = b"".join(written) + b"\n\n\nevent: end\ndata: z\n\n"
    wanted = list(Lines().take(whole))
    lines, found, at = Lines(), list[Sent](), 0
    for size in [*cuts, len(whole)]:
        found += lines.take(whole[at : at + size])
        at += size
    assert found == wanted
    assert found[-1] == Sent("end", "z")


def test_a_line_that_drips_in_byte_by_byte_is_read_and_one_without_end_is_given_up() -> None:
    whole = b"event: update\r\ndata: {\r\rdata: two\n\n"
    drops = [whole[at : at + 1] for at in range(len(whole))]
    lines = Lines()
    assert [sent for drop in drops for sent in lines.take(drop)] == list(Lines().take(whole))
    endless = Lines(largest=50_000)
    for _ in range(50_000):
        assert list(endless.take(b"x")) == []
    with pytest.raises(StreamError, match="does not end"):
        list(endless.take(b"x"))
