"""The contract's two servers of the Mastodon API: the mock, which knows all of it, and snac, which is real."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from mastodon.errors import MastodonNetworkError

from callbox.networks.contract import Ability, Place
from callbox.networks.mastodon.network import Mastodon
from callbox.networks.mastodon.session import MastodonSession
from tests.core.loopback import hangs_up, loopback
from tests.servers.mastodon_mock import DOMAIN, mastodon_mock, signed_in, token
from tests.servers.processes import free_port
from tests.servers.snac import Daemon, missing, snac

#: Another server learns of a post or of an answer within seconds, not at once.
FEDERATION_SECONDS = 30.0


def until[T](ask: Callable[[], T | None]) -> T:
    """Ask until there is an answer, for as long as two servers may take to tell each other. snac breaks off some calls: asked again."""
    end = time.monotonic() + FEDERATION_SECONDS
    while time.monotonic() < end:
        with suppress(MastodonNetworkError):
            if (found := ask()) is not None:
                return found
        time.sleep(0.2)
    raise AssertionError("the other server was not told in time")


class _Harness:
    rows = False
    holes: frozenset[Ability] = frozenset()

    def __init__(self) -> None:
        self.network = Mastodon()
        self.account = "mastodon:alice@harbour.example"
        self._stack = ExitStack()

    def start(self, folder: Path) -> None:
        """Nothing yet: what only renders needs no server."""

    def stop(self) -> None:
        self._stack.close()

    def at(self, place: str, token: str = "none") -> MastodonSession:
        """Return a session of whatever answers there."""
        return self.network.open(
            {"server": f"http://{place}"}, {"token": token}, Place(Path(), frozenset({place}), self.account)
        )

    def unreachable(self) -> MastodonSession:
        return self.at(f"127.0.0.1:{free_port()}")

    def breaking(self) -> MastodonSession:
        return self.at(self._stack.enter_context(loopback(hangs_up)).name)


class MockHarness(_Harness):
    """The mock."""

    server = place = ""

    def session(self) -> MastodonSession:
        if not self.place:
            server = self._stack.enter_context(mastodon_mock())
            self.server, self.place = server.base_url, f"127.0.0.1:{server.port}"
            self.account = f"mastodon:alice@{DOMAIN}"
        return self.at(self.place, token("alice"))

    def reply(self, to: str, text: str) -> None:
        signed_in(self.server, "bob").status_post(f"@alice {text}", in_reply_to_id=to)


class SnacHarness(_Harness):
    """Two daemons: the agency's and a resident's, who follows the agency."""

    holes = frozenset({Ability.WITHDRAW})  # snac knows no DELETE
    agency: Daemon
    resident: Daemon

    def start(self, folder: Path) -> None:
        if why := missing():
            pytest.skip(why)

    def session(self) -> MastodonSession:
        if not hasattr(self, "agency"):
            self._bring_up()
        return self.at(self.agency.place, self.agency.token)

    def _bring_up(self) -> None:
        self.agency = self._stack.enter_context(snac("alice"))
        self.resident = self._stack.enter_context(snac("bob"))
        self.account = f"mastodon:{self.agency.handle}"
        follow(self.resident, self.agency)

    def reply(self, to: str, text: str) -> None:
        """Answer from the other server, and wait until ours was told."""
        url = until(lambda: self.agency.signed_in().status(to).url)
        there = self.resident.signed_in()
        heard = until(lambda: next((each.id for each in there.timeline_home() if each.url == url), None))
        # snac may take a call that it does not answer; our server tells whether it did.
        with suppress(MastodonNetworkError):
            there.status_post(text, in_reply_to_id=heard)
        here = self.agency.signed_in()
        until(
            lambda: next((True for each in here.notifications() if each.status and text in each.status.content), None)
        )


def follow(who: Daemon, whom: Daemon) -> None:
    """Let one account follow another's, and wait until the other server knows."""
    api = who.signed_in()
    found = until(lambda: next(iter(api.search(f"@{whom.handle}", resolve=True).accounts), None))
    until(lambda: api.account_follow(found.id))
    there = whom.signed_in()
    until(lambda: next((True for each in there.notifications() if each.type == "follow"), None))
