"""A server on this machine that answers each connection with what a test tells it to."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

type Answer = Callable[[socket.socket, bytes], None]


class Loopback:
    """host, port: where it listens.  heard: the bytes of each request, in order."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._door = socket.create_server(("127.0.0.1", 0))
        self.host, self.port = self._door.getsockname()
        self.heard: list[bytes] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.name}/"

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            with line, suppress(OSError):
                line.settimeout(20)
                request = read_request(line)
                self.heard.append(request)
                self._answer(line, request)

    def close(self) -> None:
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join(10)


def read_request(line: socket.socket) -> bytes:
    """Read one request whole: head, and as many bytes as it promises."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = line.recv(65536)
        if not part:
            return data
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [int(row.split(b":")[1]) for row in head.split(b"\r\n") if row.lower().startswith(b"content-length:")]
    while len(body) < (lengths[0] if lengths else 0):
        body += line.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def loopback(answer: Answer) -> Iterator[Loopback]:
    server = Loopback(answer)
    try:
        yield server
    finally:
        server.close()


def says(status: str, body: bytes = b"", *headers: str) -> Answer:
    """Answer with a status, such as "200 OK", headers and a body."""
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers])
    return lambda line, _: line.sendall(head.encode() + b"\r\n\r\n" + body)


def hangs_up(line: socket.socket, request: bytes) -> None:
    """Read the request, then close without a word."""


def resets(line: socket.socket, request: bytes) -> None:
    """Read the request, then break the connection off."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def answers_half(line: socket.socket, request: bytes) -> None:
    """Promise a thousand bytes and send ten."""
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 10)


def answers_endlessly(line: socket.socket, request: bytes) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        line.sendall(b"x" * 65536)


def drips(line: socket.socket, request: bytes) -> None:
    """Send one byte at a time, never enough of them, until the other side leaves."""
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    pause = threading.Event()
    while True:
        line.sendall(b"x")
        pause.wait(0.05)
