"""The guard of `core.http` for libraries that speak through requests (Mastodon.py): the same transport, the same rules."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from io import BytesIO
from typing import Any, Final

import httpx
import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers

from callbox.core.http import CONNECT_SECONDS, KEPT_SECONDS, MAX_BYTES, TOTAL_SECONDS, GuardedTransport

#: Written anew by the transport for the connection it makes.
_OF_THE_CONNECTION: Final = {"connection", "keep-alive", "transfer-encoding", "accept-encoding"}


class GuardedSession(requests.Session):
    """A session of requests whose every call goes through `GuardedTransport`. It follows no redirect and reads no environment.

    What fails raises `requests.ConnectionError` from `NotReachedError` or `BrokenOffError`: `core.http.never_reached` tells which.
    """

    def __init__(
        self,
        *,
        private: Collection[str] = (),
        limit: int = MAX_BYTES,
        connect: float = CONNECT_SECONDS,
        total: float = TOTAL_SECONDS,
        kept: float = KEPT_SECONDS,
    ) -> None:
        super().__init__()
        self.trust_env = False
        adapter = _Adapter(GuardedTransport(private=private, limit=limit, connect=connect, total=total, kept=kept))
        self.mount("http://", adapter)
        self.mount("https://", adapter)

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002
        """Say that nothing leads elsewhere."""
        return None


class _Adapter(BaseAdapter):
    def __init__(self, transport: GuardedTransport) -> None:
        super().__init__()
        self._transport = transport

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002, FBT001, FBT002 - the signature is that of requests
        timeout: Any = None,  # noqa: ARG002
        verify: Any = True,  # noqa: ARG002, FBT002
        cert: Any = None,  # noqa: ARG002
        proxies: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> requests.Response:
        try:
            answer = self._transport.handle_request(_outgoing(request))
            try:
                body = answer.read()
            finally:
                answer.close()
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise requests.ConnectionError(error, request=request) from error
        return _response(request, answer, body)

    def close(self) -> None:
        self._transport.close()


def _outgoing(request: requests.PreparedRequest) -> httpx.Request:
    body = request.body
    if body is not None and not isinstance(body, (str, bytes)):
        body = body.read() if hasattr(body, "read") else b"".join(body)  # type: ignore[arg-type]  # parts of a body are bytes
    headers = {
        name: value.decode("latin-1") if isinstance(value, bytes) else value
        for name, value in request.headers.items()
        if name.lower() not in _OF_THE_CONNECTION
    }
    return httpx.Request(request.method or "GET", request.url or "", headers=headers, content=body)


def _response(request: requests.PreparedRequest, answer: httpx.Response, body: bytes) -> requests.Response:
    response = requests.Response()
    response.status_code, response.reason = answer.status_code, answer.reason_phrase
    response.headers = CaseInsensitiveDict(answer.headers)
    response.encoding = get_encoding_from_headers(response.headers)
    response.url, response.request = request.url or "", request
    response.raw, response._content = BytesIO(body), body
    return response
