"""Parts of files: exactly the bytes that were asked for, whoever hands them on."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from django.http import HttpResponseBase
from django.test import RequestFactory
from waitress.server import create_server

from callbox.core.serving import BeyondError, Part, file_answer, part_of
from tests.core.film import FILM, Film

WHOLE = f"bytes 0-{len(FILM) - 1}/{len(FILM)}"


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-1", (0, 2)),  # how a phone asks whether parts are to be had
        ("bytes=0-", (0, 100)), ("bytes=90-500", (90, 100)), ("bytes=99-99", (99, 100)), ("bytes=-10", (90, 100)),
        ("bytes=-500", (0, 100)), ("Bytes = 5-6", (5, 7)), ("bytes=0-" + "9" * 30, (0, 100)),
        # what makes no sense, or is more than one part, is answered with the whole
        ("", None), ("bytes", None), ("bytes=", None), ("bytes=-", None), ("bytes=7-5", None), ("bytes=a-b", None),
        ("bytes=1-2,5-6", None), ("lines=1-2", None), ("bytes=--5", None), ("bytes=٣-٤", None), ("bytes=" + "1" * 99, None),
    ],
)  # fmt: skip
def test_a_part_is_what_was_asked_for(asked: str, part: tuple[int, int] | None) -> None:
    assert part_of(asked, 100) == part


@pytest.mark.parametrize(("asked", "size"), [("bytes=100-", 100), ("bytes=-0", 100), ("bytes=0-", 0), ("bytes=-1", 0)])
def test_a_part_behind_the_end_is_none(asked: str, size: int) -> None:
    with pytest.raises(BeyondError):
        part_of(asked, size)


def test_a_part_ends_where_it_ends_however_it_is_read() -> None:
    part = Part(io.BytesIO(b"0123456789"), 3, 7)
    assert part.read() == b"3456"
    assert part.seek(0, io.SEEK_END) == 4
    assert part.read(1) == b""
    assert part.seek(-2, io.SEEK_CUR) == 2
    assert (part.read(1), part.tell(), part.read(9)) == (b"5", 3, b"6")
    assert part.seek(99) == 99
    assert part.read(1) == b""


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film"
    path.write_bytes(FILM)
    return path


def _answer(film: Path, method: str = "GET", **asked: str) -> HttpResponseBase:
    request = RequestFactory().generic(method, "/film", headers={name.replace("_", "-"): asked[name] for name in asked})
    answer = file_answer(request, film, kind="video/mp4", tag="abc", headers={"Cache-Control": "max-age=600"})
    for close in answer._resource_closers:  # type: ignore[attr-defined]  # the file, not the test's connection
        close()
    return answer


@pytest.mark.parametrize(
    ("asked", "status", "says"),
    [
        ({}, 200, None),
        ({"range": "bytes=0-1"}, 206, f"bytes 0-1/{len(FILM)}"),
        ({"range": "bytes=0-"}, 206, WHOLE),
        ({"range": f"bytes={len(FILM)}-"}, 416, f"bytes */{len(FILM)}"),
        ({"range": "bytes=0-1", "if_range": '"abc"'}, 206, f"bytes 0-1/{len(FILM)}"),
        ({"range": "bytes=0-1", "if_range": '"another"'}, 200, None),
        ({"range": "bytes=0-1", "if_range": "Fri, 20 Nov 2026 10:00:00 GMT"}, 200, None),
        ({"range": "bytes=0-1", "if_none_match": '"x", W/"abc"'}, 304, None),
        ({"range": "bytes=0-1", "if_match": '"another"'}, 412, None),
        ({"if_none_match": '"another"'}, 200, None),
    ],
    ids=str,
)  # fmt: skip
def test_the_answer_says_what_it_holds(film: Path, asked: dict[str, str], status: int, says: str | None) -> None:
    answer = _answer(film, **asked)
    assert (answer.status_code, answer.headers.get("Content-Range")) == (status, says)
    if status in {200, 206}:
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert answer.headers["ETag"] == '"abc"'
        assert answer.headers["Content-Type"] == "video/mp4"
    if status != 412:
        assert answer.headers["Cache-Control"] == ("no-store" if status == 416 else "max-age=600")


def test_only_what_is_fetched_has_parts(film: Path) -> None:
    answer = _answer(film, "HEAD", range="bytes=0-1")
    assert (answer.status_code, answer.headers["Content-Length"]) == (200, str(len(FILM)))


@pytest.fixture
def line(film: Path) -> Iterator[HTTPConnection]:
    server = create_server(Film(film), host="127.0.0.1", port=0, threads=1)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    found = HTTPConnection("127.0.0.1", server.effective_port, timeout=20)
    try:
        yield found
    finally:
        found.close()
        server.close()
        thread.join(timeout=20)


def _ask(line: HTTPConnection, asked: str) -> HTTPResponse:
    line.request("GET", "/film", headers={"Range": asked} if asked else {})
    return line.getresponse()


def test_the_server_sends_these_bytes_and_no_more_on_one_line(line: HTTPConnection) -> None:
    parts = {"bytes=0-1": FILM[:2], "bytes=1000-300999": FILM[1000:301_000], "": FILM, "bytes=-7": FILM[-7:]}
    for asked, part in parts.items():
        answer = _ask(line, asked)
        assert answer.status == (206 if asked else 200)
        assert answer.read() == part
        assert answer.getheader("Content-Length") == str(len(part))
