"""Which addresses may be spoken to: public ones, and the private ones that were named.

A name is resolved once, and the address that was judged is the one connected to; so a name that answers differently the second time
(DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection
from typing import Final

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: Prefixes of IPv6 that carry an IPv4 address in their last or middle bytes (RFC 6052, RFC 3056).
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


class AddressRefusedError(OSError):
    """The name leads to no address that may be spoken to. Nothing was sent."""


def is_public(address: Address) -> bool:
    """Whether everybody on the internet means the same machine by it: no private, local, shared, documentation or group address."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast


def address_of(host: str, port: int, private: Collection[str] = ()) -> str:
    """Resolve `host` and return the first address that may be connected to.

    private: "host:port" whose address may be private, as people typed it.

    Raises:
        AddressRefusedError: every address of it is private, and it is not among `private`.
        OSError: the name is not known.
    """
    host = host.strip("[]").rstrip(".")
    known = _named(host, port) in {name.lower().strip() for name in private}
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for *_rest, place in found:
        address = str(place[0]).partition("%")[0]
        if known or is_public(ipaddress.ip_address(address)):
            return address
    raise AddressRefusedError(f"{host}:{port} leads to no public address")


def _named(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host.lower()}:{port}"


def connect(host: str, port: int, *, private: Collection[str] = (), seconds: float) -> socket.socket:
    """Return a connected socket to `host`, for protocols that are not HTTP (SMTP, IMAP).

    seconds: how long connecting may take, and afterwards each read and write.

    Raises:
        AddressRefusedError, OSError: not connected; nothing was sent.
    """
    return socket.create_connection((address_of(host, port, private), port), timeout=seconds)
