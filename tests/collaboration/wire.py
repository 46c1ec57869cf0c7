"""The wire between two installations: passes calls on, loses answers, hangs, or is cut, as a test asks."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Literal

type Mode = Literal["pass", "lose answers", "hang", "cut"]


class Wire:
    """Listens on a port of its own and passes whole calls on to another one; each call has a connection of its own."""

    def __init__(self, to: int) -> None:
        self.to, self.mode, self.calls = to, "pass", 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._held: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def set(self, mode: Mode) -> None:
        """Behave so from the next call on; what hangs is let go."""
        self.mode = mode
        while self._held:
            self._held.pop().close()

    def close(self) -> None:
        self.set("cut")
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                caller, _address = self._listener.accept()
                threading.Thread(target=self._serve, args=(caller,), daemon=True).start()

    def _serve(self, caller: socket.socket) -> None:
        mode = self.mode
        if mode == "hang":
            self.calls += 1
            self._held.append(caller)
            return
        with caller, suppress(OSError):
            if mode == "cut":
                return
            with socket.create_connection(("127.0.0.1", self.to), timeout=30) as there:
                back = threading.Thread(target=_pump, args=(there, caller, mode == "lose answers"), daemon=True)
                back.start()
                _pump(caller, there, lose=False)
                back.join(timeout=30)


def _pump(source: socket.socket, target: socket.socket, lose: bool) -> None:
    """Copy bytes until the source ends. lose: read the answer, and close both instead of passing it on."""
    with suppress(OSError):
        while data := source.recv(65_536):
            if lose:
                break
            target.sendall(data)
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
