"""T-01: whoever asks, and whatever they send along, the public plane writes nothing of it down: not in a log, a database, a file."""

from __future__ import annotations

import http.client
import io
import logging
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from callbox.portal import front
from callbox.portal.logs import Formatter
from tests.people import Cast

CANARY = "canary-7f3a91"
ADDRESS = "203.0.113.77"
HEADERS = {
    "X-Forwarded-For": ADDRESS, "X-Real-IP": ADDRESS, "Forwarded": f"for={ADDRESS}", "CF-Connecting-IP": ADDRESS,
    "True-Client-IP": ADDRESS, "User-Agent": CANARY, "Referer": f"https://{CANARY}.example/", "Cookie": f"sessionid={CANARY}",
    "Authorization": f"Bearer {CANARY}", "From": f"{CANARY}@example.org", "Accept-Language": CANARY, "X-Anything": CANARY,
}  # fmt: skip


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything the root logger would write, down to the last detail, as the product writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Formatter(style="{", fmt="{asctime} {levelname} {name}: {message}"))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


def _rows() -> str:
    """Return every row of every table as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [repr(row) for row in cursor.fetchall()]
    return "\n".join(found)


@pytest.mark.django_db
def test_no_canary_reaches_log_or_database_whatever_the_answer(
    cast: Cast, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        try:
            raise KeyError(CANARY)
        except KeyError as error:
            raise ValueError(f"{CANARY} from {ADDRESS}") from error

    client = Client(raise_request_exception=False, REMOTE_ADDR=ADDRESS, headers=HEADERS)
    statuses = [client.get(f"/p/harbour/?q={CANARY}").status_code]
    statuses.append(client.get(f"/p/harbour/news/{CANARY}/").status_code)
    statuses.append(client.post("/p/harbour/", {"words": CANARY}, headers={"sec-fetch-site": "cross-site"}).status_code)
    statuses.append(client.post("/p/harbour/", {"words": CANARY}).status_code)
    statuses.append(client.post("/p/harbour/", CANARY * 200_000, content_type="text/plain").status_code)
    statuses.append(client.get("/p/harbour/", headers={"host": f"{CANARY}.example"}).status_code)
    monkeypatch.setattr(front, "show", broken)
    statuses.append(client.get(f"/p/harbour/?secret={CANARY}").status_code)
    assert statuses == [200, 404, 403, 405, 413, 400, 500]
    written = log.getvalue() + _rows()
    assert "ValueError" in log.getvalue()  # the log is of use: what broke, and where
    assert "test_canaries.py" in log.getvalue()
    assert CANARY not in written
    assert ADDRESS not in written
    assert not client.cookies


@pytest.mark.django_db
def test_the_view_of_a_public_page_cannot_even_see_who_asks(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}

    def look(request: object, *_args: object, **_kwargs: object) -> object:
        seen.update(request.META, cookies=request.COOKIES, headers=dict(request.headers))  # type: ignore[attr-defined]
        return HttpResponse("ok")

    monkeypatch.setattr(front, "show", look)
    Client(REMOTE_ADDR=ADDRESS, headers=HEADERS).get("/p/harbour/")
    assert seen["PATH_INFO"] == "/p/harbour/"
    assert CANARY not in repr(seen)
    assert ADDRESS not in repr(seen)


@pytest.mark.slow
def test_a_portal_of_its_own_leaves_no_trace_on_disk(tmp_path: Path) -> None:
    """The product as it is started, asked over a socket by 20 addresses, through good, bad and broken answers."""
    data, spool = tmp_path / "data", tmp_path / "spool"
    data.mkdir()
    spool.mkdir()
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("CALLBOX_", "DJANGO_"))}
    env = {**outside, "CALLBOX_DATA": str(data), "CALLBOX_SECRET_KEY": "x" * 60, "CALLBOX_LOG": "DEBUG", "TMPDIR": str(spool),
           "PYTHONUNBUFFERED": "1"}  # fmt: skip
    for arguments in (["prepare"], ["agency", "--name", "Harbour", "--slug", "harbour", "--email", "e@h.example",
                                    "--person", "Erin", "--password", "correct horse battery"]):  # fmt: skip
        subprocess.run([sys.executable, "-m", "callbox", "admin", *arguments], env=env, check=True, capture_output=True)
    output = data / "output.log"
    with output.open("w") as stream:
        server = subprocess.Popen(
            [sys.executable, "-m", "callbox", "serve", "--plane", "portal", "--port", "0"],
            env=env, stdout=subprocess.PIPE, stderr=stream, text=True,
        )  # fmt: skip
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline().rsplit(":", 1)[1].strip(" /\n"))
        limits = Path(f"/proc/{server.pid}/limits").read_text().split("Max core file size")[1].split()
        assert limits[:2] == ["0", "0"]  # no picture of the memory of a process that dies while somebody writes
        statuses = {_ask(port, number) for number in range(20)}
        assert statuses == {(200, 404, 413, 403)}
        _raw(port, f"GET /p/{CANARY} HTTP/9.9\r\nUser-Agent: {CANARY}\r\n\r\n")
        _raw(port, f"{CANARY}\r\n\r\n")
        with closing(sqlite3.connect(data / "callbox.sqlite3")) as database:
            database.execute("ALTER TABLE people_agency RENAME TO gone")
            database.commit()
        assert _status(port, "GET", f"/p/harbour/?secret={CANARY}", "") == 500
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)
        assert server.stdout is not None
        output.write_text(output.read_text() + server.stdout.read())
        server.stdout.close()
    assert "OperationalError" in output.read_text()
    traces = [path for path in tmp_path.rglob("*") if path.is_file() and _holds(path)]
    assert traces == []


def _holds(path: Path) -> bool:
    found = path.read_bytes()
    return CANARY.encode() in found or ADDRESS.encode() in found or b"127.0.9." in found


def _ask(port: int, number: int) -> tuple[int, ...]:
    source = f"127.0.9.{number + 1}"
    return (
        _status(port, "GET", f"/p/harbour/?{CANARY}", "", source=source),
        _status(port, "GET", f"/p/harbour/news/{CANARY}/", "", source=source),
        _status(port, "POST", "/p/harbour/", CANARY * 200_000, source=source),
        _status(port, "POST", "/p/harbour/", CANARY * 60_000, source=source, site="cross-site"),
    )


def _status(
    port: int, method: str, path: str, body: str, *, source: str = "127.0.9.99", site: str = "same-origin"
) -> int:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20, source_address=(source, 0))
    line.request(method, path, body.encode(), {**HEADERS, "Host": "localhost", "Sec-Fetch-Site": site})
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status


def _raw(port: int, text: str) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(text.encode())
        while line.recv(4096):
            pass


def test_the_settings_write_the_log_through_the_quiet_formatter() -> None:
    logging_settings: Any = settings.LOGGING
    assert logging_settings["formatters"]["line"]["()"] == "callbox.portal.logs.Formatter"
    assert {handler["formatter"] for handler in logging_settings["handlers"].values()} == {"line"}
