"""The contract's servers of the AT Protocol: the fake one, a personal data server alone, and the whole network with its AppView."""

from __future__ import annotations

import time
import uuid
from contextlib import ExitStack
from pathlib import Path

import pytest

from callbox.networks.bluesky.network import Bluesky
from callbox.networks.bluesky.session import BlueskySession
from callbox.networks.contract import Ability, Place
from tests.core.loopback import hangs_up
from tests.networks.bluesky.fake import HANDLE, PASSWORD, FakeServer
from tests.servers.atproto import Account, MissingError, Server, shared
from tests.servers.processes import free_port

#: The AppView lists a post within a second or two, not at once.
INDEX_SECONDS = 60.0


class _Harness:
    rows = False
    holes: frozenset[Ability] = frozenset()

    def __init__(self) -> None:
        self.network = Bluesky()
        self.account = ""
        self._stack = ExitStack()

    def stop(self) -> None:
        self._stack.close()

    def at(self, place: str, handle: str, password: str) -> BlueskySession:
        """Return a session of whatever answers there; it is closed at the end."""
        settings = {"server": f"http://{place}", "handle": handle}
        session = self.network.open(settings, {"password": password}, Place(Path(), frozenset({place}), self.account))
        self._stack.callback(session.close)
        return session

    def unreachable(self) -> BlueskySession:
        return self.at(f"127.0.0.1:{free_port()}", HANDLE, PASSWORD)

    def breaking(self) -> BlueskySession:
        """Signing in works; the post itself is taken and the line then cut."""
        fake = self._fake()
        fake.after["com.atproto.repo.createRecord"] = hangs_up
        return self.at(fake.place, HANDLE, PASSWORD)

    def _fake(self) -> FakeServer:
        fake = FakeServer()
        self._stack.callback(fake.close)
        return fake


class FakeHarness(_Harness):
    """The fake server."""

    def start(self, folder: Path) -> None:
        self.server = self._fake()
        self.account = f"bluesky:{HANDLE}"

    def session(self) -> BlueskySession:
        return self.at(self.server.place, HANDLE, PASSWORD)

    def reply(self, to: str, text: str) -> None:
        self.server.hear(text, to=to, reason="reply")


class _RealHarness(_Harness):
    """Each test has an account of its own; one that no test signed in to serves the next."""

    whole = False
    _spare: list[Account]

    def __init_subclass__(cls) -> None:
        cls._spare = []

    def start(self, folder: Path) -> None:
        try:
            self.server: Server = shared(whole=self.whole)
        except MissingError as error:
            pytest.skip(str(error))
        self.agency = self._spare.pop() if self._spare else self.server.join("riverton")
        self.account = f"bluesky:{self.agency.handle}"
        self._used = False

    def stop(self) -> None:
        super().stop()
        if not self._used:
            self._spare.append(self.agency)

    def session(self) -> BlueskySession:
        self._used = True
        return self.of(self.agency)

    def of(self, account: Account) -> BlueskySession:
        """Return a session of one of the accounts there."""
        return self.at(self.server.place, account.handle, account.password)

    def reply(self, to: str, text: str) -> None:
        """Answer as the resident, and wait until the AppView has told the agency."""
        answer = self.network.render_reply(text, account=self.account, to=to, language="en").rendition
        resident, agency = self.of(self.server.join("resident")), self.session()
        sent = resident.publish(answer, key=uuid.uuid4().hex, media=lambda sha256: b"")
        end = time.monotonic() + INDEX_SECONDS
        while sent.remote_id not in {each.remote_id for each in agency.collect("").seen}:
            assert time.monotonic() < end, "the AppView did not list it in time"
            time.sleep(0.2)


class ServerHarness(_RealHarness):
    """A personal data server alone: nobody tells us what others answer."""

    holes = frozenset({Ability.COLLECT})


class WholeHarness(_RealHarness):
    """With the AppView."""

    whole = True
