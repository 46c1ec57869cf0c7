"""The only way out by HTTP: to public addresses alone, without redirects, within a time and a size, and clear about what may have happened.

Two kinds of failure matter. `NotReachedError`: no byte of the request left, so it was surely not carried out. `BrokenOffError`: the request
began, so it may have been. `never_reached` tells them apart through whatever a library wraps around them.

A name is resolved once and the address judged is the one connected to; the host's name stays in SNI and `Host`. No proxy, no `.netrc`,
nothing from the environment.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Final

import httpcore
import httpx

from callbox.core.address import address_of

CONNECT_SECONDS: Final = 5.0
TOTAL_SECONDS: Final = 30.0
#: A connection is used again within this span, in seconds.
KEPT_SECONDS: Final = 5.0
#: An answer larger than this is cut off, in bytes.
MAX_BYTES: Final = 8_000_000


class NotReachedError(httpx.ConnectError):
    """Nothing was sent: the name is unknown, the address private, the connection or its encryption did not come about."""


class BrokenOffError(httpx.ReadError):
    """The request began and its answer did not arrive whole: it may have been carried out."""


class TooMuchError(BrokenOffError):
    """The answer is larger than allowed, or packed although it was asked for plain."""


def never_reached(error: BaseException) -> bool:
    """Whether `error`, or what it was raised from or during, says that surely nothing was sent; False when unsure."""
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        if isinstance(at, NotReachedError | httpx.InvalidURL | httpx.UnsupportedProtocol):
            return True
        if isinstance(at, BrokenOffError):
            return False
        seen.add(id(at))
        at = at.__cause__ or at.__context__
    return False


class _Clock(threading.local):
    """When the call under way in this thread must be over."""

    end: float = float("inf")

    def left(self, most: float | None) -> float:
        left = max(0.001, self.end - time.monotonic())
        return left if most is None else min(left, most)


class _Stream(httpcore.NetworkStream):
    """A connection whose every step ends when the whole call must."""

    def __init__(self, stream: httpcore.NetworkStream, clock: _Clock) -> None:
        self._stream, self._clock = stream, clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._clock.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._clock.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, self._clock.left(timeout)), self._clock)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Connects to the one address that was judged."""

    def __init__(self, private: Collection[str], clock: _Clock) -> None:
        self._plain, self._private, self._clock = httpcore.SyncBackend(), frozenset(private), clock

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            address = address_of(host, port, self._private)
        except (OSError, ValueError) as error:
            raise httpcore.ConnectError(str(error)) from error
        stream = self._plain.connect_tcp(address, port, self._clock.left(timeout), local_address, socket_options)
        return _Stream(stream, self._clock)


class GuardedTransport(httpx.BaseTransport):
    """What `client` and the libraries of the networks send through.

    private: "host:port" that may have private addresses.  limit: bytes of an answer.  connect, total: seconds.
    quiet: for an answer that has no end: seconds it may be silent; `total` then counts until it begins.
    """

    def __init__(
        self,
        *,
        private: Collection[str] = (),
        limit: int = MAX_BYTES,
        connect: float = CONNECT_SECONDS,
        total: float = TOTAL_SECONDS,
        kept: float = KEPT_SECONDS,
        quiet: float | None = None,
    ) -> None:
        self._quiet = quiet
        self._clock, self._limit, self._connect, self._total = _Clock(), limit, connect, total
        context = _context()
        self._inner = httpx.HTTPTransport(verify=context, trust_env=False)
        self._inner._pool = httpcore.ConnectionPool(  # the one place where httpx takes no network of ours
            ssl_context=context,
            max_connections=10,
            keepalive_expiry=kept,
            retries=0,
            network_backend=_Backend(private, self._clock),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send it.

        Raises:
            NotReachedError: no byte of it left.
            BrokenOffError: it may have been carried out.
        """
        self._clock.end = time.monotonic() + self._total
        request.headers["Accept-Encoding"] = "identity"  # so that the size on the wire is the size
        span = {
            "connect": self._connect,
            "read": self._quiet or self._total,
            "write": self._total,
            "pool": self._connect,
        }
        request.extensions = {**request.extensions, "timeout": span}
        try:
            response = self._inner.handle_request(request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
            raise NotReachedError(_said(error, "not reached"), request=request) from error
        except httpx.LocalProtocolError as error:  # refused by our own side before anything was written
            raise NotReachedError(_said(error, "not a request"), request=request) from error
        except httpx.TransportError as error:
            raise BrokenOffError(_said(error, "broken off"), request=request) from error
        if self._quiet is not None:
            self._clock.end = float("inf")
        body = _Body(response, request, self._limit)
        if response.headers.get("Content-Encoding", "identity").lower() not in {"", "identity"}:
            body.close()
            raise TooMuchError("the answer is packed although it was asked for plain", request=request)
        return httpx.Response(
            response.status_code, headers=response.headers, stream=body, extensions=response.extensions
        )

    def close(self) -> None:
        """Let go of connections."""
        self._inner.close()


class _Body(httpx.SyncByteStream):
    """The answer's bytes, up to the limit."""

    def __init__(self, response: httpx.Response, request: httpx.Request, limit: int) -> None:
        self._response, self._request, self._limit = response, request, limit

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        try:
            for part in self._response.stream:  # type: ignore[union-attr]  # a synchronous transport gives a synchronous stream
                size += len(part)
                if size > self._limit:
                    raise TooMuchError(f"the answer is larger than {self._limit:,} bytes", request=self._request)
                yield part
        except BrokenOffError:
            raise
        except httpx.TransportError as error:
            raise BrokenOffError(_said(error, "the answer broke off"), request=self._request) from error

    def close(self) -> None:
        self._response.close()


def client(
    *,
    private: Collection[str] = (),
    limit: int = MAX_BYTES,
    headers: Mapping[str, str] | None = None,
    base_url: str = "",
    connect: float = CONNECT_SECONDS,
    total: float = TOTAL_SECONDS,
) -> httpx.Client:
    """Return a client that sends through the guard. An answer that points elsewhere is returned, not followed; close it after use."""
    return httpx.Client(
        transport=GuardedTransport(private=private, limit=limit, connect=connect, total=total),
        headers=dict(headers or {}),
        base_url=base_url,
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(total, connect=connect),
    )


@cache
def _context() -> ssl.SSLContext:
    """Return what is trusted, read once a process: reading it takes 40 ms."""
    return httpx.create_ssl_context(trust_env=False)


def _said(error: Exception, otherwise: str) -> str:
    return str(error) or otherwise
