"""The newsroom for the contract test: rows of the test database."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from callbox.networks.connections.models import Connection
from callbox.networks.contract import Ability, Place, Session
from callbox.networks.newsroom.network import Newsroom
from tests.people.cast import make_cast


class NewsroomHarness:
    """An agency with a newsroom."""

    network = Newsroom()
    account = "newsroom:harbour"
    rows = True
    holes: frozenset[Ability] = frozenset()

    def start(self, folder: Path) -> None:
        """Write the agency and its connection."""
        cast = make_cast()
        self._folder = folder
        self._row = Connection.objects.create(
            agency=cast.agency, account=self.account, by=cast.bob, at=timezone.now()
        ).pk

    def stop(self) -> None:
        """The test's transaction takes everything back."""

    def session(self) -> Session:
        """Return a session of the newsroom."""
        return self.network.open({}, {}, Place(folder=self._folder, account=self.account, connection=self._row))

    def unreachable(self) -> Session | None:
        """Rows are always reached."""
        return None

    def breaking(self) -> Session | None:
        """A transaction never breaks half-way."""
        return None

    def reply(self, to: str, text: str) -> None:
        """Nobody writes to the newsroom."""
        raise AssertionError((to, text))
