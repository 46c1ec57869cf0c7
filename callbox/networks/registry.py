"""Every kind of network, written out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

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


def spoken(account: str) -> str:
    """Return an account as people call it: "police@social.example (Mastodon)"; what names no network of ours is left as it is."""
    kind, colon, handle = account.partition(":")
    return f"{handle} ({NETWORKS[kind].label})" if colon and kind in NETWORKS else account


def for_people(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a reason with its account as people call it."""
    return {name: spoken(str(value)) if name == "account" else value for name, value in values.items()}
