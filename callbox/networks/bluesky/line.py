"""The line to a personal data server: calls of the SDK through the guard, signed in, with every failure told as the contract tells it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from atproto_client import models
from atproto_client.client.raw import ClientRaw
from atproto_client.exceptions import RateLimitExceededError, RequestErrorBase
from atproto_client.models.common import XrpcError
from atproto_client.request import Request, RequestBase, Response
from atproto_core.exceptions import AtProtocolError

from callbox.core import http
from callbox.networks.bluesky.tokens import Slot, Tokens
from callbox.networks.contract import NetworkError, NotSentError, SignInError, UnclearError

#: Seconds until the next try when a server is away or does not say when.
LATER: Final = 60.0
LIMITED: Final = 300.0
#: Longest wait a server may ask for, in seconds.
LONGEST: Final = 86_400.0
#: What the SDK, the guard and a nonsensical answer may raise (the SDK lets broken JSON through as ValueError).
FAILURES: Final = (AtProtocolError, httpx.HTTPError, httpx.InvalidURL, ValueError)

_RUN_OUT: Final = {"ExpiredToken", "InvalidToken"}
_SECOND_FACTOR: Final = "AuthFactorTokenRequired"
_REFUSED: Final = {401, 403}
_TOOK_TOO_LONG: Final = 408
_SAID: Final = 300


class _Guarded(Request):
    """The SDK's calls through a client of ours: no redirect is followed, no private address spoken to."""

    def __init__(self, client: httpx.Client) -> None:
        RequestBase.__init__(self)
        self._client = client
        self.add_additional_header("User-Agent", "Callbox")

    def post(self, *args: Any, **kwargs: Any) -> Response:
        """Send bytes as the body; the SDK names them as if they were a form."""
        if isinstance(kwargs.get("data"), bytes):
            kwargs["content"] = kwargs.pop("data")
        return super().post(*args, **kwargs)


class Line:
    """One account's way to its server. `api` is the SDK with the token of the moment; use it inside `read` or `write`."""

    def __init__(self, server: str, handle: str, password: str, *, private: frozenset[str], slot: Slot) -> None:
        address = server.strip().rstrip("/")
        address = address if "://" in address else f"https://{address}"
        self._handle, self._password, self._slot = handle, password, slot
        self._safe = address.startswith("https://") or urlsplit(address).netloc in private
        self._http = http.client(private=private)
        self._door = ClientRaw(base_url=address, request=_Guarded(self._http))
        signed = _Guarded(self._http)
        signed.add_additional_headers_source(lambda: {"Authorization": f"Bearer {self.tokens().access}"})
        self.api = ClientRaw(base_url=address, request=signed)

    def close(self) -> None:
        """Let go of connections; the tokens stay."""
        self._http.close()

    def read[T](self, ask: Callable[[], T]) -> T:
        """Ask; when the token had run out, once more with a new one.

        Raises:
            NotSentError, SignInError: no answer.
        """
        used = self.tokens()
        try:
            return ask()
        except FAILURES as error:
            if error_name(error) not in _RUN_OUT:
                raise failure(error, writing=False) from error
        self._renew(used)
        try:
            return ask()
        except FAILURES as error:
            raise failure(error, writing=False) from error

    def write[T](self, do: Callable[[], T]) -> T:
        """Do it, once. A token that had run out is renewed for the next time.

        Raises:
            NotSentError, SignInError: it was not done.
            UnclearError: it may have been.
        """
        used = self.tokens()
        try:
            return do()
        except FAILURES as error:
            if error_name(error) in _RUN_OUT:
                self._renew(used)
                raise NotSentError("the sign-in had run out and was renewed", after=1.0) from error
            raise failure(error, writing=True) from error

    def tokens(self) -> Tokens:
        """Return tokens that are good for now; sign in or renew them where needed.

        Raises:
            NotSentError: the server does not answer.
            SignInError: it does not accept the password.
        """
        tokens = self._slot.tokens
        if tokens is not None and not tokens.old:
            return tokens
        return self._renew(tokens)

    def _renew(self, used: Tokens | None) -> Tokens:
        """Return newer tokens than `used`; where another session was faster, its."""
        with self._slot.lock:
            now = self._slot.tokens
            if now is None or now is used:
                now = self._slot.tokens = (used and self._refreshed(used)) or self._signed_in()
            return now

    def _refreshed(self, used: Tokens) -> Tokens | None:
        headers = {"Authorization": f"Bearer {used.refresh}"}
        try:
            given = self._door.com.atproto.server.refresh_session(headers=headers)
        except FAILURES as error:
            if _status(error) in {400, *_REFUSED}:
                return None  # too old or revoked: the password decides
            raise failure(error, writing=False) from error
        return Tokens(given.did, given.handle, given.access_jwt, given.refresh_jwt)

    def _signed_in(self) -> Tokens:
        if not self._safe:
            raise NotSentError(
                "the server's address must begin with https://, or others could read the password on its way"
            )
        data = models.ComAtprotoServerCreateSession.Data(identifier=self._handle, password=self._password)
        try:
            given = self._door.com.atproto.server.create_session(data)
        except FAILURES as error:
            if error_name(error) == _SECOND_FACTOR:
                raise SignInError(
                    "this is the password of the account itself; make an app password for Callbox"
                ) from error
            raise failure(error, writing=False) from error
        return Tokens(given.did, given.handle, given.access_jwt, given.refresh_jwt)


def error_name(error: Exception) -> str:
    """Return the protocol's own name of an error, empty without one."""
    content = _content(error)
    return str(content.error) if content else ""


def failure(error: Exception, *, writing: bool) -> NetworkError:
    """Return what the contract calls a failed call. writing: whether it would have changed something."""
    status, said = _status(error), _said(error)
    if isinstance(error, RateLimitExceededError):
        return NotSentError(said, after=_wait(error))
    if status in _REFUSED:
        return SignInError(said)
    if status is not None and 300 <= status < 500 and status != _TOOK_TOO_LONG:
        return NotSentError(said)
    if writing and not http.never_reached(error):
        return UnclearError(said)
    return NotSentError(said, after=LATER)


def _wait(error: RateLimitExceededError) -> float:
    """Return the seconds a server asks us to wait (`retry-after`, or until `ratelimit-reset`); five minutes where that makes no sense."""
    asked = error.retry_after
    if asked is None:
        headers: Mapping[str, Any] = error.response.headers if error.response else {}
        try:
            asked = float(headers.get("ratelimit-reset", "")) - time.time()
        except ValueError:
            return LIMITED
    if not math.isfinite(asked) or asked <= 0:
        return LIMITED
    return min(asked, LONGEST)


def _content(error: Exception) -> XrpcError | None:
    response = error.response if isinstance(error, RequestErrorBase) else None
    return response.content if response and isinstance(response.content, XrpcError) else None


def _status(error: Exception) -> int | None:
    response = error.response if isinstance(error, RequestErrorBase) else None
    return response.status_code if response else None


def _said(error: Exception) -> str:
    content, status = _content(error), _status(error)
    if content:
        said = content.message or content.error
    elif status is not None:
        said = f"the server answered {status}"
    elif isinstance(error, ValueError):
        said = "the server's answer makes no sense"
    else:
        said = str(error.__cause__ or error) or "the server did not answer"
    return said[:_SAID]
