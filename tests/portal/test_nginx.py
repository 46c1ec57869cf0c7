"""Public pages behind the nginx of docs/nginx.conf answer while Callbox is alive, frozen and killed; a form is never falsely received."""

from __future__ import annotations

import signal
import socket
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest
from waitress.server import create_server

from benchmarks.newsroom import get, missing, proxied, site
from tests.core.film import FILM, Film
from tests.servers.residents import until

pytestmark = [pytest.mark.networks, pytest.mark.slow]
ENTRY = f"/p/harbour/news/{0:032x}/"
PAGES = ("/p/harbour/", "/p/harbour/news/", ENTRY, "/p/harbour/news/feed.atom", "/p/harbour/news/feed.json", "/p/harbour/accounts/",
         "/ar/p/harbour/news/", "/static/portal/portal.css")  # fmt: skip


@pytest.mark.skipif(bool(missing()), reason="nginx and wrk are not installed")
def test_pages_answer_alive_frozen_and_killed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with site(tmp_path, entries=3) as found:
        seen = PAGES[:4]
        alive = {path: get(found.url + path) for path in seen}
        assert {status for status, _body in alive.values()} == {200}
        assert get(f"{found.url}/p/harbour/", data=b"words=x")[0] == 405  # Callbox itself answers a form

        found.portal.send_signal(signal.SIGSTOP)
        for path in PAGES:  # the first four from the cache, the others were never seen: from the copy
            status, body = get(found.url + path)
            assert status == 200, path
            assert body == alive[path][1] if path in seen else body, path
        found.portal.send_signal(signal.SIGCONT)

        found.portal.kill()
        found.portal.wait()
        for path in PAGES:
            assert get(found.url + path)[0] == 200, path
        status, body = get(f"{found.url}/p/harbour/tip/", data=b"text=secret")
        assert status == 503
        assert "Nothing you typed was kept" in body
        assert "555 0100" in get(f"{found.url}/p/harbour/tip/")[1]
        assert get(f"{found.url}/p/harbour/nothing-here/")[0] == 503  # nobody can know whether it exists
    traces = [path for path in tmp_path.rglob("*") if path.is_file() and b"text=secret" in path.read_bytes()]
    assert traces == []


@pytest.mark.skipif(bool(missing()), reason="nginx and wrk are not installed")
def test_players_get_their_parts_of_a_video_from_the_cache(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "film").write_bytes(FILM)
    film = Film(tmp_path / "film", {"Cache-Control": "public, max-age=600"})
    server = create_server(film, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        with proxied(tmp_path, tmp_path / "copy", server.effective_port) as url:
            _until_listening(url)
            parts = [(begin, begin + 999) for begin in range(0, len(FILM) - 1000, 50_000)]
            with ThreadPoolExecutor(4) as players:
                found = list(players.map(lambda part: _part(url, *part), parts))
            for (begin, end), (status, says, data) in zip(parts, found, strict=True):
                assert (status, says) == (206, f"bytes {begin}-{end}/{len(FILM)}")
                assert data == FILM[begin : end + 1]
            assert set(film.asked) == {("GET", "")}  # the cache asks for the whole
    finally:
        server.close()
        thread.join(timeout=20)


def _part(url: str, begin: int, end: int) -> tuple[int, str, bytes]:
    request = urllib.request.Request(f"{url}/film", headers={"Range": f"bytes={begin}-{end}"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.status, answer.headers["Content-Range"], answer.read()


def _until_listening(url: str) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("nginx does not listen")


class _Answers(BaseHTTPRequestHandler):
    """Answers with a page that no cache may keep, far larger than what sockets hold on the way."""

    taken = Event()

    def do_POST(self) -> None:
        page = b"Our answer to your tip. " * 2_000_000
        self.send_response(200)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(page)
            self.taken.set()

    def log_message(self, *_said: object) -> None:
        """Keep quiet."""


@pytest.mark.skipif(bool(missing()), reason="nginx and wrk are not installed")
def test_a_page_on_its_way_to_a_slow_phone_is_not_written_to_disk(tmp_path: Path) -> None:
    """nginx that may write what a slow reader has not taken yet takes the whole page at once; from memory it takes what fits there."""
    tmp_path.chmod(0o755)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        with proxied(tmp_path, tmp_path, server.server_port) as url:
            until(lambda: _listens(url), "nginx")
            with _connected(url) as line:
                line.sendall(b"POST /p/harbour/tip/again/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
                assert line.recv(8) == b"HTTP/1.1"
                assert not _Answers.taken.wait(3)
    finally:
        server.shutdown()
        server.server_close()


def _listens(url: str) -> bool:
    with suppress(ConnectionRefusedError), _connected(url):
        return True
    return False


def _connected(url: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=20)
