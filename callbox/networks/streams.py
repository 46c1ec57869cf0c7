"""Every kind of public stream, written out. Callers use `open_stream` and know no network's own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

from callbox.networks.bluesky.firehose import Firehose
from callbox.networks.bluesky.jetstream import Jetstream
from callbox.networks.feeds.polling import Feed
from callbox.networks.mastodon.streaming import PublicStream
from callbox.networks.stream import Barred, Stream, nowhere

#: Kind of source -> its stream from an address, its secrets, the "host:port" that may be private, and the hosts it is not to be led to.
_STREAMS: Final[dict[str, Callable[[str, Mapping[str, str], frozenset[str], Barred], Stream]]] = {
    "jetstream": lambda address, _secrets, private, _barred: Jetstream(address, private),
    "firehose": lambda address, _secrets, private, _barred: Firehose(address, private),
    "mastodon": lambda address, secrets, private, barred: PublicStream(
        address, secrets.get("token", ""), private, barred
    ),
    "feed": lambda address, _secrets, private, barred: Feed(address, private, barred=barred),
}


def open_stream(
    kind: str, address: str, *, secrets: Mapping[str, str], private: frozenset[str], barred: Barred = nowhere
) -> Stream:
    """Return the stream of a source. Nothing is asked of its server yet.

    kind: "jetstream", "firehose", "mastodon" or "feed".  secrets: what the server asks for; Mastodon takes a "token".
    private: "host:port" whose private addresses may be spoken to (`core.http`).  barred: hosts that it does not follow to.

    Raises:
        KeyError: there is no such kind.
    """
    return _STREAMS[kind](address if _is_address(address) else "", secrets, private, barred)


def _is_address(address: str) -> bool:
    """Whether it can be taken apart; what it is good for is found out, and said, when it is listened to."""
    try:
        return urlsplit(address).port != 0
    except ValueError:
        return False
