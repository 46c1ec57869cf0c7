from __future__ import annotations

from pathlib import Path

from callbox.networks.contract import Ability, Place
from callbox.networks.paper.network import Paper, PaperSession


class PaperHarness:
    """Files in a folder."""

    rows = False
    holes: frozenset[Ability] = frozenset()

    def __init__(self) -> None:
        self.network = Paper()
        self.account = "paper:harbour"

    def start(self, folder: Path) -> None:
        self._folder = folder

    def stop(self) -> None:
        pass

    def session(self) -> PaperSession:
        return self.network.open({"handle": "harbour"}, {}, Place(self._folder))

    def unreachable(self) -> None:
        return None

    def breaking(self) -> None:
        return None

    def reply(self, to: str, text: str) -> None:
        self.session().drop(text, author="resident", parent=to)
