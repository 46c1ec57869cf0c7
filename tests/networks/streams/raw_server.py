"""A server on one's own terms: what a test writes is what goes over the wire. And a line between two that can be cut."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

type Behaviour = Callable[[socket.socket], None]


class RawServer:
    """Gives every connection to `behaviour` in a thread of its own, and closes it after."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._door = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def place(self) -> str:
        """Its "host:port"."""
        return f"127.0.0.1:{self._door.getsockname()[1]}"

    def cut(self) -> None:
        """Break off every connection."""
        with self._lock:
            for each in tuple(self._open):
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End."""
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._door.accept()
                with self._lock:
                    self._open.add(line)
                threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        try:
            with line, suppress(OSError):
                self._behaviour(line)
        finally:
            with self._lock:
                self._open.discard(line)


@contextmanager
def raw_server(behaviour: Behaviour) -> Iterator[RawServer]:
    """Run it while the block lasts."""
    server = RawServer(behaviour)
    try:
        yield server
    finally:
        server.close()


def relay_to(port: int) -> Behaviour:
    """Return a behaviour that passes everything on to a port of this machine, both ways."""

    def relay(line: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", port)) as further:
            back = threading.Thread(target=_pass_on, args=(further, line), daemon=True)
            back.start()
            _pass_on(line, further)
            back.join()

    return relay


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
    for each in (source, sink):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
