from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from callbox.networks.bluesky.network import Bluesky
from callbox.networks.bluesky.session import BlueskySession
from callbox.networks.contract import Place
from tests.networks.bluesky.fake import HANDLE, FakeServer

type Opener = Callable[..., BlueskySession]


@pytest.fixture
def server() -> Iterator[FakeServer]:
    fake = FakeServer()
    yield fake
    fake.close()


@pytest.fixture
def connect(server: FakeServer) -> Iterator[Opener]:
    """Return a function that opens sessions on the fake server, all of one process."""
    network, opened = Bluesky(), []

    def open_one(password: str = server.password) -> BlueskySession:
        place = Place(Path(), frozenset({server.place}), f"bluesky:{HANDLE}")
        settings = {"server": f"http://{server.place}", "handle": HANDLE}
        opened.append(network.open(settings, {"password": password}, place))
        return opened[-1]

    yield open_one
    for session in opened:
        session.close()


@pytest.fixture
def session(connect: Opener) -> BlueskySession:
    """One session on the fake server."""
    return connect()
