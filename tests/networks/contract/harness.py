"""What a network brings so that the contract test can hold it to its word.

To add a network:

1. Write a class with the members of `Harness` beside your tests, for instance `tests/networks/mastodon/harness.py`. `start` brings up
   whatever answers (a fake server on a free port of this machine, or a real one) and `stop` ends it by its own handle.
2. Add one line to `HARNESSES` in `tests/networks/contract/harnesses.py`. A harness of a real server that must be installed first gets
   `marks=pytest.mark.networks`; one with rows of its own (the newsroom) sets `rows = True` and gets `marks=pytest.mark.django_db`.
3. `pytest tests/networks/contract -k <its name>`.

What a network does not declare in `abilities` is not asked of it, except that asking raises `NetworkError`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from callbox.networks.contract import Ability, Network, Session


class Harness(Protocol):
    """A network that answers on this machine. account: "<network>:<handle>".  limit_unit: one sign that counts as one.

    rows: whether a session needs the database.  holes: what this server cannot do although its network can.
    """

    network: Network
    account: str
    rows: bool
    holes: frozenset[Ability]

    def start(self, folder: Path) -> None:
        """Bring it up; files may be written below `folder`."""
        ...

    def stop(self) -> None:
        """End what `start` brought up."""
        ...

    def session(self) -> Session:
        """Return a session of the account, signed in."""
        ...

    def unreachable(self) -> Session | None:
        """Return a session whose server surely hears nothing; None where that cannot be (files, rows)."""
        ...

    def breaking(self) -> Session | None:
        """Return a session whose server takes what it is sent and then breaks off; None where that cannot be."""
        ...

    def reply(self, to: str, text: str) -> None:
        """Let a resident answer the post `to`, for networks that collect."""
        ...
