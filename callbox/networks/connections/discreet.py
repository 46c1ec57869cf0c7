"""A session that never tells a secret: what a network answered is freed of our tokens before anybody else reads it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from callbox.networks.contract import NetworkError, Reader, Session, UnclearError
from callbox.networks.storable import storable, web_address
from callbox.networks.vocabulary import Batch, Identity, Receipt, Rendition

#: Shorter values are no tokens, and blotting them out would make an answer unreadable.
SHORTEST = 6


class DiscreetSession:
    """Passes everything on to `inner`. An error of another kind than `NetworkError` becomes one: unclear, where something was changed."""

    def __init__(self, inner: Session, *, account: str, secrets: Collection[str]) -> None:
        self._inner, self._account = inner, account
        longest_first = sorted((each for each in secrets if len(each) >= SHORTEST), key=len, reverse=True)
        self._clean: Callable[[str], str] = lambda said: scrub(
            said, longest_first
        )  # a function shows nobody what it holds

    def __repr__(self) -> str:
        return f"<session of {self._account}>"

    def identity(self) -> Identity:
        """Ask who we are."""
        return self._read(self._inner.identity)

    def publish(self, rendition: Rendition, *, key: str, media: Reader, recipient: str = "") -> Receipt:
        """Publish."""
        return _kept(self._change(lambda: self._inner.publish(rendition, key=key, media=media, recipient=recipient)))

    def find(self, rendition: Rendition, *, key: str, since: datetime) -> Receipt | None:
        """Look for what was published."""
        found = self._read(lambda: self._inner.find(rendition, key=key, since=since))
        return None if found is None else _kept(found)

    def edit(self, remote_id: str, rendition: Rendition, *, key: str, media: Reader) -> Receipt:
        """Change what was published."""
        return _kept(self._change(lambda: self._inner.edit(remote_id, rendition, key=key, media=media)))

    def withdraw(self, remote_id: str) -> None:
        """Take back what was published."""
        self._change(lambda: self._inner.withdraw(remote_id))

    def hide(self, remote_id: str, *, hidden: bool) -> None:
        """Put a comment out of sight, or back."""
        self._change(lambda: self._inner.hide(remote_id, hidden=hidden))

    def exists(self, remote_id: str) -> bool:
        """Whether the network still shows it."""
        return self._read(lambda: self._inner.exists(remote_id))

    def collect(self, cursor: str) -> Batch:
        """Return the next page."""
        return self._read(lambda: self._inner.collect(cursor))

    def close(self) -> None:
        """Let go of connections."""
        self._inner.close()

    def _read[T](self, ask: Callable[[], T]) -> T:
        return self._call(ask, NetworkError)

    def _change[T](self, ask: Callable[[], T]) -> T:
        return self._call(ask, UnclearError)

    def _call[T](self, ask: Callable[[], T], otherwise: type[NetworkError]) -> T:
        try:
            return ask()
        except NetworkError as error:
            error.said = self._clean(error.said)
            error.args = (error.said,)
            failure: NetworkError = error
        except Exception as error:
            failure = otherwise(type(error).__name__)
        failure.__cause__ = failure.__context__ = None
        raise failure.with_traceback(None) from None


def scrub(said: str, secrets: Collection[str]) -> str:
    """Return `said` without any of `secrets`, on one line that can be stored, at most 300 characters."""
    for secret in secrets:
        said = said.replace(secret, "…")
    return " ".join(storable(said).split())[:300]


def _kept(receipt: Receipt) -> Receipt:
    return replace(receipt, remote_id=storable(receipt.remote_id), url=web_address(receipt.url, files=True))
