"""The networks a publication is killed on, each with a way to count what really arrived."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.servers import snac as real
from tests.servers.atproto import MissingError, personal_data_server
from tests.servers.processes import free_port, listens, running


@dataclass(frozen=True, slots=True)
class Remote:
    """name: in the table.  kind, details, secrets: as a person connects it.  places: "host:port" to be let through the guard.

    arrived: given the point's folder and its mark, how many public posts carry the mark.
    """

    name: str
    kind: str
    details: Mapping[str, str]
    arrived: Callable[[Path, str], int]
    secrets: Mapping[str, str] = field(default_factory=dict)
    places: tuple[str, ...] = ()


@contextmanager
def paper() -> Iterator[Remote]:
    """Files in the point's own folder."""

    def arrived(folder: Path, mark: str) -> int:
        posts = (json.loads(file.read_bytes()) for file in (folder / "paper" / "harbour").glob("*.json"))
        return sum(mark in post["shown"]["text"] for post in posts)

    yield Remote("paper", "paper", {"handle": "harbour"}, arrived)


@contextmanager
def mastodon() -> Iterator[Remote]:
    """The mock of the Mastodon API, which honours keys as Mastodon does, in a process of its own."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "mastodon_mock",
        "serve",
        "--in-memory",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    with running(command, ready=lambda: listens(port)):
        place = f"127.0.0.1:{port}"
        yield _of_mastodon("mastodon", place, "mock_token")


@contextmanager
def snac() -> Iterator[Remote]:
    """A real server of the fediverse, which pays no heed to keys.

    Raises:
        MissingError: it is not installed.
    """
    if why := real.missing():
        raise MissingError(why)
    with real.snac("harbour") as daemon:
        yield _of_mastodon("snac", daemon.place, daemon.token)


def _of_mastodon(name: str, place: str, secret: str) -> Remote:
    server, headers = f"http://{place}", {"Authorization": f"Bearer {secret}", "Connection": "close"}

    def ask(path: str) -> httpx.Response:
        for _attempt in range(5):  # snac breaks off some calls
            try:
                return httpx.get(f"{server}/api/v1/accounts/{path}", headers=headers, trust_env=False)
            except httpx.TransportError:
                continue
        raise AssertionError(f"{name} does not answer")

    me = ask("verify_credentials").json()["id"]

    def arrived(folder: Path, mark: str) -> int:
        return sum(mark in status["content"] for status in ask(f"{me}/statuses?limit=40").json())

    return Remote(name, "mastodon", {"server": server}, arrived, {"token": secret}, (place,))


@contextmanager
def bluesky() -> Iterator[Remote]:
    """The personal data server of the AT Protocol.

    Raises:
        MissingError: it cannot be had here.
    """
    with personal_data_server() as server:
        account = server.join("harbour")

        def arrived(folder: Path, mark: str) -> int:
            return sum(mark in post["value"]["text"] for post in server.posts(account))

        details = {"server": server.address, "handle": account.handle}
        yield Remote("bluesky", "bluesky", details, arrived, {"password": account.password}, (server.place,))


REMOTES = {"paper": paper, "mastodon": mastodon, "snac": snac, "bluesky": bluesky}
