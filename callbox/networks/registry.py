"""Every kind of network, written out."""

from __future__ import annotations

from typing import Final

from callbox.networks.bluesky.network import Bluesky
from callbox.networks.contract import Network
from callbox.networks.email.network import Email
from callbox.networks.mastodon.network import Mastodon
from callbox.networks.newsroom.network import Newsroom
from callbox.networks.paper.network import Paper

NETWORKS: Final[dict[str, Network]] = {
    each.kind: each
    for each in (
        Paper(),
        Mastodon(),
        Bluesky(),
        Newsroom(),
        Email(),
    )
}


def network(kind: str) -> Network:
    """Return the network of a kind.

    Raises:
        KeyError: there is none.
    """
    return NETWORKS[kind]


def network_of(account: str) -> Network:
    """Return the network of an account, "<network>:<handle>".

    Raises:
        KeyError: there is none.
    """
    return network(account.partition(":")[0])
