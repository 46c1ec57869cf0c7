"""Mastodon.py behind the guard, and what its failures mean.

The library keeps the calls and their forms; what came of a call is judged here from the answer itself. Its own handling of limits never
sees the limits (it takes a nonsensical hour in a successful answer for a failure), it never sleeps and never repeats a call.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from callbox.core.http import never_reached
from callbox.networks.contract import (
    CONNECT_SECONDS,
    TOTAL_SECONDS,
    NetworkError,
    NotSentError,
    SignInError,
    UnclearError,
)

if TYPE_CHECKING:
    import requests

#: When a server could not be reached, or says nothing usable about when to come back: seconds.
LATER: Final = 60.0
#: A server that asks for more is asked again after a day: seconds.
LONGEST: Final = 86_400.0
_LIMITS: Final = ("Retry-After", "X-RateLimit-Reset", "X-RateLimit-Remaining", "X-RateLimit-Limit")


class DeclinedError(Exception):
    """A server answered with something else than success."""


class Client:
    """One account of one server. server: its address.  name: its host and port.  api: the library.

    status: of the answer to the last call, None while there is none.  skew: by how many seconds the server's clock is ahead of ours.
    """

    def __init__(self, server: str, token: str, private: frozenset[str]) -> None:
        # Both libraries take half a second to import: only who speaks to the world waits for them.
        from mastodon import Mastodon  # noqa: PLC0415

        from callbox.core.http_requests import GuardedSession  # noqa: PLC0415

        def session(seconds: float) -> GuardedSession:
            # A connection of its own for every call: a server that drops a kept one leaves it open whether the call was heard.
            made = GuardedSession(private=private, connect=CONNECT_SECONDS, total=seconds, kept=0.0)
            made.hooks["response"].append(self._answered)
            return made

        self._session = session
        self._http = session(TOTAL_SECONDS)
        self.status: int | None = None
        self._limits: dict[str, str] = {}
        self.server = base(server)
        self.name = urlsplit(self.server).netloc
        self.skew = 0.0
        self.api = Mastodon(
            api_base_url=self.server,
            session=self._http,
            ratelimit_method="throw",
            version_check_mode="none",
            mastodon_version="4.0.0",  # do not ask which
            user_agent="Callbox",
        )
        self.api.mastodon_major = 4  # the newer form of the media call; without it the server works while we wait
        # Not as an argument: there the library takes it for a file where one has that name.
        self.api.access_token = token
        self._heads = {"Authorization": f"Bearer {token}", "User-Agent": "Callbox"}

    def post_status(self, form: Mapping[str, str | list[str]], *, key: str) -> Any:
        """Post a status and return the answer as it came.

        The one call made without the library, which turns each answer and all it holds into values of its own: more work than everything
        else of a delivery together.

        Raises:
            DeclinedError: the server answered with another status than 2xx.
            ValueError: the answer is no JSON.
        """
        answer = self._http.post(
            f"{self.server}/api/v1/statuses", data=form, headers={**self._heads, "Idempotency-Key": key}
        )
        if not answer.ok:
            raise DeclinedError(_reason(answer))
        return answer.json()

    def upload(self, data: bytes, kind: str, description: str, *, seconds: float) -> Any:
        """Hand over a file within `seconds`: a video takes longer than any other call. kind: its MIME type."""
        with self._session(seconds) as patient:
            self.api.session = patient
            try:
                return self.api.media_post(data, kind, description=description)
            finally:
                self.api.session = self._http

    def close(self) -> None:
        """Let go of connections."""
        self._http.close()

    def _answered(self, response: requests.Response, *_: object, **__: object) -> None:
        self.status = response.status_code
        self._limits = {name: response.headers.pop(name) for name in _LIMITS if name in response.headers}
        response.headers.pop("Deprecation", None)
        date = _http_time(response.headers.get("Date", ""))
        if date is not None:
            self.skew = (date - datetime.now(UTC)).total_seconds()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Calls that change nothing. Everything that is raised inside becomes a `NetworkError`."""
        with self._judged(self._plain):
            yield

    @contextmanager
    def preparing(self) -> Iterator[None]:
        """Calls before the one that counts: whatever fails, nothing was published."""
        with self._judged(lambda error: NotSentError(self._said(error), after=self._after(error))):
            yield

    @contextmanager
    def acting(self) -> Iterator[None]:
        """The one call that changes something."""
        with self._judged(self._acted):
            yield

    @contextmanager
    def _judged(self, meaning: Callable[[Exception], NetworkError]) -> Iterator[None]:
        self.status = None
        try:
            yield
        except NetworkError:
            raise
        except Exception as error:  # the library raises whatever a strange answer makes it stumble over
            if self.status in {401, 403}:
                raise SignInError(self._said(error)) from error
            raise meaning(error) from error

    def _acted(self, error: Exception) -> NetworkError:
        if self._refused(error):
            return NotSentError(self._said(error), after=self._after(error))
        return UnclearError(self._said(error))

    def _plain(self, error: Exception) -> NetworkError:
        if self.status == 429 or never_reached(error):
            return NotSentError(self._said(error), after=self._after(error))
        return NetworkError(self._said(error))

    def _refused(self, error: Exception) -> bool:
        """Whether the server surely did nothing: it was not reached, or it said so itself, or sent us elsewhere."""
        if self.status is None:
            return never_reached(error)
        return 300 <= self.status < 500 and self.status != 408

    def _after(self, error: Exception) -> float | None:
        """Return in how many seconds it may be tried again; None where it would be refused again."""
        if self.status == 429:
            return wait(self._limits, skew=self.skew)
        if self.status is not None and 300 <= self.status < 500 and self.status != 408:
            return None
        if self.status is None and not never_reached(error) and not isinstance(error, OSError):
            return None  # refused by the library before anything was asked
        return LATER

    def _said(self, error: Exception) -> str:
        """Return what happened, for people."""
        if self.status is None:
            return f"{self.server}: {_short(error)}"
        if 300 <= self.status < 400:
            return f"{self.server} sends us to another address ({self.status}); check the server's name"
        own = [str(part) for part in error.args if isinstance(part, str)]
        said = own[-1] if own else type(error).__name__
        return f"{self.server} answered {self.status}: {said}"[:300]


def _reason(answer: requests.Response) -> str:
    """Return what a server says of why it refused, in its own words where it has any."""
    try:
        told = answer.json()
    except ValueError:
        told = None
    said = told.get("error") if isinstance(told, dict) else told
    return stated(said) or stated(answer.reason) or "it did not say why"


def base(server: str) -> str:
    """Return the address of a server from what people type: a name or an address, with or without a path."""
    text = server.strip()
    parts = urlsplit(text if "://" in text else f"https://{text}")
    return f"{parts.scheme}://{parts.netloc}"


def wait(limits: dict[str, str], *, skew: float = 0.0) -> float:
    """Return for how many seconds a server wants to be left alone; nonsense becomes a minute, more than a day a day."""
    now = datetime.now(UTC).timestamp() + skew
    for name in ("Retry-After", "X-RateLimit-Reset"):
        text = limits.get(name, "").strip()
        seconds = _seconds(text, now, absolute=name != "Retry-After")
        if seconds is not None and math.isfinite(seconds) and seconds > 0:
            return min(max(seconds, 1.0), LONGEST)
    return LATER


def _seconds(text: str, now: float, *, absolute: bool) -> float | None:
    try:
        number = float(text)
    except ValueError:
        moment = _http_time(text) or _iso_time(text)
        return None if moment is None else moment.timestamp() - now
    return number - now if absolute else number


def _http_time(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _iso_time(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _short(error: BaseException) -> str:
    """Return the innermost reason in few words."""
    at = error
    while (inner := at.__cause__ or at.__context__) is not None:
        at = inner
    return (str(at) or type(at).__name__)[:200]


def stated(value: Any) -> str:
    """Return a text of an answer, empty for anything else."""
    return value if isinstance(value, str) else ""
