"""The networks a publication is killed on, each with a way to count what really arrived."""

from __future__ import annotations

import json
import sys
import tempfile
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

    arrived: given the point's folder and its mark, how many public posts carry the mark.  operations: what can be done there.
    picture: whether messages carry one.  recipient: of a letter.
    """

    name: str
    kind: str
    details: Mapping[str, str]
    arrived: Callable[[Path, str], int]
    secrets: Mapping[str, str] = field(default_factory=dict)
    places: tuple[str, ...] = ()
    operations: tuple[str, ...] = ("publish", "edit", "withdraw")
    picture: bool = True
    recipient: str = ""


@contextmanager
def paper() -> Iterator[Remote]:
    """Files in the point's own folder."""

    def arrived(folder: Path, mark: str) -> int:
        posts = (json.loads(file.read_bytes()) for file in (folder / "paper" / "harbour").glob("*.json"))
        return sum(mark in post["shown"]["text"] for post in posts if not post["withdrawn"])

    yield Remote("paper", "paper", {"handle": "harbour"}, arrived, picture=False)


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
        yield Remote(
            "bluesky",
            "bluesky",
            details,
            arrived,
            {"password": account.password},
            (server.place,),
            ("publish", "withdraw"),
        )


@contextmanager
def email() -> Iterator[Remote]:
    """A mail server, which keeps each letter in a file. Nothing can be looked for there, edited or taken back."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="callbox-mail-") as name:
        box = Path(name, "box")  # made by the server
        command = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}"]
        command += ["-c", "aiosmtpd.handlers.Mailbox", str(box)]

        def arrived(folder: Path, mark: str) -> int:
            return sum(mark in file.read_text() for file in (box / "new").iterdir())

        with running(command, ready=lambda: listens(port)):
            yield Remote(
                "email", "email", {"server": "127.0.0.1", "port": str(port), "security": "none", "sender": "news@harbour.example",
                "name": "Harbour", "unsubscribe": "https://portal.harbour.example/u/{key}"}, arrived, {"user": "", "password": "none"},
                (f"127.0.0.1:{port}",), ("publish",), picture=False, recipient="ada@resident.example",
            )  # fmt: skip


REMOTES = {"paper": paper, "mastodon": mastodon, "snac": snac, "bluesky": bluesky, "email": email}
