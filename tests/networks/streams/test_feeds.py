"""Feeds: hostile ones within limits, ordinary ones as they are, and what a server may answer."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from callbox.networks.feeds import polling
from callbox.networks.feeds.polling import Feed
from callbox.networks.feeds.reading import Window, read
from tests.networks.streams.corpus import READ, REFUSED, atom, outcome, rss
from tests.networks.streams.listening import Listening
from tests.networks.streams.sources import OnFeed

SEEN = datetime(2026, 11, 22, 12, tzinfo=UTC)


def _read(data: bytes) -> Window:
    return read(data, address="https://feed.example/rss", seen=SEEN)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_no_feed_needs_is_refused_with_a_sentence(name: str) -> None:
    said = outcome(REFUSED[name])
    assert isinstance(said, str)
    assert "feed" in said


@pytest.mark.parametrize("name", sorted(READ))
def test_what_is_merely_broken_is_read_and_brings_nothing_along(name: str) -> None:
    window = outcome(READ[name])
    assert isinstance(window, Window)
    for post in window.posts:
        assert "root:" not in post.text
        assert len(post.text) <= 10_000
        assert len(post.remote_id) <= 1_100
        assert post.url.startswith(("", "http"))
        assert "javascript" not in post.url
        assert post.at <= datetime.now(UTC)
    assert len(window.posts) <= 300


@pytest.mark.slow
def test_the_whole_corpus_takes_seconds_and_a_gigabyte_at_most() -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (40, 40))
        resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))

    command = [sys.executable, "-m", "tests.networks.streams.corpus"]
    done = subprocess.run(command, preexec_fn=limit, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    assert done.stdout.count("\n") == 2 + len(REFUSED) + len(READ)


def test_an_rss_item_is_its_title_and_text_at_its_own_time() -> None:
    [post] = _read(
        rss(
            "<language>de-AT</language><item><title>Mill Road &amp; pier&nbsp;closed</title><guid>17</guid>"
            "<link>/roads/17</link><author>Public works</author><pubDate>Sun, 22 Nov 2026 10:30:00 +0100</pubDate>"
            "<description>&lt;p&gt;Until &lt;b&gt;noon&lt;/b&gt;.&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;</description></item>"
        )
    ).posts
    assert post.text == "Mill Road & pier closed\nUntil noon."
    assert post.at == datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    assert post.remote_id == "https://feed.example/rss#17"
    assert post.url == "https://feed.example/roads/17"
    assert post.author == ""
    assert post.author_name == "Public works"
    assert post.language == "de"


def test_an_atom_entry_keeps_its_own_id() -> None:
    [post] = _read(
        atom(
            "<entry><id>tag:example.org,2026:1</id><title>Storm</title><updated>2026-11-20T08:00:00Z</updated>"
            "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Stay inside.</p></div></content></entry>"
        )
    ).posts
    assert (post.remote_id, post.text) == ("tag:example.org,2026:1", "Storm\nStay inside.")


def test_rss_1_0_is_read_too() -> None:
    data = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        b'<item rdf:about="http://a.example/1"><title>Old</title><link>http://a.example/1</link></item></rdf:RDF>'
    )
    assert [post.text for post in _read(data).posts] == ["Old"]


def test_entries_without_an_id_keep_theirs_as_long_as_they_say_the_same() -> None:
    one, two = (_read(rss("<item><title>a</title></item><item><title>b</title></item>")).posts for _ in range(2))
    assert [post.remote_id for post in one] == [post.remote_id for post in two]
    assert len({post.remote_id for post in one}) == 2


def test_an_entry_from_the_future_counts_as_now() -> None:
    [post] = _read(rss("<item><title>a</title><pubDate>Sun, 22 Nov 2099 10:00:00 GMT</pubDate></item>")).posts
    assert post.at == SEEN


def test_an_encoding_is_taken_from_the_server_where_the_feed_says_none() -> None:
    data = "<rss><channel><item><title>Gr\u00fc\u00dfe</title></item></channel></rss>".encode("latin-1")
    [post] = read(data, address="https://feed.example/rss", seen=SEEN, charset="iso-8859-1").posts
    assert post.text == "Grüße"
    assert read(data, address="https://feed.example/rss", seen=SEEN, charset="none-such").posts


# -- what the server answers

type Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def _server(answer: Answer) -> Iterator[str]:
    """Answer every question so; return "host:port"."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _answering(status: int, body: bytes = b"", **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.mark.parametrize(
    ("answer", "said", "after"),
    [
        (_answering(404), "it answered 404", 300),
        (_answering(410), "it answered 410", 86_400),
        (_answering(429, Retry_After="900"), "it answered 429", 900),
        (_answering(503, Retry_After="99999999"), "it answered 503", 86_400),
        (_answering(503, Retry_After="-1"), "it answered 503", 20),
        (_answering(200, b"<html></html>"), "what came is no feed", 600),
        (_answering(200, b"x" * (polling.MAX_BYTES + 1)), "it is larger than 2 MB, or packed: no feed is", 3600),
        (_answering(200, b"x", Content_Encoding="gzip"), "it is larger than 2 MB, or packed: no feed is", 3600),
        (_answering(302, Location="/again"), "it points elsewhere again and again", 3600),
        (_answering(302, Location="ftp://a.example/"), "it points to an address that is not protected", 3600),
    ],
)
def test_what_is_no_feed_is_said_and_asked_for_again_later(answer: Answer, said: str, after: float) -> None:
    with _server(answer) as place:
        error = Listening(Feed(f"http://{place}/", frozenset({place}))).until_broken()
    assert (error.said, error.after) == (said, after)


def test_a_feed_that_points_into_the_house_is_not_followed() -> None:
    with _server(_answering(200, rss("<item><title>secret</title></item>"))) as inside:
        for name in (
            inside,
            inside.replace("127.0.0.1", "localhost"),
            inside.replace("127.0.0.1", "[::ffff:127.0.0.1]"),
        ):
            with _server(_answering(302, Location=f"http://{name}/")) as place:
                error = Listening(Feed(f"http://{place}/", frozenset({place}))).until_broken()
            assert "leads to no public address" in error.said


def test_a_feed_that_points_to_a_barred_platform_is_not_followed() -> None:
    asked = []

    def barred(host: str) -> bool:
        asked.append(host)
        return host == "x.example"

    with _server(_answering(302, Location="https://X.example/feed")) as place:
        error = Listening(Feed(f"http://{place}/", frozenset({place}), barred=barred)).until_broken()
    assert (error.said, error.after) == ("it points to a platform whose terms bar listening", 3600)
    assert asked == ["x.example"]


@pytest.mark.parametrize(
    "link", ["http://[", "javascript:alert(1)", "file:///etc/passwd", " JavaScript:x", "data:text/html,x"]
)
def test_a_link_that_leads_nowhere_good_is_left_out_and_the_words_are_read(link: str) -> None:
    posts = _read(rss(f"<item><title>Storm</title><link>{link}</link></item><item><title>Flood</title></item>")).posts
    assert sorted((post.text, post.url) for post in posts) == [("Flood", ""), ("Storm", "")]


@pytest.fixture
def feed() -> Iterator[OnFeed]:
    found = OnFeed()
    yield found
    found.close()


def test_an_unchanged_feed_is_asked_for_with_its_mark_and_brings_nothing(feed: OnFeed) -> None:
    feed.post("a")
    listening = Listening(feed.stream())
    listening.until(lambda: len(listening.heard) >= 3)
    listening.stop()
    assert listening.posts == []
    assert feed.asked[-1]["If-None-Match"] == '"1"'


def test_a_changed_entry_comes_again_and_an_unchanged_one_never(feed: OnFeed) -> None:
    feed.entries = [("tag:a,2026:1", "Road closed"), ("tag:a,2026:2", "Water off")]
    listening = Listening(feed.stream())
    listening.until(lambda: bool(listening.heard))
    feed.entries = [("tag:a,2026:1", "Road open"), ("tag:a,2026:2", "Water off"), ("tag:a,2026:3", "Fair on Sunday")]
    listening.until_text("Fair on Sunday")
    listening.stop()
    assert listening.texts == ["Road open", "Fair on Sunday"]


def test_an_entry_that_the_server_forgets_and_shows_again_comes_once(feed: OnFeed) -> None:
    feed.entries = [("tag:a,2026:1", "a"), ("tag:a,2026:2", "b")]
    first = Listening(feed.stream())
    first.until(lambda: bool(first.heard))
    first.stop()
    feed.entries = [("tag:a,2026:2", "b"), ("tag:a,2026:9", "c"), ("tag:a,2026:8", "d")]
    second = Listening(feed.stream(), first.cursor)
    second.until_text("d")
    feed.entries = [("tag:a,2026:1", "a"), ("tag:a,2026:2", "b"), ("tag:a,2026:8", "d"), ("tag:a,2026:7", "e")]
    second.until_text("e")
    second.stop()
    assert sorted(second.texts) == ["c", "d", "e"]


def test_a_feed_that_turned_over_meanwhile_says_that_something_was_missed(feed: OnFeed) -> None:
    feed.entries = [("tag:a,2026:1", "a")]
    first = Listening(feed.stream())
    first.until(lambda: bool(first.heard))
    first.stop()
    feed.entries = [("tag:a,2026:5", "e"), ("tag:a,2026:6", "f")]
    second = Listening(feed.stream(), first.cursor)
    second.until_text("f")
    second.stop()
    assert next(each.missed for each in second.heard if each.posts)


@pytest.mark.parametrize("cursor", ["{", "[]", "5", '{"seen": 5}', '{"etag": [], "seen": null}', "nonsense"])
def test_a_cursor_that_makes_no_sense_is_now(feed: OnFeed, cursor: str) -> None:
    feed.post("before")
    listening = Listening(feed.stream(), cursor)
    listening.until(lambda: bool(listening.heard))
    feed.post("after")
    listening.until_text("after")
    listening.stop()
    assert listening.texts == ["after"]
