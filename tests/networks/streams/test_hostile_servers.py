"""Servers that are slow, endless, lying or silent: every stream gives them up with a sentence, and stops when it is asked to."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
import socket
from typing import Final

import pytest

from callbox.networks.bluesky import frames
from callbox.networks.feeds import polling
from callbox.networks.mastodon import streaming
from callbox.networks.streams import open_stream
from tests.networks.streams.listening import Listening
from tests.networks.streams.raw_server import Behaviour, raw_server

KINDS: Final = ("feed", "firehose", "jetstream", "mastodon")
#: Where a stream's patience stands, shortened for the tests, in seconds.
PATIENCE: Final = (
    (frames, "OPEN_SECONDS", 0.6),
    (frames, "QUIET_SECONDS", 0.3),
    (frames, "PATIENCE_SECONDS", 0.6),
    (streaming, "OPEN_SECONDS", 0.6),
    (streaming, "QUIET_SECONDS", 0.9),
    (polling, "TOTAL_SECONDS", 0.9),
)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, seconds in PATIENCE:
        monkeypatch.setattr(module, name, seconds)


def _silent(line: socket.socket) -> None:
    while line.recv(4096):
        pass


def _ends_at_once(line: socket.socket) -> None:
    line.recv(10)


def _drips(line: socket.socket) -> None:
    """An answer's head, a letter at a time."""
    line.recv(4096)
    line.settimeout(0.05)
    for letter in itertools.chain(b"HTTP/1.1 200 OK\r\nX: ", itertools.repeat(120)):
        line.sendall(bytes([letter]))
        try:
            if not line.recv(1):
                return
        except TimeoutError:
            pass


def _endless_head(line: socket.socket) -> None:
    line.recv(4096)
    line.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        line.sendall(b"X-Padding: " + b"x" * 60_000 + b"\r\n")


def _never_a_newline(line: socket.socket) -> None:
    line.recv(4096)
    while True:
        line.sendall(b"x" * 65_536)


def _noise(line: socket.socket) -> None:
    line.recv(4096)
    line.sendall(bytes(range(256)) * 256)


def _says_goodbye(line: socket.socket) -> None:
    line.recv(4096)
    line.sendall(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: nan\r\n\r\n")


def _lies_about_its_size(line: socket.socket) -> None:
    line.recv(4096)
    line.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 99999999999999999999\r\n\r\nabc"
    )


def _switches_without_a_word(line: socket.socket) -> None:
    line.recv(4096)
    line.sendall(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n" + b"\x81\x7f" * 50
    )


BEHAVIOURS: Final[dict[str, Behaviour]] = {
    each.__name__.strip("_"): each
    for each in (
        _silent,
        _ends_at_once,
        _drips,
        _endless_head,
        _never_a_newline,
        _noise,
        _says_goodbye,
        _lies_about_its_size,
        _switches_without_a_word,
    )
}


def _stream(kind: str, place: str) -> Listening:
    scheme = "ws" if kind in {"firehose", "jetstream"} else "http"
    return Listening(open_stream(kind, f"{scheme}://{place}", secrets={}, private=frozenset({place})))


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", sorted(BEHAVIOURS))
def test_a_server_that_does_not_speak_as_it_should_is_given_up(kind: str, name: str) -> None:
    with raw_server(BEHAVIOURS[name]) as server:
        error = _stream(kind, server.place).until_broken()
    assert error.said
    assert len(error.said) < 300
    assert error.after > 0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["silent", "drips"])
def test_listening_ends_within_two_seconds_even_before_it_began(kind: str, name: str) -> None:
    with raw_server(BEHAVIOURS[name]) as server:
        # The best of three: the machine of a test may be busy with others.
        assert any(_stream(kind, server.place).stop() < 2.0 for _ in range(3))


# -- once a stream is open


def _websocket(*sent: bytes, again: bytes = b"") -> Behaviour:
    """Open a WebSocket as a server, send frames, then one of them for ever; without one, be silent and answer no ping."""

    def behave(line: socket.socket) -> None:
        asked = line.recv(4096).decode()
        found = re.search(r"Sec-WebSocket-Key: (\S+)", asked)
        assert found
        magic = found[1].encode() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        accept = base64.b64encode(hashlib.sha1(magic, usedforsecurity=False).digest()).decode()
        head = f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}"
        line.sendall(f"{head}\r\n\r\n".encode() + b"".join(sent))
        while again:
            line.sendall(again)
        _silent(line)

    return behave


def _events(*sent: bytes, again: bytes = b"") -> Behaviour:
    """Open a stream of events as a server, send pieces, then one of them for ever; without one, be silent."""

    def behave(line: socket.socket) -> None:
        line.recv(4096)
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + b"".join(sent))
        while again:
            line.sendall(again)
        _silent(line)

    def behave_once(line: socket.socket) -> None:
        asked = line.recv(4096, socket.MSG_PEEK)
        if b"/api/v1/streaming/" in asked:
            behave(line)
        else:
            line.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

    return behave_once


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("kind", ["firehose", "jetstream"])
@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        (_websocket(), "no sign of life"),
        (_websocket(b"\x82\x7f" + (2**40).to_bytes(8)), "more in one piece"),
        (_websocket(b"\x02\x01a", again=b"\x00\x7e\xff\xff" + b"a" * 65_535), "more in one piece"),
        (_websocket(b"\x02\x01a", again=b"\x00\x00" * 4096), ""),
        (_websocket(b"\xff\xff\xff\xff"), "broke off"),
        (_websocket(b"\x88\x02\x03\xe9"), "broke off"),
        (_websocket(b"\x88\x11\x03\xe8going to sleep."), "going to sleep"),
    ],
)
def test_an_open_stream_of_frames_has_its_limits(kind: str, behaviour: Behaviour, said: str) -> None:
    with raw_server(behaviour) as server:
        assert said in _stream(kind, server.place).until_broken().said


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        (_events(b":)\n\n"), "no sign of life"),
        (_events(again=b"x" * 65_536), "does not end"),
        (_events(again=b"data: " + b"x" * 60_000 + b"\n"), "does not end"),
        (_events(b"event: update\n", again=b": remark\n" * 1_000), "does not end"),
    ],
)
def test_an_open_stream_of_events_has_its_limits(behaviour: Behaviour, said: str) -> None:
    with raw_server(behaviour) as server:
        assert said in _stream("mastodon", server.place).until_broken().said


@pytest.mark.parametrize(
    ("kind", "behaviour"),
    [
        ("jetstream", _websocket(again=b"\x82\x02{}" * 1_000)),
        ("firehose", _websocket(again=b"\x82\x02{}" * 1_000)),
        ("jetstream", _websocket(again=b"\x89\x00" * 1_000)),
        ("mastodon", _events(again=b"event: update\ndata: {}\n\n" * 1_000)),
        ("mastodon", _events(again=b":thump\n" * 1_000)),
    ],
)
def test_a_flood_can_be_stopped_and_is_counted(kind: str, behaviour: Behaviour) -> None:
    with raw_server(behaviour) as server:
        listening = _stream(kind, server.place)
        listening.until(lambda: bool(listening.heard))
        listening.stop()
    assert listening.posts == []
